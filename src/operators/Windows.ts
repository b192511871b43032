import type { Observable, Subscriber } from 'rxjs';
import type { Subject } from 'rxjs';
import { NEVER } from 'rxjs';

import type { Barrier } from '../checkpoint/protocol/Participant.js';
import type { BranchSnapshot } from './base/Branches.js';
import { defaultSubject, LiveSubject } from './base/LiveSubject.js';
import type { Site, Upstream } from './base/Site.js';

/** A window in a snapshot. What it has emitted is its subscribers' state. */
export interface WindowSnapshot {
  /** Job-wide. */
  readonly id: number;
  readonly branches: readonly BranchSnapshot[];
}

/** The windows of one operator that are open: makes them, hands barriers to their subscribers, and leaves them. */
export class Windows<T> {
  private readonly living = new Set<Window<T>>();

  constructor(
    private readonly dest: Subscriber<never>,
    private readonly site: Site | null,
    private readonly owner: Upstream,
  ) {}

  open(): Window<T> {
    const { site } = this;
    const window = this.create(site === null ? 0 : site.run.serial++);
    // Nobody gets it any more.
    if (this.dest.closed) window.forsake();
    return window;
  }

  restore({ id, branches }: WindowSnapshot): Window<T> {
    const window = this.create(id);
    window.restore(branches);
    return window;
  }

  private create(id: number): Window<T> {
    const window = new Window<T>(this.living, this.site, id, this.owner);
    this.living.add(window);
    return window;
  }

  /** Emits the first window: nobody else has begun a turn when the operator opens. */
  turn(emit: () => void): void {
    if (this.site === null) emit();
    else this.site.run.turn(emit);
  }

  barrier(barrier: Barrier): void {
    for (const window of this.living) window.barrier(barrier);
  }

  /** The operator is gone: windows do not keep it alive, as groups would. */
  forsake(): void {
    for (const window of this.living) window.forsake();
  }

  /** The same, and whoever comes later is refused. */
  close(): void {
    for (const window of this.living) window.close();
  }
}

export class Window<T> extends LiveSubject<undefined, T, Subject<T> | null> {
  constructor(
    private readonly living: Set<Window<T>>,
    site: Site | null,
    id: number,
    private readonly owner: Upstream,
  ) {
    super(site, { operator: 'window', id, key: undefined }, defaultSubject<T>());
    // Subscribed as it is, as RxJS does: when the Subject refuses, `subscribe` throws.
    if (site === null) (this.observable as Observable<unknown>).source = NEVER;
  }

  override get upstream(): Upstream {
    return this.owner;
  }

  override ended(...args: Parameters<LiveSubject<undefined, T>['ended']>): void {
    this.living.delete(this);
    super.ended(...args);
  }

  snapshot(): WindowSnapshot {
    return Object.freeze({ id: this.observable.id, branches: this.branchSnapshots() });
  }

  close(): void {
    this.forsake();
    this.observable.status = 'closed';
    // What RxJS's windows do: who comes later is told, instead of waiting for ever.
    // eslint-disable-next-line rxjs-x/no-subject-unsubscribe
    if (this.subject !== null) this.subject.unsubscribe();
    else this.refuseAll();
  }
}
