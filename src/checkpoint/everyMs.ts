import type { Observable, SchedulerLike } from 'rxjs';
import { asyncScheduler } from 'rxjs';

import { intervalMs } from '../io/afterMs.js';

/**
 * A trigger: every so many ms while pipelines run. One that finds a checkpoint on its way is refused, so a slow storage
 * makes checkpoints rarer, and nothing queues up.
 *
 * @example
 * const checkpoints = new CheckpointSubject({ storage, trigger: everyMs(5_000) });
 * @param ms - above 0, and finite.
 * @throws RangeError
 */
export function everyMs(ms: number, scheduler: SchedulerLike = asyncScheduler): Observable<number> {
  if (!(ms > 0 && ms < Infinity)) throw new RangeError(`everyMs(${ms}): it has to be above 0.`);
  return intervalMs(ms, scheduler);
}
