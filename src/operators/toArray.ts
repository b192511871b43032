import type { CheckpointedOperator } from './base/CheckpointedObservable.js';
import type { Accumulator } from './folding.js';
import { foldOperator, foldToEnd } from './folding.js';

/**
 * Collects all values, and emits them in one array once the source completes.
 *
 * **Checkpoint:** the values so far. A restore repeats nothing. They grow with the source, and so does each checkpoint.
 *
 * ```text
 * source  -1-2-%-3-|
 *         toArray()
 * result  -----%---(a|)      a = [1, 2, 3]
 * ```
 *
 * @example
 * const allRows$ = rows$.pipe(toArray());
 */
export function toArray<T>(): CheckpointedOperator<T, T[]> {
  return foldToEnd(toArrayOperator, append, () => ({
    hasValue: true,
    value: [],
    index: 0,
  }));
}

const append: Accumulator = (values, value) => {
  (values as unknown[]).push(value);
  return values;
};

const toArrayOperator = foldOperator('toArray');
