import type { ObservableInput, ObservedValueOf } from 'rxjs';

import type { CheckpointedOperator } from './base/CheckpointedObservable.js';
import { flattened } from './flattened.js';
import { mergeInternals } from './mergeInternals.js';

/**
 * Subscribes to the Observables that come as values, and emits what they all emit, as it comes.
 *
 * **Checkpoint:** those that are active or wait, and their own states. In a checkpoint can be groups and windows, which a restore makes again, and
 * arrays. A checkpoint that meets any other Observable among them fails, since nothing could give it back: use
 * `mergeMap` with a projection, which a restore calls again.
 *
 * ```text
 * source  -a----%-b--|      a and b: Observables
 *         mergeAll()
 * result  --1-2-%--1-2-|
 * ```
 *
 * @example
 * const regrouped$ = orders$.pipe(groupBy((order) => order.item), mergeAll());
 * @param concurrent - how many at a time at most; others wait. Default: no limit.
 * @throws errors of inners go to the subscriber.
 */
export function mergeAll<O extends ObservableInput<unknown>>(
  concurrent: number = Infinity,
): CheckpointedOperator<O, ObservedValueOf<O>> {
  return mergeInternals<O, ObservedValueOf<O>>(
    'mergeAll',
    flattened,
    typeof concurrent === 'number' ? concurrent : Infinity,
  );
}
