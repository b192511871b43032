import type { SubjectLike, Subscriber } from 'rxjs';

import type { LiveStatus } from '../checkpoint/protocol/LiveHandle.js';
import type { Barrier } from '../checkpoint/protocol/Participant.js';
import type { Opening } from '../checkpoint/protocol/Round.js';
import type { Run } from '../checkpoint/protocol/Run.js';
import type { Scope } from '../checkpoint/protocol/Scope.js';
import type { BranchSnapshot } from './base/Branches.js';
import { Branches } from './base/Branches.js';
import { PlainGroupError } from '../errors/PlainGroupError.js';
import { subscribeBranch } from './base/jobSubject.js';
import { LiveObservable } from './base/LiveObservable.js';
import { connectSilent } from './base/SilentSource.js';
import type { Site, Upstream } from './base/Site.js';

/** What feeds a group. */
interface GroupOwner {
  groupEntered(): void;
  groupLeft(): void;
  readonly groupUpstream: Upstream | null;
}

/** One group of a groupBy: what is handed out, and the Subject behind it. */
export class Group<K, R> implements Opening {
  readonly index: number;
  readonly key: K;
  readonly subject: SubjectLike<R>;
  readonly observable: LiveObservable<K, R>;
  duration: Subscriber<unknown> | null = null;
  /** Where the duration lives: that it listens to the group is no use of it. */
  durationScope: Scope | null = null;
  /** In a job only. */
  private readonly branches: Branches<R> | null;

  constructor(
    private readonly owner: GroupOwner,
    run: Run | null,
    { id, index, key, subject }: { id: number; index: number; key: K; subject: SubjectLike<R> },
  ) {
    this.index = index;
    this.key = key;
    this.subject = subject;
    this.branches = run === null ? null : new Branches(run);
    this.observable = new LiveObservable(id, key, { connectLive: (dest, site) => this.connect(dest, site) });
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

  ended(status: LiveStatus, error: unknown): void {
    if (this.observable.status !== 'live') return;
    this.observable.status = status;
    this.observable.error = error;
  }

  next(value: R): void {
    this.open();
    this.subject.next(value);
  }

  error(error: unknown): void {
    this.open();
    this.subject.error(error);
  }

  complete(): void {
    this.open();
    this.subject.complete();
  }

  /** Whoever subscribed comes in: when the job opens, or before the group emits, since its source may open earlier. */
  open(): void {
    this.branches?.subscribePending((dest, isRestored) => subscribeBranch(this.subject, dest, isRestored));
  }

  private connect(dest: Subscriber<R>, site: Site | null): Upstream | null {
    if (site !== null && this.branches === null) throw new PlainGroupError();
    if (site === null || this.branches === null) {
      this.owner.groupEntered();
      const subscription = this.subject.subscribe(dest);
      dest.add(() => {
        subscription.unsubscribe();
        this.owner.groupLeft();
      });
      return null;
    }
    if (this.observable.status === 'abandoned') return connectSilent(dest, site);
    const upstream = this.branches.join(dest, site, () => this.owner.groupUpstream);
    if (!this.isOfDuration(site.scope)) {
      this.owner.groupEntered();
      dest.add(() => this.owner.groupLeft());
    }
    site.run.connecting.queue(this);
    return upstream;
  }

  private isOfDuration(scope: Scope | null): boolean {
    return (
      scope !== null && this.durationScope !== null && (scope === this.durationScope || this.isOfDuration(scope.parent))
    );
  }
}
