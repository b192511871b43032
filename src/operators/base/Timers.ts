import type { SchedulerAction, SchedulerLike, Subscription, TimestampProvider } from 'rxjs';
import { Scheduler } from 'rxjs';

import type { Seated } from '../../checkpoint/protocol/Roster.js';
import { Roster } from '../../checkpoint/protocol/Roster.js';
import type { RestoredTimer, Round } from '../../checkpoint/protocol/Round.js';
import type { Run } from '../../checkpoint/protocol/Run.js';

/** A pending timer in a snapshot. */
export interface TimerSnapshot<P> {
  /** When it is due, in ms of its scheduler's clock, or of the job's: absolute, so that a restore knows what is left. */
  readonly due: number;
  /** Tells the order among timers that are due at the same time. */
  readonly serial: number;
  readonly payload: P;
}

export interface Firing {
  fire(action: TimerAction): void;
}

export type TimerAction = SchedulerAction<Firing>;

/** A pending timer. Its payload is data, not a closure, so that it can be stored and restored. */
export class Timer<P> implements RestoredTimer, Firing, Seated {
  seat = -1;
  private action: Subscription | null = null;
  private isDone = false;

  constructor(
    private readonly timers: Timers<P>,
    public due: number,
    public serial: number,
    public payload: P,
  ) {}

  schedule(delayMs: number): void {
    this.action = scheduleFiring(this.timers.scheduler, this, delayMs);
  }

  /** Having fired, goes on with the action that runs just now. */
  restart(action: TimerAction, delayMs: number): void {
    this.isDone = false;
    this.action = action.schedule(this, delayMs);
  }

  arm(): boolean {
    const left = this.due - this.timers.now();
    if (left <= 0) return false;
    if (!this.isDone) this.schedule(left);
    return true;
  }

  /** A timer can be given up as a subscription can. */
  get closed(): boolean {
    return this.isDone;
  }

  unsubscribe(): void {
    this.cancel();
  }

  /** @param action - the one that runs; none for a timer that became due while nothing ran. */
  fire(action: TimerAction | null = null): void {
    if (this.isDone) return;
    this.isDone = true;
    this.timers.forget(this);
    this.timers.fire(this, action);
  }

  cancel(): void {
    if (this.isDone) return;
    this.isDone = true;
    this.action?.unsubscribe();
    this.timers.forget(this);
  }
}

export function scheduleFiring(scheduler: SchedulerLike, firing: Firing, delayMs: number): Subscription {
  // A scheduler of the user's may know no more than work and delay. RxJS's own spare each timer a closure.
  return scheduler instanceof Scheduler
    ? scheduler.schedule(fireTimer, delayMs, firing)
    : scheduler.schedule(workOf(firing), delayMs);
}

function fireTimer(this: TimerAction, timer?: Firing): void {
  timer?.fire(this);
}

/** The same without a state; an action that goes on is handed the next timer. */
function workOf(timer: Firing): (this: TimerAction, next?: Firing) => void {
  return function (next) {
    (next ?? timer).fire(this);
  };
}

/**
 * The pending timers of one operator. Time comes from its scheduler only. A timer that fires is a turn.
 */
export class Timers<P> {
  private readonly pending = new Roster<Timer<P>>();
  private serial = 0;
  /** The timer that fires just now, and the action that runs it. */
  private firing: Timer<P> | null = null;
  private running: TimerAction | null = null;
  private readonly clock: TimestampProvider;

  constructor(
    readonly scheduler: SchedulerLike,
    private readonly run: Run | null,
    private readonly onTimer: (payload: P) => void,
  ) {
    this.clock = run === null ? scheduler : run.clockOf(scheduler);
  }

  /** By the clock that they go by: in a job that one is never set back. */
  now(): number {
    return this.clock.now();
  }

  schedule(delayMs: number, payload: P): Timer<P> {
    const timer = new Timer(this, this.dueIn(delayMs), this.nextSerial(), payload);
    this.pending.add(timer);
    timer.schedule(delayMs);
    return timer;
  }

  /**
   * For a timer that is to go on when it fires: continues its action, as RxJS's operators do. That keeps an interval an
   * interval, and its place among others of the same time.
   */
  scheduleAgain(delayMs: number, payload: P): Timer<P> {
    const { firing, running } = this;
    if (firing === null || running === null) return this.schedule(delayMs, payload);
    this.firing = this.running = null;
    firing.due = this.dueIn(delayMs);
    firing.serial = this.nextSerial();
    firing.payload = payload;
    this.pending.add(firing);
    firing.restart(running, delayMs);
    return firing;
  }

  /** Outside of a job nobody asks. */
  private dueIn(delayMs: number): number {
    return this.run === null ? 0 : this.clock.now() + Math.max(0, delayMs);
  }

  private nextSerial(): number {
    return this.run === null ? this.serial++ : this.run.serial++;
  }

  get size(): number {
    return this.pending.size;
  }

  fire(timer: Timer<P>, action: TimerAction | null): void {
    const { run } = this;
    this.firing = timer;
    this.running = action;
    run?.enter();
    try {
      this.onTimer(timer.payload);
    } finally {
      this.firing = this.running = null;
      run?.leave();
    }
  }

  forget(timer: Timer<P>): void {
    this.pending.delete(timer);
  }

  cancelAll(): void {
    for (const timer of this.pending) timer.cancel();
  }

  /** @param capture - makes the payload immutable. */
  snapshot(capture: (payload: P) => P): TimerSnapshot<P>[] {
    return [...this.pending].map(({ due, serial, payload }) =>
      Object.freeze({ due, serial, payload: capture(payload) }),
    );
  }

  /** Gives the timer back; it is armed, or fires, when the round opens. */
  restore({ due, serial }: TimerSnapshot<unknown>, payload: P, round: Round): Timer<P> {
    const timer = new Timer(this, due, serial, payload);
    this.pending.add(timer);
    round.queueTimer(timer);
    return timer;
  }
}
