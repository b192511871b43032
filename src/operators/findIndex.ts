import type { Falsy, Observable } from 'rxjs';

import type { CheckpointedOperator } from './base/CheckpointedObservable.js';
import { bindThis } from './base/bindThis.js';
import { counting, startCounting } from './base/counting.js';
import type { Predicate, SearchOperator } from './searching.js';
import { search } from './searching.js';

/**
 * Emits the index, from 0, of the first value for which `predicate` is truthy, then completes and unsubscribes from the
 * source. If there is none it emits -1 once the source completes.
 *
 * **Checkpoint:** how many values there were so far. A restore repeats nothing.
 *
 * ```text
 * source  -1-2-%-3-4-|
 *         findIndex((x) => x > 2)
 * result  -----%-(n|)      n = 2
 * ```
 *
 * @example
 * const linesBefore$ = lines$.pipe(findIndex((line) => line === ''));
 * @param predicate - also gets the index of the value, and the source.
 * @param thisArg - `this` in `predicate`.
 * @throws what `predicate` throws goes to the subscriber as an error.
 */
export function findIndex<T>(predicate: BooleanConstructor): CheckpointedOperator<T, T extends Falsy ? -1 : number>;
/** @deprecated Use a closure instead of a `thisArg`. */
export function findIndex<T>(
  predicate: BooleanConstructor,
  thisArg: unknown,
): CheckpointedOperator<T, T extends Falsy ? -1 : number>;
/** @deprecated Use a closure instead of a `thisArg`. */
export function findIndex<T, A>(
  predicate: (this: A, value: T, index: number, source: Observable<T>) => boolean,
  thisArg: A,
): CheckpointedOperator<T, number>;
export function findIndex<T>(
  predicate: (value: T, index: number, source: Observable<T>) => boolean,
): CheckpointedOperator<T, number>;
export function findIndex<T>(predicate: Predicate<T>, thisArg?: unknown): CheckpointedOperator<T, number> {
  return search(findIndexOperator, bindThis(predicate, thisArg), startCounting);
}

const findIndexOperator: SearchOperator<number, number> = {
  operator: 'findIndex',
  ...counting,
  next(value) {
    const { dest } = this;
    const { predicate, source } = this.args;
    try {
      // Not read again later: a value that comes in meanwhile has been counted.
      const index = this.s++;
      const isWanted = predicate(value, index, source);
      if (!isWanted) return;
      this.out.next(index);
      dest.complete();
    } catch (error) {
      dest.error(error);
    }
  },
  finish() {
    this.out.next(-1);
  },
};
