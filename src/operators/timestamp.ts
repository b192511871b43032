import type { Timestamp, TimestampProvider } from 'rxjs';
import { asyncScheduler } from 'rxjs';

import type { CheckpointedOperator } from './base/CheckpointedObservable.js';
import { map } from './map.js';

/**
 * Emits each value with the time when it came.
 *
 * **Checkpoint:** nothing. A restore repeats nothing; values that are read again after a crash get the time when they
 * come again.
 *
 * ```text
 * source  -1-%-2-|
 *         timestamp()
 * result  -a-%-b-|      a = { value: 1, timestamp: … }
 * ```
 *
 * @example
 * const timed$ = readings$.pipe(timestamp());
 * @param timestampProvider - the clock. Default: that of RxJS's schedulers, in ms since the epoch.
 */
export function timestamp<T>(
  timestampProvider: TimestampProvider = asyncScheduler,
): CheckpointedOperator<T, Timestamp<T>> {
  return map((value: T) => ({ value, timestamp: timestampProvider.now() }));
}
