import type { ObservableInput, SchedulerLike, Subscriber } from 'rxjs';
import { asyncScheduler } from 'rxjs';

import type { Capture } from '../checkpoint/protocol/Capture.js';
import type { Revival } from '../checkpoint/protocol/Revival.js';
import { HigherOrderCore } from './base/HigherOrderCore.js';
import { Inner } from './base/Inner.js';
import type { InnersSnapshot } from './base/JobInners.js';
import { msUntil } from './base/msUntil.js';
import type { Site } from './base/Site.js';
import type { Timer, TimerSnapshot } from './base/Timers.js';
import { Timers } from './base/Timers.js';
import { isScheduler } from '../sources/isScheduler.js';

/** How long something lasts after a value: until what a function returns for it emits, or so long. */
export type Duration<T> = ((value: T) => ObservableInput<unknown>) | TimedDuration;

export interface TimedDuration {
  readonly due: number | Date;
  readonly scheduler: SchedulerLike;
}

/** A time as RxJS's `timer` takes it, anew for each value: what is no scheduler is none. */
export function timedDuration(due: number | Date, scheduler: SchedulerLike | undefined): TimedDuration {
  return { due, scheduler: isScheduler(scheduler) ? scheduler : asyncScheduler };
}

interface DurationState<T> {
  hasValue: boolean;
  value: T | null;
  /** Of the next duration. */
  index: number;
}

export interface DurationSnapshot<T> {
  readonly hasValue: boolean;
  readonly value: T | null;
  readonly index: number;
  /** Index of the running duration. */
  readonly running: number | null;
  readonly inners: InnersSnapshot<T>;
  readonly timers: readonly TimerSnapshot<number>[];
}

/** What debounce, throttle, audit and their timed forms have in common: a value that is held, and a duration that runs. */
export abstract class DurationCore<T> extends HigherOrderCore<T, T, DurationState<T>> {
  s: DurationState<T> = { hasValue: false, value: null, index: 0 };
  protected running: Inner<T, unknown> | Timer<number> | null = null;
  private readonly timers: Timers<number> | null;

  constructor(
    dest: Subscriber<T>,
    site: Site | null,
    sources: readonly ObservableInput<unknown>[],
    private readonly duration: Duration<T>,
  ) {
    super(dest, site, sources);
    const run = site?.run ?? null;
    this.timers = isTimed(duration) ? new Timers(duration.scheduler, run, (index) => this.onTimer(index)) : null;
  }

  /** A duration is over. */
  abstract override onInnerNext(): void;

  protected onTimer(_index: number): void {
    try {
      this.onInnerNext();
    } catch (error) {
      // As from a notifier.
      this.dest.error(error);
    }
  }

  /** Starts a duration. A timer is the running one from then on; for an inner a subclass says when it is. */
  protected startDuration(value: T): Inner<T, unknown> | Timer<number> | null {
    const { timers, duration, s } = this;
    const index = s.index++;
    if (timers === null) return this.subscribeInner(value, index);
    if (this.dest.closed) return null;
    const { due, scheduler } = duration as TimedDuration;
    const timer = timers.schedule(msUntil(due, scheduler), index);
    // A scheduler may have run it at once.
    if (!timer.closed) this.running = timer;
    return timer;
  }

  protected hold(value: T): void {
    this.s.hasValue = true;
    this.s.value = value;
  }

  /** Gives the held value away; to be called if there is one. */
  protected release(): T {
    const { s } = this;
    const value = s.value as T;
    s.hasValue = false;
    s.value = null;
    return value;
  }

  protected leaveDuration(): void {
    this.running?.unsubscribe();
    this.running = null;
  }

  project(value: T): ObservableInput<unknown> {
    const { duration } = this;
    return (duration as (value: T) => ObservableInput<unknown>)(value);
  }

  protected override onEnd(): void {
    super.onEnd();
    this.timers?.cancelAll();
  }

  protected captureState(capture: Capture): DurationSnapshot<T> {
    const { running } = this;
    const { hasValue, value, index } = this.s;
    return {
      hasValue,
      value: hasValue ? capture.held(value, 'value') : null,
      index,
      running: running === null || running.closed ? null : indexOf(running),
      inners: this.captureInners(capture),
      timers: Object.freeze(this.timers?.snapshot((payload) => payload) ?? []),
    };
  }

  protected override restoreStructure({ index }: DurationSnapshot<T>): void {
    this.s.index = index;
  }

  protected restoreState({ hasValue, value, running, inners, timers }: DurationSnapshot<T>, revival: Revival): void {
    if (hasValue) this.hold(revival.held(value) as T);
    this.restoreInners(inners);
    this.running = running === null ? null : this.innerOf(running);
    const round = this.site!.run.connecting;
    for (const timer of timers) {
      const restored = this.timers!.restore(timer, timer.payload, round);
      if (timer.payload === running) this.running = restored;
    }
  }
}

/** What is neither, which JavaScript can pass, fails with the first value, as in RxJS. */
function isTimed(duration: Duration<never> | null | undefined): duration is TimedDuration {
  return typeof duration === 'object' && duration !== null && 'scheduler' in duration;
}

function indexOf(running: Inner<unknown, unknown> | Timer<number>): number {
  return running instanceof Inner ? running.index : running.payload;
}
