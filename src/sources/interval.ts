import type { SchedulerLike } from 'rxjs';
import { asyncScheduler } from 'rxjs';

import type { CheckpointedObservable } from '../operators/base/CheckpointedObservable.js';
import { timerNode } from './timerNode.js';

/**
 * Counts from 0, one number after each `period`, for ever.
 *
 * **Checkpoint:** the next number, and the absolute time at which it is due. If that has passed at a restore, the
 * number is emitted first thing, and the period goes on from then: what fell due while nothing ran comes as one number,
 * as it does when an event loop is held up.
 *
 * ```text
 *         interval(3)
 * result  ---0--%1--2
 * ```
 *
 * @example
 * const seconds$ = interval(1_000);
 * @param period - in ms.
 * @param scheduler - the clock. Default: `asyncScheduler`.
 */
export function interval(period = 0, scheduler: SchedulerLike = asyncScheduler): CheckpointedObservable<number> {
  const ms = period < 0 ? 0 : period;
  // RxJS takes null for no period: one number, and the end.
  return timerNode('interval', ms, ms ?? -1, scheduler);
}
