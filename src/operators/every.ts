import type { Falsy, Observable } from 'rxjs';

import type { CheckpointedOperator } from './base/CheckpointedObservable.js';
import { bindThis } from './base/bindThis.js';
import { counting, startCounting } from './base/counting.js';
import { takesIndex } from './base/takesIndex.js';
import type { Predicate, SearchOperator } from './searching.js';
import { search } from './searching.js';

/**
 * Tells whether `predicate` is truthy for all values: emits `false` at the first for which it is not, and unsubscribes
 * from the source, or `true` once the source completes.
 *
 * **Checkpoint:** nothing, unless `predicate` takes the index: then the number of values so far. A restore repeats
 * nothing.
 *
 * ```text
 * source  -1-2-%-3-4-|
 *         every((x) => x < 3)
 * result  -----%-(f|)      f = false
 * ```
 *
 * @example
 * const allOnTime$ = flights$.pipe(every((flight) => flight.delay === 0));
 * @param predicate - also gets the index of the value, from 0, and the source.
 * @param thisArg - `this` in `predicate`.
 * @throws what `predicate` throws goes to the subscriber as an error.
 */
export function every<T>(
  predicate: BooleanConstructor,
): CheckpointedOperator<T, Exclude<T, Falsy> extends never ? false : boolean>;
/** @deprecated Use a closure instead of a `thisArg`. */
export function every<T>(
  predicate: BooleanConstructor,
  thisArg: unknown,
): CheckpointedOperator<T, Exclude<T, Falsy> extends never ? false : boolean>;
/** @deprecated Use a closure instead of a `thisArg`. */
export function every<T, A>(
  predicate: (this: A, value: T, index: number, source: Observable<T>) => boolean,
  thisArg: A,
): CheckpointedOperator<T, boolean>;
export function every<T>(
  predicate: (value: T, index: number, source: Observable<T>) => boolean,
): CheckpointedOperator<T, boolean>;
export function every<T>(predicate: Predicate<T>, thisArg?: unknown): CheckpointedOperator<T, boolean> {
  return search(everyOperator, bindThis(predicate, thisArg), startCounting, {
    isStateful: () => takesIndex(predicate),
  });
}

const everyOperator: SearchOperator<boolean, number> = {
  operator: 'every',
  ...counting,
  next(value) {
    const { dest } = this;
    const { predicate, source } = this.args;
    try {
      const holds = predicate(value, this.s++, source);
      if (holds) return;
      this.out.next(false);
      dest.complete();
    } catch (error) {
      dest.error(error);
    }
  },
  finish() {
    this.out.next(true);
  },
};
