import type { SchedulerLike, TimeInterval } from 'rxjs';
import { asyncScheduler, of, timeInterval as rxTimeInterval } from 'rxjs';

import type { CheckpointedOperator } from './base/CheckpointedObservable.js';
import type { SyncOperator } from './base/SyncSubscriber.js';
import { syncOperator } from './base/SyncSubscriber.js';

/**
 * Emits each value with the time that has passed since the one before it, or since the subscription.
 *
 * **Checkpoint:** when the last value came. A restore repeats nothing; the time that no process ran counts.
 *
 * ```text
 * source  -1-%-2-|
 *         timeInterval()
 * result  -a-%-b-|      a = { value: 1, interval: 1 }, b = { value: 2, interval: 4 }
 * ```
 *
 * @example
 * const pauses$ = clicks$.pipe(timeInterval());
 * @param scheduler - the clock. Default: `asyncScheduler`.
 */
export function timeInterval<T>(scheduler: SchedulerLike = asyncScheduler): CheckpointedOperator<T, TimeInterval<T>> {
  return syncOperator<T, TimeInterval<T>, number, SchedulerLike>(timeIntervalOperator, scheduler, () =>
    scheduler.now(),
  );
}

interface TimeIntervalSnapshot {
  readonly lastMs: number;
}

/** The state is when the last value came. */
const timeIntervalOperator: SyncOperator<unknown, TimeInterval<unknown>, number, SchedulerLike> = {
  operator: 'timeInterval',
  differsInJobs: true,
  next(value) {
    try {
      const now = this.args.now();
      const interval = now - this.s;
      this.s = now;
      this.out.next(this.site === null ? new (timeIntervalClass())(value, interval) : { value, interval });
    } catch (error) {
      this.dest.error(error);
    }
  },
  capture: (lastMs): TimeIntervalSnapshot => ({ lastMs }),
  restore: ({ lastMs }: TimeIntervalSnapshot) => lastMs,
};

type TimeIntervalClass = new (value: unknown, interval: number) => TimeInterval<unknown>;
let found: TimeIntervalClass | null = null;

/** RxJS's own class, which it does not export. In a job the same without a class, as all that is stored. */
function timeIntervalClass(): TimeIntervalClass {
  if (found === null)
    void of(null)
      .pipe(rxTimeInterval())
      .forEach((sample) => (found = sample.constructor as TimeIntervalClass));
  return found!;
}
