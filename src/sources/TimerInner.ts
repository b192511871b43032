import type { SchedulerLike, Subscription } from 'rxjs';

import type { ParticipantSnapshot } from '../checkpoint/protocol/Snapshot.js';
import type { JobInnersOf } from '../operators/base/Inner.js';
import { LateInner } from '../operators/base/LateInner.js';
import { msUntil } from '../operators/base/msUntil.js';
import type { Consumer, Site } from '../operators/base/Site.js';
import type { InnerSource } from '../operators/base/SourcePart.js';
import { SourcePart } from '../operators/base/SourcePart.js';
import type { Firing, TimerAction } from '../operators/base/Timers.js';
import { scheduleFiring } from '../operators/base/Timers.js';
import type { Ticking } from './TimerSource.js';
import { timerSnapshot } from './TimerSource.js';

/** An inner that is a timer. In the job it does what a `TimerSource` under an inner does. */
export class TimerInner<T> extends LateInner<T, number> implements Firing, InnerSource {
  private count = 0;
  private due = 0;
  private serial = 0;
  private action: Subscription | null = null;

  constructor(
    home: JobInnersOf<T>,
    index: number,
    value: T,
    private readonly ticking: Ticking,
  ) {
    super(home, index, value);
  }

  protected start(): void {
    const { scheduler, due } = this.ticking;
    const ms = msUntil(due, scheduler);
    this.plan(scheduler, ms);
    this.action = scheduleFiring(scheduler, this, ms);
  }

  private plan(scheduler: SchedulerLike, ms: number): void {
    this.due = this.site.run.clockOf(scheduler).now() + Math.max(0, ms);
    this.serial = this.site.run.serial++;
  }

  fire(action: TimerAction): void {
    if (this.closed) return;
    const { run } = this.site;
    run.enter();
    try {
      this.into.next(this.count++);
      if (!this.into.closed) this.goOn(action);
    } finally {
      run.leave();
    }
  }

  private goOn(action: TimerAction): void {
    const { scheduler, period } = this.ticking;
    if (!(period >= 0)) return this.into.complete();
    this.plan(scheduler, period);
    this.action = action.schedule(this, period);
  }

  protected enlistSource(place: Site): void {
    this.enlistPart(new SourcePart(this, this.into as Consumer<unknown>, place.name, this.scope));
  }

  snapshot(): ParticipantSnapshot {
    return timerSnapshot(this.count, true, this.due, this.serial);
  }

  protected override left(): void {
    this.action?.unsubscribe();
    super.left();
  }
}
