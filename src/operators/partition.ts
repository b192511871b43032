import type { ObservableInput } from 'rxjs';

import { from } from '../sources/from.js';
import type { CheckpointedObservable } from './base/CheckpointedObservable.js';
import { takesIndex } from './base/takesIndex.js';
import { filter } from './filter.js';

type Predicate<T> = (value: T, index: number) => boolean;

/** @deprecated Use a closure instead of `thisArg`. */
export function partition<T, U extends T, A>(
  source: ObservableInput<T>,
  predicate: (this: A, value: T, index: number) => value is U,
  thisArg: A,
): [CheckpointedObservable<U>, CheckpointedObservable<Exclude<T, U>>];
/**
 * Two streams of one: of the values for which `predicate` is truthy, and of the others. Each subscribes to the source
 * on its own: `share()` it, with a uid, where that is not wanted.
 *
 * **Checkpoint:** as `filter`: nothing, unless `predicate` takes the index. A restore repeats nothing.
 *
 * ```text
 * source  -1-2-%-3-|
 *         partition(source, (x) => x % 2 === 1)
 * [0]     -1---%-3-|
 * [1]     ---2-%---|
 * ```
 *
 * @example
 * const [late$, punctual$] = partition(flights$, (flight) => flight.delay > 0);
 * @param predicate - also gets the index of the value, from 0. A type guard narrows the types.
 * @throws what `predicate` throws goes to the subscriber as an error.
 */
export function partition<T, U extends T>(
  source: ObservableInput<T>,
  predicate: (value: T, index: number) => value is U,
): [CheckpointedObservable<U>, CheckpointedObservable<Exclude<T, U>>];
/** @deprecated Use a closure instead of `thisArg`. */
export function partition<T, A>(
  source: ObservableInput<T>,
  predicate: (this: A, value: T, index: number) => boolean,
  thisArg: A,
): [CheckpointedObservable<T>, CheckpointedObservable<T>];
export function partition<T>(
  source: ObservableInput<T>,
  predicate: (value: T, index: number) => boolean,
): [CheckpointedObservable<T>, CheckpointedObservable<T>];
export function partition<T>(
  source: ObservableInput<T>,
  predicate: Predicate<T>,
  thisArg?: unknown,
): [CheckpointedObservable<T>, CheckpointedObservable<T>] {
  const half = (test: Predicate<T>): CheckpointedObservable<T> => from(source).pipe(filter(test, thisArg));
  return [half(predicate), half(not(predicate))];
}

/** Whether the index is wanted decides whether it is stored: this one wants it if the other does. */
function not<T>(predicate: Predicate<T>): Predicate<T> {
  if (!takesIndex(predicate)) {
    return function (this: unknown, value) {
      return !(predicate as (value: T) => boolean).call(this, value);
    };
  }
  return function (this: unknown, value, index) {
    return !predicate.call(this, value, index);
  };
}
