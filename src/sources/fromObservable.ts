import type { ObservableInput } from 'rxjs';
import { from } from 'rxjs';

import { CheckpointedObservable } from '../operators/base/CheckpointedObservable.js';
import { plainNode } from '../operators/base/plainNode.js';

/**
 * Brings a plain Observable (a promise, an iterable …) into a checkpointed pipeline.
 *
 * **Checkpoint:** how many values it has emitted (`position.recordsAfterOffset`). A restore subscribes to it again and
 * skips as many, so it has to be cold and to repeat the same values; one that ends before that is an error. A stream that is
 * checkpointed already stays as it is, with its own state.
 *
 * @example
 * const rows$ = fromObservable(defer(() => readRows('flights.csv')));
 * @param source - anything that RxJS can subscribe to.
 * @param options - `hot: true` for a source that does not repeat what it emitted, which of a Subject or BehaviorSubject is
 * known: nothing is skipped, and what it emits while nobody is subscribed is lost. `hot: false` for what repeats it all the
 * same, such as a Subject with `shareReplay` behind it.
 */
export function fromObservable<T>(
  source: ObservableInput<T>,
  options: { readonly hot?: boolean } = {},
): CheckpointedObservable<T> {
  // Its sources know how they go on (decision 0300).
  if (source instanceof CheckpointedObservable) return source as CheckpointedObservable<T>;
  return plainNode(from(source), { operator: 'fromObservable', isHot: options.hot });
}
