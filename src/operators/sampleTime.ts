import type { SchedulerLike } from 'rxjs';
import { asyncScheduler } from 'rxjs';

import type { MonoTypeOperatorFunction } from './base/CheckpointedObservable.js';
import { coreOperator } from './base/coreOperator.js';
import { SampleCore } from './SampleCore.js';

/**
 * Emits the latest value every `period` ms, if there has been one since the last time.
 *
 * **Checkpoint:** the value that waits, and when the period ends. A restore goes on with the rest of the period; if that
 * is over, it emits at once, and the periods count from then.
 *
 * ```text
 * source  -a-b-%---c--d-|
 *         sampleTime(4)
 * result  ----b%--c---d-|
 * ```
 *
 * @example
 * const shown$ = prices$.pipe(sampleTime(1_000));
 * @param period - in ms.
 * @param scheduler - where time comes from.
 */
export function sampleTime<T>(period: number, scheduler: SchedulerLike = asyncScheduler): MonoTypeOperatorFunction<T> {
  const timed = { ms: period < 0 ? 0 : period, scheduler };
  return coreOperator<T, T>({
    operator: 'sampleTime',
    create: (dest, site, sources) => new SampleCore<T>(dest, site, sources, timed),
  });
}
