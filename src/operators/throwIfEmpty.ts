import { EmptyError } from 'rxjs';

import type { MonoTypeOperatorFunction } from './base/CheckpointedObservable.js';
import { emptiness } from './emptiness.js';
import type { SyncOperator } from './base/SyncSubscriber.js';
import { syncOperator } from './base/SyncSubscriber.js';

/**
 * Fails if the source completes without a value; lets all values through.
 *
 * **Checkpoint:** whether there was a value. A restore repeats nothing.
 *
 * ```text
 * source  ---%---|
 *         throwIfEmpty()
 * result  ---%---#
 * ```
 *
 * @example
 * const found$ = hits$.pipe(throwIfEmpty(() => new Error('not found')));
 * @param errorFactory - makes the error; RxJS's `EmptyError` by default.
 * @throws what `errorFactory` returns or throws goes to the subscriber as an error.
 */
export function throwIfEmpty<T>(errorFactory: () => unknown = () => new EmptyError()): MonoTypeOperatorFunction<T> {
  return syncOperator(throwIfEmptyOperator as SyncOperator<T, T, boolean, () => unknown>, errorFactory, () => false);
}

const throwIfEmptyOperator: SyncOperator<unknown, unknown, boolean, () => unknown> = {
  operator: 'throwIfEmpty',
  ...emptiness,
  finish() {
    if (this.s) return;
    const { args: errorFactory } = this;
    throw errorFactory();
  },
};
