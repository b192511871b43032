import type { CheckpointedOperator } from './base/CheckpointedObservable.js';
import type { SyncOperator } from './base/SyncSubscriber.js';
import { syncOperator } from './base/SyncSubscriber.js';
import type { Accumulator, FoldState } from './folding.js';
import { fold, folding, startFolding } from './folding.js';

/**
 * Folds the values into a state, and emits the state after each.
 *
 * **Checkpoint:** the state and the number of values. The state has to be immutable, in a job it is frozen at each
 * checkpoint: return a new one from `accumulator`, or wrap it in immer's `produce`. A restore repeats nothing.
 *
 * ```text
 * source  -1-2-%-3-|
 *         scan((sum, x) => sum + x, 0)
 * result  -1-3-%-6-|
 * ```
 *
 * @example
 * const perAirport$ = flights$.pipe(scan(produce((counts, flight) => { counts[flight.from] = (counts[flight.from] ?? 0) + 1; }), {}));
 * @param accumulator - gives the next state; also gets the index of the value, from 0, or from 1 without a seed.
 * @param seed - the state before the first value. Without one the first value is the first state.
 * @throws what `accumulator` throws goes to the subscriber as an error.
 */
export function scan<V, A = V>(accumulator: (acc: A | V, value: V, index: number) => A): CheckpointedOperator<V, V | A>;
export function scan<V, A>(accumulator: (acc: A, value: V, index: number) => A, seed: A): CheckpointedOperator<V, A>;
export function scan<V, A, S>(
  accumulator: (acc: A | S, value: V, index: number) => A,
  seed: S,
): CheckpointedOperator<V, A>;
export function scan<V, A>(
  accumulator: (acc: A | V, value: V, index: number) => A,
  ...seed: [A?]
): CheckpointedOperator<V, V | A> {
  const operator = seed.length > 0 ? seededScan : unseededScan;
  return syncOperator(operator as SyncOperator<V, V | A, FoldState, Accumulator>, accumulator as Accumulator, (site) =>
    startFolding(seed, site),
  );
}

const unseededScan: SyncOperator<unknown, unknown, FoldState, Accumulator> = {
  operator: 'scan',
  ...folding,
  next(value) {
    try {
      const state = fold(this.args, this.s, value);
      this.out.next(state);
    } catch (error) {
      this.dest.error(error);
    }
  },
};

/** The usual one: has a state from the start, so that no value has to ask for it. */
const seededScan: SyncOperator<unknown, unknown, FoldState, Accumulator> = {
  ...unseededScan,
  next(value) {
    const { s, args: accumulator } = this;
    try {
      const state = (s.value = accumulator(s.value, value, s.index++));
      this.out.next(state);
    } catch (error) {
      this.dest.error(error);
    }
  },
};
