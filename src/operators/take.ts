import type { Observable, OperatorFunction, Subscriber } from 'rxjs';
import { EMPTY } from 'rxjs';

import { arrayNode } from '../sources/arrayNode.js';
import type { CheckpointedOperator } from './base/CheckpointedObservable.js';
import { CheckpointedObservable } from './base/CheckpointedObservable.js';
import type { Site } from './base/Site.js';
import { syncOperator, SyncSubscriber } from './base/SyncSubscriber.js';

/**
 * Lets the first `count` values through, then completes and unsubscribes from the source. With a `count` of 0 or less
 * it completes at once and never subscribes to the source.
 *
 * **Checkpoint:** how many values there were so far. A restore repeats nothing, and takes what is missing to `count`.
 *
 * ```text
 * source  -1-2-%-3-4-|
 *         take(3)
 * result  -1-2-%-(3|)
 * ```
 *
 * @example
 * const firstTen$ = flights$.pipe(take(10));
 * @param count - how many values to let through.
 */
export function take<T>(count: number): CheckpointedOperator<T, T> {
  if (count <= 0) return takeNone as OperatorFunction<T, T> as CheckpointedOperator<T, T>;
  return syncOperator<T, T>({
    operator: 'take',
    isStateful: true,
    create: (dest, site) => new TakeSubscriber(dest, site, count),
  });
}

function takeNone(source: Observable<unknown>): Observable<never> {
  return source instanceof CheckpointedObservable ? arrayNode<never>('take', []) : EMPTY;
}

interface TakeState {
  seen: number;
}

class TakeSubscriber<T> extends SyncSubscriber<T, T, TakeState> {
  s: TakeState = { seen: 0 };

  constructor(
    dest: Subscriber<T>,
    site: Site | null,
    private readonly count: number,
  ) {
    super(dest, site);
  }

  override next(value: T): void {
    if (this.isStopped) return this.late(value);
    const { dest, s, count } = this;
    try {
      if (++s.seen > count) return;
      dest.next(value);
      // Not `seen` as it was before: a value that came in meanwhile has been counted.
      if (s.seen >= count) dest.complete();
    } catch (error) {
      dest.error(error);
    }
  }

  protected captureState(): TakeState {
    return { ...this.s };
  }

  protected restoreState(state: TakeState): void {
    this.s = { ...state };
  }
}
