import type { SchedulerLike } from 'rxjs';

import { auditFor } from './AuditCore.js';
import type { MonoTypeOperatorFunction } from './base/CheckpointedObservable.js';
import { timedDuration } from './DurationCore.js';

/**
 * Ignores values for `duration` ms after one has come, and then emits the latest.
 *
 * **Checkpoint:** the latest value, and when the time is up. A restore waits for the rest of it; if that is over, it emits
 * at once.
 *
 * ```text
 * source  -a-b%----c------|
 *         auditTime(3)
 * result  ----%b------c---|
 * ```
 *
 * @example
 * const positions$ = moves$.pipe(auditTime(100));
 * @param duration - in ms.
 * @param scheduler - where time comes from.
 */
export function auditTime<T>(duration: number, scheduler?: SchedulerLike): MonoTypeOperatorFunction<T> {
  return auditFor('auditTime', timedDuration(duration, scheduler));
}
