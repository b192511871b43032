import type { SchedulerLike, TimestampProvider } from 'rxjs';
import { Scheduler } from 'rxjs';

/** What a checkpoint has of the clock. */
export interface ClockReading {
  /** What it showed, in ms. */
  readonly timestamp: number;
  /** By how many ms it had been set back until then, all runs together. */
  readonly setBackMs: number;
}

/**
 * The time that the timers of a job go by: that of its scheduler, which may be set back; then this one goes on from
 * where it was when it was last read. Otherwise what is due in a minute would be due in a minute and a year, and
 * timers would change places with those that are set later. A checkpoint reads it, and the next run goes on from there.
 */
export class JobClock implements TimestampProvider {
  private setBackMs: number;
  private latest: number;

  /** @param before - as the checkpoint has it that the job begins with. */
  constructor(
    private readonly scheduler: SchedulerLike,
    readonly before?: ClockReading,
  ) {
    this.setBackMs = before?.setBackMs ?? 0;
    this.latest = before === undefined ? -Infinity : before.timestamp + before.setBackMs;
  }

  now(): number {
    const now = this.scheduler.now() + this.setBackMs;
    if (now >= this.latest) return (this.latest = now);
    this.setBackMs += this.latest - now;
    return this.latest;
  }

  read(): ClockReading {
    const now = this.now();
    return { timestamp: now - this.setBackMs, setBackMs: this.setBackMs };
  }

  /** What timers of that scheduler go by: this, unless its clock is another one. */
  of(scheduler: SchedulerLike): TimestampProvider {
    const { scheduler: own } = this;
    if (scheduler === own) return this;
    // All of RxJS's that go by the time of the system have this in common.
    return scheduler instanceof Scheduler && own instanceof Scheduler && scheduler.now === own.now ? this : scheduler;
  }
}
