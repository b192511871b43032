import type { Observable, SchedulerLike } from 'rxjs';
import { asyncScheduler } from 'rxjs';

import { checkOption } from '../errors/invalidOption.js';
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
  checkOption(
    'The interval of everyMs()',
    ms,
    typeof ms === 'number' && ms > 0 && ms < Infinity,
    'above 0, and finite',
  );
  return intervalMs(ms, scheduler);
}
