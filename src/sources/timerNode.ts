import type { SchedulerLike, Subscriber } from 'rxjs';

import { CheckpointedObservable } from '../operators/base/CheckpointedObservable.js';
import { msUntil } from '../operators/base/msUntil.js';
import { OperatorCore } from '../operators/base/OperatorCore.js';
import type { Site } from '../operators/base/Site.js';
import type { TimerSnapshot } from '../operators/base/Timers.js';
import { Timers } from '../operators/base/Timers.js';

/**
 * A source that counts in time.
 *
 * @param due - of the first number: ms from the subscription, or a Date.
 * @param period - ms from one number to the next; there is no next one if it is negative.
 */
export function timerNode(
  operator: string,
  due: number | Date,
  period: number,
  scheduler: SchedulerLike,
): CheckpointedObservable<number> {
  return new CheckpointedObservable<number>({
    operator,
    isStateful: true,
    inputs: [],
    connect: (dest, site) => new TimerCore(dest, site, due, period, scheduler).connect(),
  });
}

interface TimerState {
  /** The number that comes next. */
  next: number;
}

interface TimerCoreSnapshot extends TimerState {
  readonly timers: readonly TimerSnapshot<null>[];
}

class TimerCore extends OperatorCore<number, TimerState> {
  s: TimerState = { next: 0 };
  private readonly timers: Timers<null>;

  constructor(
    dest: Subscriber<number>,
    site: Site | null,
    private readonly due: number | Date,
    private readonly period: number,
    private readonly scheduler: SchedulerLike,
  ) {
    super(dest, site, []);
    this.timers = new Timers(scheduler, site?.run ?? null, () => this.onTimer());
  }

  protected override onOpen(): void {
    const { dest, due, scheduler } = this;
    if (dest.closed) return;
    if (this.site?.run.isDraining === true) this.drain();
    if (dest.closed) return;
    this.timers.schedule(msUntil(due, scheduler), null);
  }

  private onTimer(): void {
    const { dest, period, s } = this;
    dest.next(s.next++);
    if (dest.closed) return;
    if (period >= 0) this.timers.scheduleAgain(period, null);
    else dest.complete();
  }

  /** As of any source: in an inner pipeline it runs to its own end. */
  drain(): void {
    const { site, dest } = this;
    if (site?.scope.home.parent === null && !dest.closed) site.run.turn(() => dest.complete());
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
    for (const timer of timers) this.timers.restore(timer, null, this.site!.run.connecting);
  }
}
