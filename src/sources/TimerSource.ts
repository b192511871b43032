import type { SchedulerLike, Subscriber, Subscription } from 'rxjs';

import type { Barrier, Participant } from '../checkpoint/protocol/Participant.js';
import type { Opening, RestoredTimer } from '../checkpoint/protocol/Round.js';
import type { Scope } from '../checkpoint/protocol/Scope.js';
import type { ParticipantSnapshot, Snapshot } from '../checkpoint/protocol/Snapshot.js';
import { msUntil } from '../operators/base/msUntil.js';
import { readBack } from '../operators/base/readBack.js';
import type { Consumer, Site } from '../operators/base/Site.js';
import type { Firing, TimerAction, TimerSnapshot } from '../operators/base/Timers.js';
import { scheduleFiring } from '../operators/base/Timers.js';

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
  readonly next: number;
  /** None before it has opened. */
  readonly timers: readonly TimerSnapshot<null>[];
}

const NO_TIMERS: readonly TimerSnapshot<null>[] = Object.freeze([]);
const NO_INPUTS: readonly never[] = Object.freeze([]);

/** What is stored of a timer: what comes next and when. */
export function timerSnapshot(next: number, isOpened: boolean, due: number, serial: number): ParticipantSnapshot {
  const timers = isOpened ? Object.freeze([Object.freeze({ due, serial, payload: null })]) : NO_TIMERS;
  const state: TimerState = { next, timers };
  return { state, opened: isOpened, inputs: NO_INPUTS };
}

/** A timer in a job. Inner pipelines make them by the million, so it is one object. */
export class TimerSource implements Participant, Opening, Firing, RestoredTimer {
  seat = -1;
  /** Of the next number, in ms of its scheduler's clock or of the job's, and its place among those of the same time. */
  due = 0;
  serial = 0;
  private count = 0;
  private isOpened = false;
  private action: Subscription | null = null;
  private readonly dest: Consumer<number>;

  constructor(
    dest: Subscriber<number>,
    private readonly site: Site,
    private readonly ticking: Ticking,
  ) {
    this.dest = dest as Consumer<number>;
  }

  connect(): void {
    const { dest, site } = this;
    const snapshot = site.register(this);
    if (snapshot !== undefined) this.restore(snapshot);
    if (!this.isOpened) site.run.connecting.queue(this);
    // It is left when the consumer is: now, if that has been.
    dest.add(this);
  }

  private restore({ state, opened = true }: Snapshot): void {
    const { site } = this;
    this.isOpened = opened;
    readBack(site.name, () => {
      const { next, timers } = state as TimerState;
      this.count = next;
      for (const { due, serial } of timers) {
        this.due = due;
        this.serial = serial;
        site.run.connecting.queueTimer(this);
      }
    });
  }

  open(): void {
    const { dest, ticking } = this;
    this.isOpened = true;
    if (dest.closed) return;
    if (this.site.run.isDraining) this.drain();
    if (dest.closed) return;
    const { scheduler } = ticking;
    const ms = msUntil(ticking.due, scheduler);
    this.plan(ms);
    this.action = scheduleFiring(scheduler, this, ms);
  }

  private plan(ms: number): void {
    const { run } = this.site;
    this.due = run.clockOf(this.ticking.scheduler).now() + Math.max(0, ms);
    this.serial = run.serial++;
  }

  arm(): boolean {
    const { scheduler } = this.ticking;
    const left = this.due - this.site.run.clockOf(scheduler).now();
    if (left <= 0) return false;
    if (!this.dest.closed) this.action = scheduleFiring(scheduler, this, left);
    return true;
  }

  /** @param action - the one that runs; none for what became due while nothing ran. */
  fire(action: TimerAction | null = null): void {
    const { dest } = this;
    if (dest.closed) return;
    const { run } = this.site;
    run.enter();
    try {
      dest.next(this.count++);
      if (!dest.closed) this.goOn(action);
    } finally {
      run.leave();
    }
  }

  private goOn(action: TimerAction | null): void {
    const { scheduler, period } = this.ticking;
    if (!(period >= 0)) return this.dest.complete();
    this.plan(period);
    this.action = action === null ? scheduleFiring(scheduler, this, period) : action.schedule(this, period);
  }

  get name(): string {
    return this.site.name;
  }

  get scope(): Scope {
    return this.site.scope;
  }

  isRoot(): boolean {
    return true;
  }

  barrier(barrier: Barrier): void {
    barrier.acknowledge(this);
    if (!this.dest.closed) this.dest.barrier(barrier);
  }

  snapshotState(): ParticipantSnapshot {
    return timerSnapshot(this.count, this.isOpened, this.due, this.serial);
  }

  /** As of any source: in an inner pipeline it runs to its own end. */
  drain(): void {
    const { site, dest } = this;
    if (site.scope.home.parent === null && !dest.closed) site.run.turn(() => dest.complete());
  }

  stop(): void {
    this.dest.unsubscribe();
  }

  /** A teardown of the consumer's. */
  unsubscribe(): void {
    this.action?.unsubscribe();
    this.site.run.unregister(this);
  }
}
