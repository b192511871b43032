import type { Observable, TruthyTypesOf } from 'rxjs';

import type { CheckpointedOperator } from './base/CheckpointedObservable.js';
import type { FoundState, SearchOperator } from './searching.js';
import { fallBack, found, orAlways, search, startFinding } from './searching.js';

/**
 * Emits the last value, or the last for which `predicate` is truthy, once the source completes. If there is none it
 * emits the default value, or fails if none was given.
 *
 * **Checkpoint:** the last such value so far, and the number of values. A restore repeats nothing.
 *
 * ```text
 * source  -1-2-%-3-|
 *         last((x) => x < 3)
 * result  -----%---(2|)
 * ```
 *
 * @example
 * const lastLate$ = flights$.pipe(last((flight) => flight.delay > 0, null));
 * @param predicate - also gets the index of the value, from 0, and the source. By default every value will do.
 * @param defaultValue - what to emit when there was no such value.
 * @throws EmptyError (RxJS's) to the subscriber when there was no such value and no default; so does what `predicate`
 * throws.
 */
export function last<T>(predicate: BooleanConstructor): CheckpointedOperator<T, TruthyTypesOf<T>>;
export function last<T, D>(
  predicate: BooleanConstructor,
  defaultValue: D,
): CheckpointedOperator<T, TruthyTypesOf<T> | D>;
export function last<T, D = T>(predicate?: null, defaultValue?: D): CheckpointedOperator<T, T | D>;
export function last<T, S extends T>(
  predicate: (value: T, index: number, source: Observable<T>) => value is S,
  defaultValue?: S,
): CheckpointedOperator<T, S>;
export function last<T, D = T>(
  predicate: (value: T, index: number, source: Observable<T>) => boolean,
  defaultValue?: D,
): CheckpointedOperator<T, T | D>;
export function last<T>(predicate?: unknown, ...fallback: [unknown?]): CheckpointedOperator<T, unknown> {
  return search<T, unknown, FoundState>(lastOperator, orAlways<T>(predicate), startFinding, { fallback });
}

const lastOperator: SearchOperator<unknown, FoundState> = {
  operator: 'last',
  ...found,
  next(value) {
    const { s } = this;
    const { predicate, source } = this.args;
    try {
      if (!predicate(value, s.index++, source)) return;
      // `predicate` can have stopped it: `next` reports that now, as RxJS does.
      if (this.closed) return this.next(value);
      s.hasValue = true;
      s.value = value;
    } catch (error) {
      this.dest.error(error);
    }
  },
  finish() {
    if (this.s.hasValue) this.out.next(this.s.value);
    else fallBack(this.out, this.args.fallback);
  },
};
