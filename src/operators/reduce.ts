import type { CheckpointedOperator } from './base/CheckpointedObservable.js';
import { foldOperator, foldToEnd, startFolding } from './folding.js';

/**
 * Folds the values into a state, and emits it once the source completes. Without a seed an empty source emits nothing.
 *
 * **Checkpoint:** the state and the number of values. The state has to be immutable, in a job it is frozen at each
 * checkpoint: return a new one from `accumulator`, or wrap it in immer's `produce`. A restore repeats nothing.
 *
 * ```text
 * source  -1-2-%-3-|
 *         reduce((sum, x) => sum + x, 0)
 * result  -----%---(6|)
 * ```
 *
 * @example
 * const totalDelay$ = flights$.pipe(reduce((sum, flight) => sum + flight.delay, 0));
 * @param accumulator - gives the next state; also gets the index of the value, from 0, or from 1 without a seed.
 * @param seed - the state before the first value. Without one the first value is the first state.
 * @throws what `accumulator` throws goes to the subscriber as an error.
 * @see scan which emits every state.
 */
export function reduce<V, A = V>(
  accumulator: (acc: A | V, value: V, index: number) => A,
): CheckpointedOperator<V, V | A>;
export function reduce<V, A>(accumulator: (acc: A, value: V, index: number) => A, seed: A): CheckpointedOperator<V, A>;
export function reduce<V, A, S = A>(
  accumulator: (acc: A | S, value: V, index: number) => A,
  seed: S,
): CheckpointedOperator<V, A>;
export function reduce<V, A>(
  accumulator: (acc: A | V, value: V, index: number) => A,
  ...seed: [A?]
): CheckpointedOperator<V, V | A> {
  return foldToEnd(reduceOperator, accumulator, (site) => startFolding(seed, site));
}

const reduceOperator = foldOperator('reduce', true);
