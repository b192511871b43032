import type { SchedulerLike, Subscriber } from 'rxjs';

import { CheckpointedObservable } from '../operators/base/CheckpointedObservable.js';
import type { JobInnersOf } from '../operators/base/Inner.js';
import type { LateDefinition } from '../operators/base/LateInner.js';
import { msUntil } from '../operators/base/msUntil.js';
import { NO_INPUTS } from '../operators/base/noInputs.js';
import type { Node, Site, Upstream } from '../operators/base/Site.js';
import type { Firing, TimerAction } from '../operators/base/Timers.js';
import { scheduleFiring } from '../operators/base/Timers.js';
import { TimerInner } from './TimerInner.js';
import type { Ticking } from './TimerSource.js';
import { TimerSource } from './TimerSource.js';

/** A source that counts in time. */
export function timerNode(
  operator: string,
  due: number | Date,
  period: number,
  scheduler: SchedulerLike,
): CheckpointedObservable<number> {
  return new CheckpointedObservable(new TimerDefinition(operator, due, period, scheduler));
}

class TimerDefinition implements LateDefinition<number>, Ticking {
  constructor(
    readonly operator: string,
    readonly due: number | Date,
    readonly period: number,
    readonly scheduler: SchedulerLike,
  ) {}

  get inputs(): readonly Node[] {
    return NO_INPUTS;
  }

  get isStateful(): boolean {
    return true;
  }

  createInner<T>(home: JobInnersOf<T>, index: number, value: T): TimerInner<T> {
    return new TimerInner(home, index, value, this);
  }

  connectLate(dest: Subscriber<number>): Subscriber<unknown> {
    return dest;
  }

  connect(dest: Subscriber<number>, site: Site | null): Upstream | null {
    if (site !== null) {
      new TimerSource(dest, site, this).connect();
      return null;
    }
    const { scheduler, due } = this;
    dest.add(scheduleFiring(scheduler, new Ticks(dest, this.period), msUntil(due, scheduler)));
    return null;
  }
}

/** A timer outside of a job. */
class Ticks implements Firing {
  private count = 0;

  constructor(
    private readonly dest: Subscriber<number>,
    private readonly period: number,
  ) {}

  fire(action: TimerAction): void {
    const { dest, period } = this;
    if (dest.closed) return;
    dest.next(this.count++);
    if (period >= 0) action.schedule(this, period);
    else dest.complete();
  }
}
