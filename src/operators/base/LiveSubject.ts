import type { SubjectLike, Subscriber } from 'rxjs';
import { config, Subject } from 'rxjs';

import type { LiveStatus } from '../../checkpoint/protocol/LiveHandle.js';
import type { Barrier } from '../../checkpoint/protocol/Participant.js';
import type { Region } from '../../checkpoint/protocol/Region.js';
import type { Opening } from '../../checkpoint/protocol/Round.js';
import { PlainGroupError } from '../../errors/PlainGroupError.js';
import type { BranchPlace, BranchSnapshot } from './Branches.js';
import { Branches } from './Branches.js';
import { subscribeBranch } from './jobSubject.js';
import { feed } from './feed.js';
import type { JobInnersOf } from './Inner.js';
import type { LateDefinition } from './LateInner.js';
import { Listeners } from './Listeners.js';
import type { LiveSource } from './LiveInner.js';
import { LiveInner } from './LiveInner.js';
import type { LiveIdentity } from './LiveObservable.js';
import { LiveObservable } from './LiveObservable.js';
import { NO_INPUTS } from './noInputs.js';
import { ForeignOutlet } from './Outlet.js';
import { connectForsaken } from './SilentSource.js';
import type { Node, Site, Upstream } from './Site.js';

/**
 * A live Observable as its owner sees it, which feeds it: the definition of what is handed out, and who listens to that,
 * unless they listen to a Subject of the user's.
 */
export class LiveSubject<K, T, S extends SubjectLike<T> | null = null>
  extends Listeners<T>
  implements Opening, LateDefinition<T>, LiveSource<T>
{
  readonly operator: LiveIdentity<K>['operator'];
  readonly observable: LiveObservable<K, T>;
  /** In a job only. */
  private readonly branches: Branches<T> | null;
  /** Restored, and its owner has not opened yet: some of its branches may still be to come. */
  private isRestoring = false;
  /** Whether it was to let somebody in meanwhile. */
  private isHoldingBack = false;

  /** @param site - that of its owner; null outside of a job. */
  constructor(
    protected readonly site: Site | null,
    identity: LiveIdentity<K>,
    readonly subject: S,
    private readonly upstreamNow: (() => Upstream | null) | null = null,
  ) {
    super();
    this.operator = identity.operator;
    const run = site?.run;
    this.branches = run === undefined ? null : new Branches(run, this);
    if (subject !== null) this.out = new ForeignOutlet<T, SubjectLike<T>>(subject, forward);
    this.observable = new LiveObservable<K, T>(identity, this);
    // Where nothing is being restored, nobody asks for it by its id.
    if (run?.isConnecting === true) run.live.set(identity.id, this.observable);
  }

  get inputs(): readonly Node[] {
    return NO_INPUTS;
  }

  get isStateful(): boolean {
    return false;
  }

  /** As a window or a group, or as what `connect` shares. */
  get isJoined(): boolean {
    return true;
  }

  /** A window is its Subject with another face, so that a closed one throws where it is subscribed to. */
  get throwsOut(): boolean {
    return this.operator === 'window';
  }

  /** What a branch can pause. */
  get upstream(): Upstream | null {
    return this.upstreamNow === null ? null : this.upstreamNow();
  }

  /** That of its owner, which must not go on after a restart without those who have a branch, though they left all else of it. */
  get region(): Region {
    return this.site!.scope.region;
  }

  /** Who uses it connects before what the owner is connected with opens: shared parts wait for all who do. */
  restore(branches: readonly BranchSnapshot[]): void {
    if (branches.length === 0) return;
    this.branches!.restore(branches);
    this.isRestoring = true;
    const settle = (): null => this.settle();
    // Before restored timers emit as well: who comes then is new.
    this.site!.run.connecting.queue({ open: settle, readyPart: settle });
  }

  /** From now on whoever comes is new: who was missing until now does not come any more. */
  private settle(): null {
    if (!this.isRestoring) return null;
    this.isRestoring = false;
    this.branches?.replaceMissing();
    if (this.isHoldingBack) this.letIn();
    return null;
  }

  branchSnapshots(): readonly BranchSnapshot[] {
    return this.branches?.snapshot() ?? [];
  }

  barrier(barrier: Barrier): void {
    this.branches?.barrier(barrier);
  }

  error(error: unknown): void {
    this.ended('errored', error);
    this.letIn();
    if (this.subject !== null) this.subject.error(error);
    else this.endAll((dest) => dest.error(error));
  }

  complete(): void {
    this.ended('completed');
    this.letIn();
    if (this.subject !== null) this.subject.complete();
    else this.endAll(complete);
  }

  /** Its owner has left: who listens hears nothing any more, and in a job needs its barriers from elsewhere. */
  forsake(): void {
    this.ended('abandoned');
    this.letIn();
    this.branches?.silence();
  }

  /** From now on a handle stands for what it has come to. */
  ended(status: LiveStatus, error?: unknown): void {
    const { observable, site } = this;
    site?.run.live.delete(observable.id);
    if (observable.status !== 'live') return;
    observable.status = status;
    observable.error = error;
  }

  open(): void {
    // Pipelines that share its owner are not back: it is not known who is new and who takes the place of a missing one.
    if (this.isRestoring && this.branches?.areBack === false) this.isHoldingBack = true;
    else this.letIn();
  }

  /** Whoever subscribed comes in: when the job opens, or before the owner emits, since its source may open earlier. */
  letIn(): void {
    if (!this.hasNewcomers) return;
    this.hasNewcomers = false;
    this.settle();
    this.branches?.subscribePending(letInBranch<T>, this);
  }

  letInBranch(dest: Subscriber<T>, isRestored: boolean): void {
    if (this.subject === null) this.listen(dest);
    else subscribeBranch(this.subject, dest, isRestored);
  }

  createInner<I>(home: JobInnersOf<I>, index: number, value: I): LiveInner<I, T> | null {
    const { observable, branches, subject, isRestoring } = this;
    // A Subject may have something to say to whoever comes.
    if (observable.status !== 'live' || subject !== null || isRestoring || branches?.areSettled !== true) return null;
    return new LiveInner(home, index, value, this);
  }

  connectLate(dest: Subscriber<T>): Subscriber<unknown> {
    return dest;
  }

  joinAtOnce(dest: Subscriber<T>, place: BranchPlace): Upstream {
    const upstream = this.branches!.joinAtOnce(dest, place);
    this.hasNewcomers = true;
    this.letIn();
    return upstream;
  }

  connect(dest: Subscriber<T>, site: Site | null): Upstream | null {
    if (site === null) {
      if (this.subject === null) this.listen(dest);
      else dest.add(this.subject.subscribe(dest));
      return null;
    }
    if (this.branches === null) throw new PlainGroupError();
    const { status } = this.observable;
    if (status === 'abandoned' || status === 'closed') return connectForsaken(dest, site, status);
    const upstream = this.branches.join(dest, site);
    this.hasNewcomers = true;
    site.run.connecting.queueAgain(this);
    return upstream;
  }
}

/** What feeds a live Observable that nobody gave a Subject: null, unless RxJS's deprecated modes ask for its own. */
export function defaultSubject<T>(): Subject<T> | null {
  return config.useDeprecatedSynchronousErrorHandling ? new Subject<T>() : null;
}

function letInBranch<T>(
  live: LiveSubject<unknown, T, SubjectLike<T> | null>,
  dest: Subscriber<T>,
  isRestored: boolean,
): void {
  live.letInBranch(dest, isRestored);
}

function complete(dest: Subscriber<never>): void {
  dest.complete();
}

function forward<T>(this: ForeignOutlet<T, SubjectLike<T>>, value: T): void {
  feed(this.dest, value);
}
