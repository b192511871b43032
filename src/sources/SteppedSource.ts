import type { Subscriber } from 'rxjs';

import type { Capture } from '../checkpoint/protocol/Capture.js';
import type { Revival } from '../checkpoint/protocol/Revival.js';
import type { ParticipantSnapshot, Snapshot } from '../checkpoint/protocol/Snapshot.js';
import { EmittingSource } from '../operators/base/EmittingSource.js';
import type { Outlet } from '../operators/base/Outlet.js';
import { outletInto } from '../operators/base/Outlet.js';
import { NO_INPUTS } from '../operators/base/noInputs.js';
import type { Definition, Node, Site, Upstream } from '../operators/base/Site.js';

/** Computes the values of a synchronous source one by one, from a state of its own. */
export interface Steps<T> {
  /** Emits the next value; false when there is none left. What it throws is the source's error. */
  step(out: Outlet<T>): boolean;
  capture(capture: Capture): object;
  restore(snapshot: never, revival: Revival, name: string): void;
}

/** A source that computes its values, and emits all of them at once. */
export class SteppedDefinition<T> implements Definition<T> {
  constructor(
    readonly operator: string,
    /** Makes the steps of one subscription. */
    private readonly create: (site: Site | null) => Steps<T>,
    /** Whether it is sure to end, and does the same in a job as outside. */
    readonly endsAtOnce: boolean,
  ) {}

  get inputs(): readonly Node[] {
    return NO_INPUTS;
  }

  get isStateful(): boolean {
    return true;
  }

  connect(dest: Subscriber<T>, site: Site | null): Upstream | null {
    const { create } = this;
    const steps = create(site);
    if (site !== null) return new SteppedSource(dest, site, steps).connect();
    emitAll(steps, dest);
    return null;
  }
}

/** What a step throws reaches the subscriber by way of RxJS's `subscribe`. */
function emitAll<T>(steps: Steps<T>, dest: Subscriber<T>): void {
  const out = outletInto(dest);
  // The first step is taken for a closed subscriber too: callbacks are called as in RxJS.
  do {
    if (!steps.step(out)) return dest.complete();
  } while (!dest.closed);
}

class SteppedSource<T> extends EmittingSource<T> {
  constructor(
    dest: Subscriber<T>,
    site: Site,
    private readonly steps: Steps<T>,
  ) {
    super(dest, site);
  }

  snapshotState(capture: Capture): ParticipantSnapshot {
    return { state: this.steps.capture(capture) };
  }

  protected restore(snapshot: Snapshot): void {
    this.steps.restore(snapshot.state as never, this.run.revival, this.name);
  }

  start(): void {
    const { run } = this;
    // Entered once for all values: each is a turn of its own because the barrier is let in between two of them.
    run.enter();
    try {
      this.emitAll();
    } catch (error) {
      this.dest.error(error);
    } finally {
      run.leave();
    }
    if (!this.dest.closed) this.complete();
  }

  private emitAll(): void {
    const { run, steps } = this;
    while (!this.isHalted) {
      // While a barrier cannot start yet, another look after each value.
      const interruptions = run.barrierWanted ? -1 : run.interruptions;
      do {
        if (!steps.step(this.out)) return;
      } while (run.interruptions === interruptions);
      if (run.barrierWanted) run.betweenRecords();
    }
  }

  // All at once means that there is no pause: who cannot take more holds it, as in RxJS.
  override pause(): void {}

  override resume(): void {}

  protected resumed(): void {}

  protected stopped(): void {}
}
