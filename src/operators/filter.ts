import type { TruthyTypesOf } from 'rxjs';

import type { CheckpointedOperator, MonoTypeOperatorFunction } from './base/CheckpointedObservable.js';
import { bindThis } from './base/bindThis.js';
import { counting, startCounting } from './base/counting.js';
import type { SyncOperator } from './base/SyncSubscriber.js';
import { takesIndex } from './base/takesIndex.js';
import { syncOperator } from './base/SyncSubscriber.js';

/**
 * Lets the values through for which `predicate` is truthy.
 *
 * **Checkpoint:** nothing, unless `predicate` takes the index: then the number of values so far. A restore repeats
 * nothing.
 *
 * ```text
 * source  -1-2-%-3-|
 *         filter(x => x % 2 === 1)
 * result  -1---%-3-|
 * ```
 *
 * @example
 * const late$ = flights$.pipe(filter((flight) => flight.delay > 0));
 * @param predicate - also gets the index of the value, from 0. A type guard narrows the type, `Boolean` removes falsy values.
 * @param thisArg - `this` in `predicate`.
 * @throws what `predicate` throws goes to the subscriber as an error.
 */
export function filter<T, S extends T, A>(
  predicate: (this: A, value: T, index: number) => value is S,
  thisArg: A,
): CheckpointedOperator<T, S>;
export function filter<T, S extends T>(predicate: (value: T, index: number) => value is S): CheckpointedOperator<T, S>;
export function filter<T>(predicate: BooleanConstructor): CheckpointedOperator<T, TruthyTypesOf<T>>;
export function filter<T, A>(
  predicate: (this: A, value: T, index: number) => boolean,
  thisArg: A,
): MonoTypeOperatorFunction<T>;
export function filter<T>(predicate: (value: T, index: number) => boolean): MonoTypeOperatorFunction<T>;
export function filter<T>(
  predicate: (value: T, index: number) => boolean,
  thisArg?: unknown,
): CheckpointedOperator<T, T> {
  const bound = bindThis(predicate, thisArg);
  return syncOperator(filterOperator as SyncOperator<T, T, number, typeof bound>, bound, startCounting, () =>
    takesIndex(predicate),
  );
}

const filterOperator: SyncOperator<unknown, unknown, number, (value: unknown, index: number) => boolean> = {
  operator: 'filter',
  ...counting,
  next(value) {
    const { args: predicate } = this;
    try {
      if (predicate(value, this.s++)) this.out.next(value);
    } catch (error) {
      this.dest.error(error);
    }
  },
};
