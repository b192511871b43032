import type { CheckpointedOperator } from './base/CheckpointedObservable.js';
import { map } from './map.js';

/** The selector at the end of a list of inputs: it gets one value of each. */
export type Select = (...values: unknown[]) => unknown;

/** Calls `select` with the items of each array; with anything else as it is. */
export function mapSpread(select: Select): CheckpointedOperator<unknown, unknown> {
  return map((values: unknown) => (Array.isArray(values) ? select(...(values as unknown[])) : select(values)));
}
