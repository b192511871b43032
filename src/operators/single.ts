import type { Observable, TruthyTypesOf } from 'rxjs';
import { EmptyError, NotFoundError, SequenceError } from 'rxjs';

import type { CheckpointedOperator, MonoTypeOperatorFunction } from './base/CheckpointedObservable.js';
import type { FoundState, Predicate, SearchOperator } from './searching.js';
import { found, orAlways, search, startFinding } from './searching.js';

/**
 * Emits the only value, or the only one for which `predicate` is truthy, once the source completes. Fails if there is
 * none, and as soon as there is a second one.
 *
 * **Checkpoint:** the value, if there was one, and the number of values. A restore repeats nothing.
 *
 * ```text
 * source  -1-2-%-3-|
 *         single((x) => x === 2)
 * result  -----%---(2|)
 * ```
 *
 * @example
 * const winner$ = runners$.pipe(single((runner) => runner.place === 1));
 * @param predicate - also gets the index of the value, from 0, and the source. By default every value will do.
 * @throws to the subscriber (all RxJS's): SequenceError for a second value, NotFoundError when `predicate` held for none,
 * EmptyError when there were no values; so does what `predicate` throws.
 */
export function single<T>(predicate: BooleanConstructor): CheckpointedOperator<T, TruthyTypesOf<T>>;
export function single<T>(
  predicate?: (value: T, index: number, source: Observable<T>) => boolean,
): MonoTypeOperatorFunction<T>;
export function single<T>(predicate?: Predicate<T>): CheckpointedOperator<T, unknown> {
  return search<T, unknown, FoundState>(singleOperator, orAlways<T>(predicate), startFinding);
}

const singleOperator: SearchOperator<unknown, FoundState> = {
  operator: 'single',
  ...found,
  next(value) {
    const { dest, s } = this;
    const { predicate, source } = this.args;
    try {
      if (!predicate(value, s.index++, source)) return;
      if (s.hasValue) dest.error(new SequenceError('Too many matching values'));
      s.hasValue = true;
      s.value = value;
    } catch (error) {
      dest.error(error);
    }
  },
  finish() {
    const { index, hasValue, value } = this.s;
    if (hasValue) return this.out.next(value);
    throw index > 0 ? new NotFoundError('No matching values') : new EmptyError();
  },
};
