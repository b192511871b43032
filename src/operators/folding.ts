import type { Capture } from '../checkpoint/protocol/Capture.js';
import type { Revival } from '../checkpoint/protocol/Revival.js';
import { freezeSeed } from './base/freezeSeed.js';
import type { Site } from './base/Site.js';

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
};

/** The next state. */
export function fold(accumulator: Accumulator, s: FoldState, value: unknown): unknown {
  const index = s.index++;
  if (s.hasValue) return (s.value = accumulator(s.value, value, index));
  s.hasValue = true;
  return (s.value = value);
}
