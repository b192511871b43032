import type { ObservableInput, ObservedValueOf } from 'rxjs';

import type { CheckpointedOperator } from './base/CheckpointedObservable.js';
import { flattened } from './flattened.js';
import { switchInternals } from './switchInternals.js';

/**
 * Subscribes to the latest of the Observables that come as values.
 *
 * **Checkpoint:** the active one, and its own state. In a checkpoint can be groups and windows, which a restore makes again, and
 * arrays. A checkpoint that meets any other Observable among them fails, since nothing could give it back: use
 * `switchMap` with a projection, which a restore calls again.
 *
 * ```text
 * source  -a----%-b-----|      a and b: Observables
 *         switchAll()
 * result  --1-2-%--1-2-3|
 * ```
 *
 * @example
 * const regrouped$ = orders$.pipe(groupBy((order) => order.item), switchAll());
 * @throws errors of inners go to the subscriber.
 */
export function switchAll<O extends ObservableInput<unknown>>(): CheckpointedOperator<O, ObservedValueOf<O>> {
  return switchInternals<O, ObservedValueOf<O>>('switchAll', flattened);
}
