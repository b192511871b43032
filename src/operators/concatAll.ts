import type { ObservableInput, ObservedValueOf } from 'rxjs';

import type { CheckpointedOperator } from './base/CheckpointedObservable.js';
import { flattened } from './flattened.js';
import { mergeInternals } from './mergeInternals.js';

/**
 * Subscribes to the Observables that come as values, one after the other.
 *
 * **Checkpoint:** the active one, those that wait, and its own state. In a checkpoint can be groups and windows, which a restore makes again, and
 * arrays. A checkpoint that meets any other Observable among them fails, since nothing could give it back: use
 * `concatMap` with a projection, which a restore calls again.
 *
 * ```text
 * source  -a-b-%-----------|      a and b: Observables
 *         concatAll()
 * result  --1--%-2--1---2--|
 * ```
 *
 * @example
 * const regrouped$ = orders$.pipe(groupBy((order) => order.item), concatAll());
 * @throws errors of inners go to the subscriber.
 */
export function concatAll<O extends ObservableInput<unknown>>(): CheckpointedOperator<O, ObservedValueOf<O>> {
  return mergeInternals<O, ObservedValueOf<O>>('concatAll', flattened, 1);
}
