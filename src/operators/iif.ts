import type { ObservableInput } from 'rxjs';

import type { CheckpointedObservable } from './base/CheckpointedObservable.js';
import { deferNode } from './DeferCore.js';

/**
 * Asks `condition` at each subscription, and emits what one of two Observables emits.
 *
 * **Checkpoint:** the state of the chosen one. A restore asks `condition` again, which has to say the same as before;
 * if it does not, a checkpointed Observable that was not chosen then has no place, and the restore is refused.
 *
 * ```text
 *         iif(() => true, a, b)
 * a       -1-%-2-|
 * result  -1-%-2-|
 * ```
 *
 * @example
 * const prices$ = iif(() => navigator.onLine, live$, cached$);
 * @throws what `condition` throws goes to the subscriber as an error.
 */
export function iif<T, F>(
  condition: () => boolean,
  trueResult: ObservableInput<T>,
  falseResult: ObservableInput<F>,
): CheckpointedObservable<T | F> {
  return deferNode<T | F>('iif', () => (condition() ? trueResult : falseResult));
}
