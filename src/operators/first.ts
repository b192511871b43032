import type { Observable, TruthyTypesOf } from 'rxjs';

import type { CheckpointedOperator } from './base/CheckpointedObservable.js';
import { takesIndex } from './base/takesIndex.js';
import type { SearchOperator } from './searching.js';
import { fallBack, orAlways, search } from './searching.js';

/**
 * Emits the first value, or the first for which `predicate` is truthy, then completes and unsubscribes from the source.
 * If there is none it emits the default value once the source completes, or fails if none was given.
 *
 * **Checkpoint:** nothing, unless `predicate` takes the index: then the number of values so far. A restore repeats
 * nothing.
 *
 * ```text
 * source  -1-2-%-3-4-|
 *         first((x) => x > 2)
 * result  -----%-(3|)
 * ```
 *
 * @example
 * const firstLate$ = flights$.pipe(first((flight) => flight.delay > 0, null));
 * @param predicate - also gets the index of the value, from 0, and the source. By default the first value will do.
 * @param defaultValue - what to emit when there was no such value.
 * @throws EmptyError (RxJS's) to the subscriber when there was no such value and no default; so does what `predicate`
 * throws.
 */
export function first<T, D = T>(predicate?: null, defaultValue?: D): CheckpointedOperator<T, T | D>;
export function first<T>(predicate: BooleanConstructor): CheckpointedOperator<T, TruthyTypesOf<T>>;
export function first<T, D>(
  predicate: BooleanConstructor,
  defaultValue: D,
): CheckpointedOperator<T, TruthyTypesOf<T> | D>;
export function first<T, S extends T>(
  predicate: (value: T, index: number, source: Observable<T>) => value is S,
  defaultValue?: S,
): CheckpointedOperator<T, S>;
export function first<T, S extends T, D>(
  predicate: (value: T, index: number, source: Observable<T>) => value is S,
  defaultValue: D,
): CheckpointedOperator<T, S | D>;
export function first<T, D = T>(
  predicate: (value: T, index: number, source: Observable<T>) => boolean,
  defaultValue?: D,
): CheckpointedOperator<T, T | D>;
export function first<T>(predicate?: unknown, ...fallback: [unknown?]): CheckpointedOperator<T, unknown> {
  const wanted = orAlways<T>(predicate);
  return search<T, unknown, FirstState>(firstOperator, wanted, () => ({ index: 0, isFound: false }), {
    isStateful: () => takesIndex(wanted),
    fallback,
  });
}

interface FirstState {
  index: number;
  /** Between two turns never: with the value it ends. */
  isFound: boolean;
}

const firstOperator: SearchOperator<unknown, FirstState> = {
  operator: 'first',
  next(value) {
    const { dest, s } = this;
    const { predicate, source } = this.args;
    try {
      const isWanted = predicate(value, s.index++, source);
      if (!isWanted) return;
      // `predicate` can have stopped it: `next` reports that now, as RxJS does.
      if (this.closed) return this.next(value);
      // A value that comes in while the first goes out is asked about, and left out.
      if (s.isFound) return;
      s.isFound = true;
      this.out.next(value);
      dest.complete();
    } catch (error) {
      dest.error(error);
    }
  },
  finish() {
    if (!this.s.isFound) fallBack(this.out, this.args.fallback);
  },
  capture: ({ index }) => ({ index }),
  restore: ({ index }: { readonly index: number }) => ({ index, isFound: false }),
};
