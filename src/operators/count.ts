import type { CheckpointedOperator } from './base/CheckpointedObservable.js';
import { foldOperator, foldToEnd, startFolding } from './folding.js';

/**
 * Counts the values, all or those for which `predicate` is truthy, and emits their number once the source completes.
 *
 * **Checkpoint:** the number so far, and how many values there were. A restore repeats nothing.
 *
 * ```text
 * source  -1-2-%-3-|
 *         count((x) => x % 2 === 1)
 * result  -----%---(2|)
 * ```
 *
 * @example
 * const lateFlights$ = flights$.pipe(count((flight) => flight.delay > 0));
 * @param predicate - whether to count a value; also gets its index, from 0.
 * @throws what `predicate` throws goes to the subscriber as an error.
 */
export function count<T>(predicate?: (value: T, index: number) => boolean): CheckpointedOperator<T, number> {
  const accumulator = predicate
    ? (total: number, value: T, index: number) => (predicate(value, index) ? total + 1 : total)
    : (total: number) => total + 1;
  return foldToEnd(countOperator, accumulator, (site) => startFolding([0], site));
}

const countOperator = foldOperator('count');
