import type { Subscriber } from 'rxjs';

import type { Capture } from '../../checkpoint/protocol/Capture.js';
import type { Barrier, Participant } from '../../checkpoint/protocol/Participant.js';
import type { Opening } from '../../checkpoint/protocol/Round.js';
import type { Run } from '../../checkpoint/protocol/Run.js';
import type { Scope } from '../../checkpoint/protocol/Scope.js';
import type { ParticipantSnapshot, Snapshot } from '../../checkpoint/protocol/Snapshot.js';
import type { Borrower, Outlet } from './Outlet.js';
import { borrowOutlet } from './Outlet.js';
import type { Consumer, Site, Upstream } from './Site.js';

/**
 * The base of what begins a pipeline in a job. A subclass starts to emit in `open`, each record through `emit`, which
 * makes it a turn of its own (or part of the turn in which the source was opened), and tells its position after the
 * last emitted record.
 */
export abstract class EmittingSource<T> implements Participant, Opening, Upstream, Borrower<T> {
  protected readonly dest: Consumer<T>;
  /** Where values go: into `dest`. */
  protected out: Outlet<T>;
  protected readonly run: Run;
  seat = -1;
  private pauses = 0;
  /** Whether it is to emit nothing (more): it is paused, or the consumer has left. */
  protected isHalted = false;

  constructor(
    dest: Subscriber<T>,
    protected readonly site: Site,
  ) {
    this.dest = dest as Consumer<T>;
    this.out = borrowOutlet(dest, this);
    this.run = site.run;
  }

  redirect(out: Outlet<T>): void {
    this.out = out;
  }

  /** Goes on (or starts) emitting. Called once, unless the consumer was closed before. */
  abstract start(): void;
  /** Emitting may go on after a pause. */
  protected abstract resumed(): void;
  /** The consumer wants no more: timers, files and subscriptions are to be let go. */
  protected abstract stopped(): void;
  protected abstract restore(snapshot: Snapshot): void;
  abstract snapshotState(capture: Capture): ParticipantSnapshot;

  connect(): Upstream | null {
    const { dest, site, run } = this;
    if (dest.closed) return null;
    const snapshot = site.register(this);
    dest.add(() => {
      this.halt();
      run.unregister(this);
      this.stopped();
    });
    if (snapshot !== undefined) this.restore(snapshot);
    run.connecting.queue(this);
    return this;
  }

  get name(): string {
    return this.site.name;
  }

  get scope(): Scope {
    return this.site.scope;
  }

  get isPaused(): boolean {
    return this.pauses > 0;
  }

  isRoot(): boolean {
    return true;
  }

  barrier(barrier: Barrier): void {
    barrier.acknowledge(this);
    this.dest.barrier(barrier);
  }

  open(): void {
    if (this.dest.closed) return;
    if (this.run.isDraining && this.isStatic) this.drain();
    else this.start();
  }

  /** A source in an inner pipeline runs to its own end: that is what the value above it is for. */
  drain(): void {
    if (this.isStatic && !this.dest.closed) this.complete();
  }

  protected get isStatic(): boolean {
    return this.scope.home.parent === null;
  }

  stop(): void {
    this.dest.unsubscribe();
  }

  pause(): void {
    this.pauses++;
    this.halt();
  }

  resume(): void {
    if (--this.pauses > 0 || this.dest.closed) return;
    this.isHalted = false;
    this.resumed();
  }

  private halt(): void {
    this.isHalted = true;
    this.run.interruptions++;
  }

  protected emit(value: T): void {
    const { run } = this;
    run.enter();
    try {
      this.out.next(value);
    } finally {
      run.leave();
    }
  }

  complete(): void {
    const { run } = this;
    run.enter();
    try {
      this.dest.complete();
    } finally {
      run.leave();
    }
  }

  protected fail(error: unknown): void {
    const { run } = this;
    run.enter();
    try {
      this.dest.error(error);
    } finally {
      run.leave();
    }
  }
}
