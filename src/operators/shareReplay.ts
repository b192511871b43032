import type { SchedulerLike } from 'rxjs';
import { ReplaySubject } from 'rxjs';

import type { CheckpointedOperator, MonoTypeOperatorFunction } from './base/CheckpointedObservable.js';
import { sharing } from './sharing.js';

export interface ShareReplayConfig {
  /** How many values whoever comes later gets. Default: all. */
  bufferSize?: number;
  /** For how long a value is kept for them, in ms. Default: for ever. */
  windowTime?: number;
  /** Whether the source is left, and all is forgotten, when the last subscriber leaves. */
  refCount: boolean;
  /** The clock of `windowTime`. */
  scheduler?: SchedulerLike;
}

/**
 * Lets several subscribers share one subscription to the source, and gives those that come later its last values. In a
 * job there is one, however many pipelines use it; when they are several, or inner pipelines use it, it needs a `uid`.
 *
 * Without `refCount` the source goes on when nobody listens; in a job as long as a pipeline that uses it runs.
 *
 * **Checkpoint:** the values that are kept, with the absolute times when they are forgotten; how the source ended; which
 * branches there are. Who comes after a restore gets the values that came before it.
 *
 * ```text
 * source     -1-2-%-3-|
 *            shareReplay(1)
 * at once    -1-2-%-3-|
 * from 6 on        2-3-|
 * ```
 *
 * @example
 * const rates$ = quotes$.pipe(shareReplay({ bufferSize: 1, refCount: true }), uid('rates'));
 * @param configOrBufferSize - all options, or how many values are kept.
 * @param windowTime - for how long, in ms.
 * @param scheduler - the clock of `windowTime`.
 */
export function shareReplay<T>(config: ShareReplayConfig): MonoTypeOperatorFunction<T>;
export function shareReplay<T>(
  bufferSize?: number,
  windowTime?: number,
  scheduler?: SchedulerLike,
): MonoTypeOperatorFunction<T>;
export function shareReplay<T>(
  configOrBufferSize?: ShareReplayConfig | number,
  windowTime?: number,
  scheduler?: SchedulerLike,
): CheckpointedOperator<T, T> {
  let bufferSize: number | undefined;
  let refCount = false;
  if (typeof configOrBufferSize === 'object' && configOrBufferSize !== null) {
    ({ bufferSize, windowTime, refCount = false, scheduler } = configOrBufferSize);
  } else {
    bufferSize = configOrBufferSize ?? Infinity;
  }
  return sharing('shareReplay', {
    connector: () => new ReplaySubject<T>(bufferSize, windowTime, scheduler),
    resetOnError: true,
    resetOnComplete: false,
    resetOnRefCountZero: refCount,
  });
}
