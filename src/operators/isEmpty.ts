import type { CheckpointedOperator } from './base/CheckpointedObservable.js';
import type { SyncOperator } from './base/SyncSubscriber.js';
import { syncOperator } from './base/SyncSubscriber.js';

/**
 * Tells whether the source completes without a value: emits `false` at the first value, or `true` at the end, and
 * completes.
 *
 * **Checkpoint:** nothing: as long as it runs there was no value. A restore repeats nothing.
 *
 * ```text
 * source  ---%---|
 *         isEmpty()
 * result  ---%---(t|)      t = true
 * ```
 *
 * @example
 * const noFlights$ = flights$.pipe(isEmpty());
 */
export function isEmpty<T>(): CheckpointedOperator<T, boolean> {
  return syncOperator(isEmptyOperator as SyncOperator<T, boolean, null, null>, null, () => null, false);
}

const isEmptyOperator: SyncOperator<unknown, boolean, null, null> = {
  operator: 'isEmpty',
  next() {
    const { dest } = this;
    try {
      this.out.next(false);
      dest.complete();
    } catch (error) {
      dest.error(error);
    }
  },
  finish() {
    this.out.next(true);
  },
  capture: () => null,
  restore: () => null,
};
