import type { SubjectLike, Subscriber } from 'rxjs';

import type { LiveStatus } from '../../checkpoint/protocol/LiveHandle.js';
import type { Barrier } from '../../checkpoint/protocol/Participant.js';
import type { Opening } from '../../checkpoint/protocol/Round.js';
import type { Run } from '../../checkpoint/protocol/Run.js';
import { PlainGroupError } from '../../errors/PlainGroupError.js';
import type { BranchSnapshot } from './Branches.js';
import { Branches } from './Branches.js';
import { subscribeBranch } from './jobSubject.js';
import type { LiveIdentity, LiveOwner } from './LiveObservable.js';
import { LiveObservable } from './LiveObservable.js';
import { connectForsaken } from './SilentSource.js';
import type { Site, Upstream } from './Site.js';

/** A live Observable as its owner sees it: what is handed out, and the Subject behind it, which the owner feeds. */
export class LiveSubject<K, T, S extends SubjectLike<T> = SubjectLike<T>> implements Opening, LiveOwner<T> {
  readonly observable: LiveObservable<K, T>;
  /** In a job only. */
  private readonly branches: Branches<T> | null;
  private hasNewcomers = false;

  constructor(
    private readonly run: Run | null,
    identity: LiveIdentity<K>,
    readonly subject: S,
    /** What a branch can pause. */
    private readonly upstream: () => Upstream | null,
  ) {
    this.branches = run === null ? null : new Branches(run);
    this.observable = new LiveObservable<K, T>(identity, this);
    // Where nothing is being restored, nobody asks for it by its id.
    if (run?.isConnecting === true) run.live.set(identity.id, this.observable);
  }

  restore(branches: readonly BranchSnapshot[]): void {
    this.branches?.restore(branches);
  }

  branchSnapshots(): readonly BranchSnapshot[] {
    return this.branches?.snapshot() ?? [];
  }

  barrier(barrier: Barrier): void {
    this.branches?.barrier(barrier);
  }

  next(value: T): void {
    this.open();
    this.subject.next(value);
  }

  error(error: unknown): void {
    this.ended('errored', error);
    this.open();
    this.subject.error(error);
  }

  complete(): void {
    this.ended('completed');
    this.open();
    this.subject.complete();
  }

  /** Its owner has left: who listens hears nothing any more, and in a job needs its barriers from elsewhere. */
  forsake(): void {
    this.ended('abandoned');
    this.open();
    this.branches?.silence();
  }

  /** From now on a handle stands for what it has come to. */
  ended(status: LiveStatus, error?: unknown): void {
    const { observable } = this;
    this.run?.live.delete(observable.id);
    if (observable.status !== 'live') return;
    observable.status = status;
    observable.error = error;
  }

  /** Whoever subscribed comes in: when the job opens, or before the owner emits, since its source may open earlier. */
  open(): void {
    // Asked for each value, so it is nearer than the branches.
    if (!this.hasNewcomers) return;
    this.hasNewcomers = false;
    this.branches?.fillPlaces();
    this.branches?.subscribePending((dest, isRestored) => subscribeBranch(this.subject, dest, isRestored));
  }

  connectLive(dest: Subscriber<T>, site: Site | null): Upstream | null {
    if (site === null) {
      dest.add(this.subject.subscribe(dest));
      return null;
    }
    if (this.branches === null) throw new PlainGroupError();
    const { status } = this.observable;
    if (status === 'abandoned' || status === 'closed') return connectForsaken(dest, site, status);
    const upstream = this.branches.join(dest, site, this.upstream);
    this.hasNewcomers = true;
    site.run.connecting.queueAgain(this);
    return upstream;
  }
}
