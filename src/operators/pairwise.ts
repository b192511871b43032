import type { Capture } from '../checkpoint/protocol/Capture.js';
import type { Revival } from '../checkpoint/protocol/Revival.js';
import type { CheckpointedOperator } from './base/CheckpointedObservable.js';
import { syncOperator, SyncSubscriber } from './base/SyncSubscriber.js';

/**
 * Emits each value together with the one before it, from the second value on.
 *
 * **Checkpoint:** the last value. A restore repeats nothing.
 *
 * ```text
 * source  -1-2-%-3-|
 *         pairwise()
 * result  ---a-%-b-|      a = [1, 2], b = [2, 3]
 * ```
 *
 * @example
 * const changes$ = prices$.pipe(pairwise(), map(([before, now]) => now - before));
 */
export function pairwise<T>(): CheckpointedOperator<T, [T, T]> {
  return syncOperator<T, [T, T]>({
    operator: 'pairwise',
    isStateful: true,
    create: (dest, site) => new PairwiseSubscriber(dest, site),
  });
}

interface PairwiseState<T> {
  hasPrevious: boolean;
  previous: T | undefined;
}

class PairwiseSubscriber<T> extends SyncSubscriber<T, [T, T], PairwiseState<T>> {
  s: PairwiseState<T> = { hasPrevious: false, previous: undefined };

  override next(value: T): void {
    if (this.isStopped) return this.late(value);
    const { dest, s } = this;
    const { hasPrevious, previous } = s;
    s.hasPrevious = true;
    s.previous = value;
    try {
      if (hasPrevious) dest.next([previous as T, value]);
    } catch (error) {
      dest.error(error);
    }
  }

  protected captureState(capture: Capture): PairwiseState<T> {
    const { hasPrevious, previous } = this.s;
    return { hasPrevious, previous: capture.held(previous, 'previous') };
  }

  protected restoreState(state: PairwiseState<T>, revival: Revival): void {
    this.s = { hasPrevious: state.hasPrevious, previous: revival.held(state.previous) };
  }
}
