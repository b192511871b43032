import type { ObservableInput, SchedulerLike } from 'rxjs';
import { scheduled as rxScheduled } from 'rxjs';

import { CheckpointedObservable } from '../operators/base/CheckpointedObservable.js';
import { plainNode } from '../operators/base/plainNode.js';

/**
 * Turns an array, an iterable, a promise, an async iterable or a plain Observable into a source that does its work on
 * a scheduler: each value comes in a task of its own.
 *
 * **Checkpoint:** how many values it has emitted (`position.recordsAfterOffset`). A restore takes the input from its
 * start and skips as many. In a job the input cannot be a checkpointed stream, whose state would be lost:
 * that fails with a `ForeignOperatorError`; use `observeOn` and `subscribeOn` there.
 *
 * @example
 * const items$ = scheduled(items, asapScheduler);
 * @param input - what RxJS's `scheduled` takes.
 * @param scheduler - what runs the tasks.
 * @throws TypeError for anything else.
 */
export function scheduled<T>(input: ObservableInput<T>, scheduler: SchedulerLike): CheckpointedObservable<T> {
  const isAdopted = input instanceof CheckpointedObservable;
  return plainNode(rxScheduled(input, scheduler), { operator: 'scheduled', isAdopted });
}
