import type { ObservableInput, ObservedValueOf } from 'rxjs';

import type { CheckpointedOperator } from './base/CheckpointedObservable.js';
import { flattened } from './flattened.js';
import { exhaustInternals } from './exhaustInternals.js';

/**
 * Subscribes to an Observable that comes as a value, and ignores those that come before it has ended.
 *
 * **Checkpoint:** the active one, and its own state. In a checkpoint can be groups and windows, which a restore makes again, and
 * arrays. A checkpoint that meets any other Observable among them fails, since nothing could give it back: use
 * `exhaustMap` with a projection, which a restore calls again.
 *
 * ```text
 * source  -a-b--%-----c-----|      a, b and c: Observables
 *         exhaustAll()
 * result  --1-2-%-3----1-2-3|
 * ```
 *
 * @example
 * const regrouped$ = orders$.pipe(groupBy((order) => order.item), exhaustAll());
 * @throws errors of inners go to the subscriber.
 */
export function exhaustAll<O extends ObservableInput<unknown>>(): CheckpointedOperator<O, ObservedValueOf<O>> {
  return exhaustInternals<O, ObservedValueOf<O>>('exhaustAll', flattened);
}
