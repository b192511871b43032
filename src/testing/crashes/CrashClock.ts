import type { SchedulerAction, SchedulerLike, Subscription, TimestampProvider } from 'rxjs';
import { asyncScheduler } from 'rxjs';

import { LastingTime } from '../LastingTime.js';
import type { ClockJump, ClockJumps } from './ClockJump.js';
import { aheadBy, inThisProcess } from './ClockJump.js';

/** Where a process begins. */
export interface Beginning {
  /** How many ms have passed. */
  readonly now: number;
  /** How many timers of what is outside of the process have fired. */
  readonly outsideSteps: number;
  readonly jumps: ClockJumps;
  /** Whether nothing else was due. */
  readonly isQuiet: boolean;
}

export interface CrashClockOptions {
  /** What happens to it while the process lives; `restart` in what restarts are compared with. */
  readonly planned: ClockJumps;
  /** By how much it jumps where the process begins with a checkpoint. */
  readonly restartByMs: number;
}

/** The time of one process: virtual, with a clock that may be set. Times are ms that have passed, whatever that shows. */
export class CrashClock {
  readonly time = new LastingTime();
  jumps: ClockJumps = [];
  /** What the timers of the job go by, once there is one: it takes note of the clock when it reads it. */
  jobClock: TimestampProvider | null = null;
  private done = 0;

  constructor(private readonly options: CrashClockOptions) {}

  /** For inputs, which go on where they were: nobody sets the clock of the outside. */
  readonly inputs: SchedulerLike = {
    now: () => this.now,
    schedule: <T>(work: (this: SchedulerAction<T>, state?: T) => void, delay?: number, state?: T): Subscription =>
      this.time.besideClock(() => asyncScheduler.schedule(work, delay, state)),
  };

  get now(): number {
    return this.time.now - aheadBy(this.jumps);
  }

  /** When the next timer is due. */
  get nextDue(): number {
    return this.time.nextDue - aheadBy(this.jumps);
  }

  begin({ now, outsideSteps, jumps, isQuiet }: Beginning): void {
    const { time } = this;
    time.setClock(this.now);
    time.beginAt(now, outsideSteps);
    const byMs = isQuiet ? this.options.restartByMs : 0;
    // Where it was set, a restart brings timers back as the new clock has it.
    const isPlain = byMs === 0 && inThisProcess(jumps).length === 0;
    this.jumps = isPlain ? jumps : [...jumps, { kind: 'restart', at: now, byMs }];
    time.setClock(now + aheadBy(this.jumps));
  }

  /** What is planned for now happens: before the next timer fires. */
  jumpIfDue(): void {
    const { planned } = this.options;
    for (; this.done < planned.length && planned[this.done]!.at < this.nextDue; this.done++)
      this.jump(planned[this.done]!);
  }

  private jump(jump: ClockJump): void {
    const { time, jobClock } = this;
    const to = jump.at + aheadBy(this.jumps) + jump.byMs;
    // Or it knew nothing of what passes until it looks again.
    jobClock?.now();
    if (jump.kind === 'set') time.setClock(to);
    else time.restart(to);
    this.jumps = [...this.jumps, jump];
    jobClock?.now();
  }

  /**
   * Whether nobody can tell in which order another process would find what is due: the clock was put ahead of timers that
   * run, and of several that are due now some have fired.
   */
  get isUnclear(): boolean {
    return this.nextDue <= this.now && inThisProcess(this.jumps).some(({ byMs }) => byMs > 0);
  }
}
