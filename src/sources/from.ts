import type { ObservableInput, ObservedValueOf, SchedulerLike } from 'rxjs';
import { from as rxFrom, isObservable, scheduled } from 'rxjs';

import { CheckpointedObservable } from '../operators/base/CheckpointedObservable.js';
import { plainNode } from '../operators/base/plainNode.js';
import { arrayNode } from './arrayNode.js';

/**
 * Turns an array, an iterable, a promise, an async iterable or an Observable into a checkpointed source. What is
 * synchronous stays so, also in a job.
 *
 * **Checkpoint:** of an array the index of the next item (`position.offset`), of anything else how many values it has
 * emitted (`position.recordsAfterOffset`). A restore goes on at the index, or takes the input from its start and skips
 * as many: an input that does not repeat its values (a generator that was used up) is not restored by it. Of a Subject or
 * BehaviorSubject, which is known to be live, nothing is skipped. With the deprecated scheduler the input cannot be a
 * checkpointed stream in a job, see `scheduled`.
 *
 * @example
 * const totals$ = from(orders).pipe(scan((sum, order) => sum + order.amount, 0));
 * @param input - what RxJS's `from` takes.
 * @throws TypeError for anything else.
 */
export function from<O extends ObservableInput<unknown>>(input: O): CheckpointedObservable<ObservedValueOf<O>>;
/** @deprecated Use `scheduled` of rxjs and `fromObservable`. */
export function from<O extends ObservableInput<unknown>>(
  input: O,
  scheduler: SchedulerLike | undefined,
): CheckpointedObservable<ObservedValueOf<O>>;
export function from<T>(input: ObservableInput<T>, scheduler?: SchedulerLike): CheckpointedObservable<T> {
  if (scheduler) {
    const isAdopted = input instanceof CheckpointedObservable;
    return plainNode(scheduled(input, scheduler), { operator: 'from', isAdopted });
  }
  if (input instanceof CheckpointedObservable) return input as CheckpointedObservable<T>;
  if (!isObservable(input) && isArrayLike<T>(input)) return arrayNode('from', input);
  return plainNode(rxFrom(input), { operator: 'from' });
}

function isArrayLike<T>(value: unknown): value is ArrayLike<T> {
  return typeof value !== 'function' && typeof (value as { length?: unknown } | null | undefined)?.length === 'number';
}
