import type { SchedulerLike, ThrottleConfig } from 'rxjs';

import type { MonoTypeOperatorFunction } from './base/CheckpointedObservable.js';
import { timedDuration } from './DurationCore.js';
import { throttleFor } from './ThrottleCore.js';

/**
 * Emits a value, and then ignores others for `duration` ms.
 *
 * **Checkpoint:** when the time is up, and (with `trailing`) the value that waits for it. A restore waits for the rest of
 * the time.
 *
 * ```text
 * source  -a-b%---c---d|
 *         throttleTime(5)
 * result  -a--%---c----|
 * ```
 *
 * @example
 * const positions$ = moves$.pipe(throttleTime(100));
 * @param duration - in ms.
 * @param scheduler - where time comes from.
 * @param config - whether to emit at the start of the time (`leading`, the default), at its end (`trailing`), or both.
 */
export function throttleTime<T>(
  duration: number,
  scheduler?: SchedulerLike,
  config?: ThrottleConfig,
): MonoTypeOperatorFunction<T> {
  return throttleFor('throttleTime', timedDuration(duration, scheduler), config);
}
