import type { CheckpointedOperator } from './base/CheckpointedObservable.js';
import { emptiness } from './emptiness.js';
import type { SyncOperator } from './base/SyncSubscriber.js';
import { syncOperator } from './base/SyncSubscriber.js';

/**
 * Emits `defaultValue` if the source completes without a value; lets all values through.
 *
 * **Checkpoint:** whether there was a value. A restore repeats nothing.
 *
 * ```text
 * source  ---%---|
 *         defaultIfEmpty(0)
 * result  ---%---(0|)
 * ```
 *
 * @example
 * const delay$ = delays$.pipe(defaultIfEmpty(0));
 * @param defaultValue - what to emit when there was no value.
 */
export function defaultIfEmpty<T, R>(defaultValue: R): CheckpointedOperator<T, T | R> {
  return syncOperator(defaultIfEmptyOperator as SyncOperator<T, T | R, boolean, R>, defaultValue, () => false);
}

const defaultIfEmptyOperator: SyncOperator<unknown, unknown, boolean, unknown> = {
  operator: 'defaultIfEmpty',
  ...emptiness,
  finish() {
    if (!this.s) this.out.next(this.args);
  },
};
