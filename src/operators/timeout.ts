import type { ObservableInput, ObservedValueOf, SchedulerLike, TimeoutConfig, TimeoutInfo } from 'rxjs';
import { asyncScheduler, TimeoutError } from 'rxjs';

import type { CheckpointedOperator, MonoTypeOperatorFunction } from './base/CheckpointedObservable.js';
import { timeoutFor } from './TimeoutCore.js';

/**
 * Fails with RxJS's `TimeoutError`, or goes over to another Observable, when a value does not come in time.
 *
 * **Checkpoint:** how many values there have been, and when the time is up; or, after it was, the state of what `with`
 * gave. A restore waits for the rest of the time, or calls `with` again: a checkpointed Observable goes on where it was,
 * any other is subscribed again, and as many of its values are skipped as it had emitted.
 *
 * ```text
 * source  -a--b--%-------c-|
 *         timeout(5)
 * result  -a--b--%-#
 * ```
 *
 * @example
 * const live$ = prices$.pipe(timeout({ each: 5_000, with: () => fallback$ }));
 * @param config - how long the `first` value may take (ms, or until a Date), and `each` after the one before (and the
 * first, if there is no `first`); `with`, which gives what to go over to; the `scheduler` that the time comes from; and
 * `meta`, which the error and `with` are told. `lastValue` is null, as it is in RxJS 7.8.
 * @throws TypeError when there is neither `first` nor `each`.
 */
export function timeout<T, O extends ObservableInput<unknown>, M = unknown>(
  config: TimeoutConfig<T, O, M> & { with: (info: TimeoutInfo<T, M>) => O },
): CheckpointedOperator<T, T | ObservedValueOf<O>>;
export function timeout<T, M = unknown>(
  config: Omit<TimeoutConfig<T, ObservableInput<unknown>, M>, 'with'>,
): CheckpointedOperator<T, T>;
export function timeout<T>(first: Date, scheduler?: SchedulerLike): MonoTypeOperatorFunction<T>;
export function timeout<T>(each: number, scheduler?: SchedulerLike): MonoTypeOperatorFunction<T>;
export function timeout<T, O extends ObservableInput<unknown>, M>(
  config: number | Date | TimeoutConfig<T, O, M>,
  otherwise?: SchedulerLike,
): CheckpointedOperator<T, T | ObservedValueOf<O>> {
  const { with: takeOver = fail, scheduler = otherwise ?? asyncScheduler, ...limits } = toConfig(config);
  return timeoutFor<T, ObservedValueOf<O>>('timeout', { scheduler, ...limits, takeOver: takeOver as typeof fail });
}

function toConfig<T, O extends ObservableInput<unknown>, M>(
  config: number | Date | TimeoutConfig<T, O, M>,
): TimeoutConfig<T, O, M> {
  if (typeof config === 'number') return { each: config };
  if (config instanceof Date) return Number.isNaN(+config) ? {} : { first: config };
  return config;
}

function fail(info: TimeoutInfo<unknown>): never {
  throw new TimeoutError(info);
}
