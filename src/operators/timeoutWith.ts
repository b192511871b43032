import type { ObservableInput, SchedulerLike } from 'rxjs';
import { asyncScheduler } from 'rxjs';

import type { CheckpointedOperator } from './base/CheckpointedObservable.js';
import { timeoutFor } from './TimeoutCore.js';

/**
 * Goes over to another Observable when a value does not come in time.
 *
 * **Checkpoint:** as `timeout`: when the time is up, or the state of what has taken over. A restore waits for the rest of the
 * time, or subscribes to `switchTo` again: a checkpointed Observable goes on where it was, of any other what it had
 * emitted is skipped.
 *
 * ```text
 * source  -a--b--%-------c-|
 *         timeoutWith(5, other)     (other: --x|)
 * result  -a--b--%-----x|
 * ```
 *
 * @example
 * const live$ = prices$.pipe(timeoutWith(5_000, fallback$));
 * @param due - ms for each value, or the time until which the first has to come.
 * @param switchTo - what to go over to.
 * @param scheduler - where time comes from.
 * @throws TypeError when there is no time, or nothing to go over to.
 * @deprecated Use `timeout({ each, with })`.
 */
export function timeoutWith<T, R>(
  due: Date,
  switchTo: ObservableInput<R>,
  scheduler?: SchedulerLike,
): CheckpointedOperator<T, T | R>;
/** @deprecated Use `timeout({ each, with })`. */
export function timeoutWith<T, R>(
  due: number,
  switchTo: ObservableInput<R>,
  scheduler?: SchedulerLike,
): CheckpointedOperator<T, T | R>;
export function timeoutWith<T, R>(
  due: number | Date,
  switchTo: ObservableInput<R>,
  scheduler?: SchedulerLike,
): CheckpointedOperator<T, T | R> {
  if (!(switchTo as unknown)) throw new TypeError('No observable provided to switch to');
  const isDate = due instanceof Date && !Number.isNaN(+due);
  return timeoutFor<T, R>('timeoutWith', {
    first: isDate ? due : undefined,
    each: typeof due === 'number' ? due : undefined,
    scheduler: scheduler ?? asyncScheduler,
    takeOver: () => switchTo,
  });
}
