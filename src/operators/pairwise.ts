import type { Capture } from '../checkpoint/protocol/Capture.js';
import type { Revival } from '../checkpoint/protocol/Revival.js';
import type { CheckpointedOperator } from './base/CheckpointedObservable.js';
import type { SyncOperator } from './base/SyncSubscriber.js';
import { syncOperator } from './base/SyncSubscriber.js';

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
  return syncOperator(pairwiseOperator as SyncOperator<T, [T, T], PairwiseState, null>, null, () => ({
    hasPrevious: false,
    previous: undefined,
  }));
}

interface PairwiseState {
  hasPrevious: boolean;
  previous: unknown;
}

const pairwiseOperator: SyncOperator<unknown, [unknown, unknown], PairwiseState, null> = {
  operator: 'pairwise',
  next(value) {
    const { s } = this;
    const { hasPrevious, previous } = s;
    s.hasPrevious = true;
    s.previous = value;
    try {
      if (hasPrevious) this.out.next([previous, value]);
    } catch (error) {
      this.dest.error(error);
    }
  },
  capture: ({ hasPrevious, previous }, capture: Capture) => ({
    hasPrevious,
    previous: capture.held(previous, 'previous'),
  }),
  restore: ({ hasPrevious, previous }, revival: Revival) => ({ hasPrevious, previous: revival.held(previous) }),
};
