import type { MonoTypeOperatorFunction } from './base/CheckpointedObservable.js';
import { counting, startCounting } from './base/counting.js';
import type { SyncOperator } from './base/SyncSubscriber.js';
import { syncOperator } from './base/SyncSubscriber.js';

/**
 * Leaves out the first `count` values and lets all others through.
 *
 * **Checkpoint:** how many values there were so far. A restore repeats nothing, and leaves out what is missing to
 * `count`.
 *
 * ```text
 * source  -1-2-%-3-4-|
 *         skip(3)
 * result  -----%---4-|
 * ```
 *
 * @example
 * const withoutHeader$ = lines$.pipe(skip(1));
 * @param count - how many values to leave out.
 */
export function skip<T>(count: number): MonoTypeOperatorFunction<T> {
  return syncOperator(skipOperator as SyncOperator<T, T, number, number>, count, startCounting);
}

const skipOperator: SyncOperator<unknown, unknown, number, number> = {
  operator: 'skip',
  ...counting,
  next(value) {
    try {
      if (this.args <= this.s++) this.out.next(value);
    } catch (error) {
      this.dest.error(error);
    }
  },
};
