import type { MonoTypeOperatorFunction } from './base/CheckpointedObservable.js';
import { foldOperator, foldToEnd, startFolding } from './folding.js';

/**
 * Emits the largest value once the source completes; of equal ones the last, or nothing if there was none.
 *
 * **Checkpoint:** the largest value so far. A restore repeats nothing.
 *
 * ```text
 * source  -1-3-%-2-|
 *         max()
 * result  -----%---(3|)
 * ```
 *
 * @example
 * const largestDelay$ = delays$.pipe(max());
 * @param comparer - compares two values as in a sort: above 0 if the first one is the larger. By default `>` decides.
 * @throws what `comparer` throws goes to the subscriber as an error.
 */
export function max<T>(comparer?: (x: T, y: T) => number): MonoTypeOperatorFunction<T> {
  const accumulator =
    typeof comparer === 'function'
      ? (x: T, y: T): T => (comparer(x, y) > 0 ? x : y)
      : (x: T, y: T): T => (x > y ? x : y);
  return foldToEnd(maxOperator, accumulator, (site) => startFolding([], site));
}

const maxOperator = foldOperator('max');
