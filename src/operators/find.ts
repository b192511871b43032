import type { Observable, TruthyTypesOf } from 'rxjs';

import type { CheckpointedOperator } from './base/CheckpointedObservable.js';
import { bindThis } from './base/bindThis.js';
import { counting, startCounting } from './base/counting.js';
import { takesIndex } from './base/takesIndex.js';
import type { Predicate, SearchOperator } from './searching.js';
import { search } from './searching.js';

/**
 * Emits the first value for which `predicate` is truthy, then completes and unsubscribes from the source. If there is
 * none it emits `undefined` once the source completes.
 *
 * **Checkpoint:** nothing, unless `predicate` takes the index: then the number of values so far. A restore repeats
 * nothing.
 *
 * ```text
 * source  -1-2-%-3-4-|
 *         find((x) => x > 2)
 * result  -----%-(3|)
 * ```
 *
 * @example
 * const firstLate$ = flights$.pipe(find((flight) => flight.delay > 0));
 * @param predicate - also gets the index of the value, from 0, and the source.
 * @param thisArg - `this` in `predicate`.
 * @throws what `predicate` throws goes to the subscriber as an error.
 */
export function find<T>(predicate: BooleanConstructor): CheckpointedOperator<T, TruthyTypesOf<T>>;
/** @deprecated Use a closure instead of a `thisArg`. */
export function find<T, S extends T, A>(
  predicate: (this: A, value: T, index: number, source: Observable<T>) => value is S,
  thisArg: A,
): CheckpointedOperator<T, S | undefined>;
export function find<T, S extends T>(
  predicate: (value: T, index: number, source: Observable<T>) => value is S,
): CheckpointedOperator<T, S | undefined>;
/** @deprecated Use a closure instead of a `thisArg`. */
export function find<T, A>(
  predicate: (this: A, value: T, index: number, source: Observable<T>) => boolean,
  thisArg: A,
): CheckpointedOperator<T, T | undefined>;
export function find<T>(
  predicate: (value: T, index: number, source: Observable<T>) => boolean,
): CheckpointedOperator<T, T | undefined>;
export function find<T>(predicate: Predicate<T>, thisArg?: unknown): CheckpointedOperator<T, unknown> {
  return search(findOperator, bindThis(predicate, thisArg), startCounting, { isStateful: () => takesIndex(predicate) });
}

const findOperator: SearchOperator<unknown, number> = {
  operator: 'find',
  ...counting,
  next(value) {
    const { dest } = this;
    const { predicate, source } = this.args;
    try {
      const isWanted = predicate(value, this.s++, source);
      if (!isWanted) return;
      this.out.next(value);
      dest.complete();
    } catch (error) {
      dest.error(error);
    }
  },
  finish() {
    this.out.next(undefined);
  },
};
