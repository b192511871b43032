import type { Subscriber } from 'rxjs';

import type { Capture } from '../checkpoint/protocol/Capture.js';
import type { Revival } from '../checkpoint/protocol/Revival.js';
import type { CheckpointedOperator } from './base/CheckpointedObservable.js';
import type { Site } from './base/Site.js';
import { syncOperator, SyncSubscriber } from './base/SyncSubscriber.js';

/**
 * Leaves out values that are the same as the last one that it let through.
 *
 * **Checkpoint:** the key of the last value that it let through. A restore repeats nothing as long as keys are compared
 * by what they contain. A key that is an object comes back as a copy, so it is not `===` to any other: give a
 * `comparator`, or a `keySelector` that picks something primitive.
 *
 * ```text
 * source  -1-1-%-1-2-|
 *         distinctUntilChanged()
 * result  -1---%---2-|
 * ```
 *
 * @example
 * const moves$ = positions$.pipe(distinctUntilChanged((a, b) => a.lat === b.lat && a.lon === b.lon));
 * @param comparator - whether two keys are the same; `===` by default.
 * @param keySelector - what to compare values by; themselves by default.
 * @throws what `comparator` or `keySelector` throws goes to the subscriber as an error.
 */
export function distinctUntilChanged<T>(comparator?: (previous: T, current: T) => boolean): CheckpointedOperator<T, T>;
export function distinctUntilChanged<T, K>(
  comparator: (previous: K, current: K) => boolean,
  keySelector: (value: T) => K,
): CheckpointedOperator<T, T>;
export function distinctUntilChanged<T, K>(
  comparator?: ((previous: K, current: K) => boolean) | null,
  keySelector: (value: T) => K = itself as unknown as (value: T) => K,
): CheckpointedOperator<T, T> {
  const isSame = comparator ?? isIdentical;
  return syncOperator<T, T>({
    operator: 'distinctUntilChanged',
    isStateful: true,
    create: (dest, site) => new DistinctUntilChangedSubscriber(dest, site, isSame, keySelector),
  });
}

interface DistinctUntilChangedState<K> {
  hasKey: boolean;
  key: K | undefined;
}

class DistinctUntilChangedSubscriber<T, K> extends SyncSubscriber<T, T, DistinctUntilChangedState<K>> {
  s: DistinctUntilChangedState<K> = { hasKey: false, key: undefined };

  constructor(
    dest: Subscriber<T>,
    site: Site | null,
    private readonly isSame: (previous: K, current: K) => boolean,
    private readonly keySelector: (value: T) => K,
  ) {
    super(dest, site);
  }

  override next(value: T): void {
    if (this.isStopped) return this.late(value);
    const { dest, s, isSame, keySelector } = this;
    try {
      const key = keySelector(value);
      if (s.hasKey && isSame(s.key as K, key)) return;
      s.hasKey = true;
      s.key = key;
      dest.next(value);
    } catch (error) {
      dest.error(error);
    }
  }

  protected captureState(capture: Capture): DistinctUntilChangedState<K> {
    const { hasKey, key } = this.s;
    return { hasKey, key: capture.held(key, 'key') };
  }

  protected restoreState(state: DistinctUntilChangedState<K>, revival: Revival): void {
    this.s = { hasKey: state.hasKey, key: revival.held(state.key) };
  }
}

function itself(value: unknown): unknown {
  return value;
}

function isIdentical(a: unknown, b: unknown): boolean {
  return a === b;
}
