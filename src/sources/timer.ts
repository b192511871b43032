import type { SchedulerLike } from 'rxjs';
import { asyncScheduler } from 'rxjs';

import type { CheckpointedObservable } from '../operators/base/CheckpointedObservable.js';
import { isScheduler } from './isScheduler.js';
import { timerNode } from './timerNode.js';

/**
 * Emits 0 after a while and completes; with an interval it goes on counting, at that distance, for ever.
 *
 * **Checkpoint:** the next number, and the absolute time at which it is due. If that has passed at a restore, the
 * number is emitted first thing, and the interval goes on from then: what fell due while nothing ran comes as one
 * number, as it does when an event loop is held up.
 *
 * ```text
 *         timer(2, 3)
 * result  --0--%1--2--3
 * ```
 *
 * @example
 * const reports$ = timer(midnight, 86_400_000);
 * @param due - when the first number comes: in ms from the subscription, or a Date.
 * @param scheduler - the clock. Default: `asyncScheduler`.
 */
export function timer(due: number | Date, scheduler?: SchedulerLike): CheckpointedObservable<0>;
/**
 * The same with an interval.
 *
 * @param intervalDuration - in ms, between one number and the next; a negative one is none.
 */
export function timer(
  startDue: number | Date,
  intervalDuration: number,
  scheduler?: SchedulerLike,
): CheckpointedObservable<number>;
/** @deprecated Leave out the second argument: `timer(due, scheduler)`. */
export function timer(dueTime: number | Date, unused: undefined, scheduler?: SchedulerLike): CheckpointedObservable<0>;
export function timer(
  due: number | Date = 0,
  intervalOrScheduler?: number | SchedulerLike | null,
  scheduler: SchedulerLike = asyncScheduler,
): CheckpointedObservable<number> {
  if (isScheduler(intervalOrScheduler)) return timerNode('timer', due, -1, intervalOrScheduler);
  return timerNode('timer', due, intervalOrScheduler ?? -1, scheduler);
}
