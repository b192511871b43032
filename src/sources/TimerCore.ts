import type { SchedulerLike, Subscriber } from 'rxjs';

import { msUntil } from '../operators/base/msUntil.js';
import { OperatorCore } from '../operators/base/OperatorCore.js';
import type { Site } from '../operators/base/Site.js';
import type { TimerSnapshot } from '../operators/base/Timers.js';
import { Timers } from '../operators/base/Timers.js';

/** What a timer is to do. */
export interface Ticking {
  readonly operator: string;
  /** Of the first number: ms from the subscription, or a Date. */
  readonly due: number | Date;
  /** In ms, from one number to the next; there is no next one if it is negative. */
  readonly period: number;
  readonly scheduler: SchedulerLike;
}

interface TimerState {
  /** The number that comes next. */
  next: number;
}

export interface TimerCoreSnapshot extends TimerState {
  readonly timers: readonly TimerSnapshot<null>[];
}

/** A timer in a job. */
export class TimerCore extends OperatorCore<number, TimerState> {
  s: TimerState = { next: 0 };
  private readonly timers: Timers<null>;

  constructor(
    dest: Subscriber<number>,
    private readonly jobSite: Site,
    private readonly ticking: Ticking,
  ) {
    super(dest, jobSite, []);
    this.timers = new Timers(ticking.scheduler, jobSite.run, () => this.onTimer());
  }

  protected override onOpen(): void {
    const { dest, ticking } = this;
    if (dest.closed) return;
    if (this.jobSite.run.isDraining) this.drain();
    if (dest.closed) return;
    this.timers.schedule(msUntil(ticking.due, ticking.scheduler), null);
  }

  private onTimer(): void {
    const { dest, s } = this;
    const { period } = this.ticking;
    dest.next(s.next++);
    if (dest.closed) return;
    if (period >= 0) this.timers.scheduleAgain(period, null);
    else dest.complete();
  }

  /** As of any source: in an inner pipeline it runs to its own end. */
  drain(): void {
    const { jobSite, dest } = this;
    if (jobSite.scope.home.parent === null && !dest.closed) jobSite.run.turn(() => dest.complete());
  }

  override onNext(): void {}

  override onComplete(): void {}

  protected override onEnd(): void {
    this.timers.cancelAll();
  }

  protected captureState(): TimerCoreSnapshot {
    return { next: this.s.next, timers: Object.freeze(this.timers.snapshot(() => null)) };
  }

  protected restoreState({ next, timers }: TimerCoreSnapshot): void {
    this.s = { next };
    for (const timer of timers) this.timers.restore(timer, null, this.jobSite.run.connecting);
  }
}
