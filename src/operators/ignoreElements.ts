import type { CheckpointedOperator } from './base/CheckpointedObservable.js';
import type { SyncOperator } from './base/SyncSubscriber.js';
import { syncOperator } from './base/SyncSubscriber.js';

/**
 * Leaves out all values; completion and errors go through.
 *
 * **Checkpoint:** nothing. A restore repeats nothing.
 *
 * ```text
 * source  -1-2-%-3-|
 *         ignoreElements()
 * result  -----%---|
 * ```
 *
 * @example
 * const saved$ = saves$.pipe(ignoreElements());
 */
export function ignoreElements(): CheckpointedOperator<unknown, never> {
  return syncOperator(ignoreElementsOperator, null, () => null, false);
}

const ignoreElementsOperator: SyncOperator<unknown, never, null, null> = {
  operator: 'ignoreElements',
  next() {
    // Left out.
  },
  capture: () => null,
  restore: () => null,
};
