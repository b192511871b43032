import type { Capture } from '../checkpoint/protocol/Capture.js';
import type { Revival } from '../checkpoint/protocol/Revival.js';
import { freezeSeed } from './base/freezeSeed.js';
import type { Site } from './base/Site.js';
import type { CheckpointedOperator } from './base/CheckpointedObservable.js';
import type { SyncOperator } from './base/SyncSubscriber.js';
import { syncOperator } from './base/SyncSubscriber.js';

export type Accumulator = (acc: unknown, value: unknown, index: number) => unknown;

export interface FoldState {
  hasValue: boolean;
  value: unknown;
  index: number;
}

/** @param seed - the first state, in an array; empty when the first value is to be it. */
export function startFolding(seed: readonly [unknown?], site: Site | null): FoldState {
  freezeSeed(seed[0], site);
  return { hasValue: seed.length > 0, value: seed[0], index: 0 };
}

/** What `scan` and `reduce` have in common: values are folded into a state. They differ in when they emit it. */
export const folding = {
  differsInJobs: true,
  capture: ({ hasValue, value, index }: FoldState, capture: Capture): FoldState => ({
    hasValue,
    value: capture.own(value, 'value'),
    index,
  }),
  restore: ({ hasValue, value, index }: FoldState, revival: Revival): FoldState => ({
    hasValue,
    value: revival.own(value),
    index,
  }),
  mapState: (state: FoldState, map: (value: unknown) => unknown): FoldState =>
    state.hasValue ? { ...state, value: map(state.value) } : state,
};

/** The same for states that are the user's values, or go out to the user: they are not frozen. */
const holding: typeof folding = {
  differsInJobs: false,
  capture: ({ hasValue, value, index }, capture) => ({ hasValue, value: capture.held(value, 'value'), index }),
  restore: ({ hasValue, value, index }, revival) => ({ hasValue, value: revival.held(value), index }),
  mapState: folding.mapState,
};

/** The next state. */
export function fold(accumulator: Accumulator, s: FoldState, value: unknown): unknown {
  const index = s.index++;
  if (s.hasValue) return (s.value = accumulator(s.value, value, index));
  s.hasValue = true;
  return (s.value = value);
}

type FoldOperator = SyncOperator<unknown, unknown, FoldState, Accumulator>;

/** Makes a function to pipe of `foldOperator`'s. */
export function foldToEnd<V, A>(
  operator: FoldOperator,
  accumulator: (acc: never, value: V, index: number) => unknown,
  init: (site: Site | null) => FoldState,
): CheckpointedOperator<V, A> {
  return syncOperator(operator as SyncOperator<V, A, FoldState, Accumulator>, accumulator as Accumulator, init);
}

/**
 * Folds without a word, and emits its state at the end.
 *
 * @param isOwn - whether the state is frozen at a checkpoint, not copied.
 */
export function foldOperator(operator: string, isOwn = false): FoldOperator {
  return {
    operator,
    ...(isOwn ? folding : holding),
    next(value) {
      try {
        fold(this.args, this.s, value);
      } catch (error) {
        this.dest.error(error);
      }
    },
    finish() {
      if (this.s.hasValue) this.out.next(this.s.value);
    },
  };
}
