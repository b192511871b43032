import type { ObservableInput, ObservedValueOf } from 'rxjs';

import type { CheckpointedObservable } from './base/CheckpointedObservable.js';
import { deferNode } from './DeferCore.js';

/**
 * Calls `factory` for each subscription, and emits what the Observable emits that it gives.
 *
 * **Checkpoint:** the state of what `factory` gave. A restore calls `factory` again: a checkpointed Observable goes on
 * where it was; any other is subscribed again, and as many of its values are skipped as it had emitted (a promise is
 * made anew).
 *
 * ```text
 *         defer(() => x)
 * x       -1-%-2-|
 * result  -1-%-2-|
 * ```
 *
 * @example
 * const prices$ = defer(() => from(fetchPrices()));
 * @param factory - gives what to subscribe to.
 * @throws what `factory` throws goes to the subscriber as an error.
 */
export function defer<O extends ObservableInput<unknown>>(
  factory: () => O,
): CheckpointedObservable<ObservedValueOf<O>> {
  return deferNode('defer', factory as () => ObservableInput<ObservedValueOf<O>>);
}
