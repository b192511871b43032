import type { CheckpointedOperator } from './base/CheckpointedObservable.js';
import type { SyncOperator } from './base/SyncSubscriber.js';
import { syncOperator } from './base/SyncSubscriber.js';

/**
 * Emits the same `value` for each value of the source.
 *
 * **Checkpoint:** nothing. A restore repeats nothing.
 *
 * ```text
 * source  -1-2-%-3-|
 *         mapTo('x')
 * result  -x-x-%-x-|
 * ```
 *
 * @example
 * const ticks$ = clicks$.pipe(mapTo('click'));
 * @param value - what to emit.
 * @deprecated Use `map(() => value)` instead.
 */
export function mapTo<R>(value: R): CheckpointedOperator<unknown, R>;
/** @deprecated Use `map(() => value)` instead. */
export function mapTo<T, R>(value: R): CheckpointedOperator<T, R>;
export function mapTo<T, R>(value: R): CheckpointedOperator<T, R> {
  return syncOperator(mapToOperator as SyncOperator<T, R, null, R>, value, () => null, false);
}

const mapToOperator: SyncOperator<unknown, unknown, null, unknown> = {
  operator: 'mapTo',
  next() {
    try {
      this.out.next(this.args);
    } catch (error) {
      this.dest.error(error);
    }
  },
  capture: () => null,
  restore: () => null,
};
