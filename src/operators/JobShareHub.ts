import type { ObservableInput, ShareConfig, SubjectLike, Subscriber } from 'rxjs';

import type { Capture } from '../checkpoint/protocol/Capture.js';
import type { Barrier, Participant } from '../checkpoint/protocol/Participant.js';
import { Region } from '../checkpoint/protocol/Region.js';
import type { Opening } from '../checkpoint/protocol/Round.js';
import { Round } from '../checkpoint/protocol/Round.js';
import type { Run } from '../checkpoint/protocol/Run.js';
import type { Resting, Scope } from '../checkpoint/protocol/Scope.js';
import type { SharedPart } from '../checkpoint/protocol/SharedPart.js';
import type { ParticipantSnapshot, Snapshot } from '../checkpoint/protocol/Snapshot.js';
import { DuplicateUidError } from '../errors/DuplicateUidError.js';
import { SharedWithoutUidError } from '../errors/SharedWithoutUidError.js';
import type { BranchSnapshot } from './base/Branches.js';
import { Branches } from './base/Branches.js';
import { constructIn } from './base/construction.js';
import type { SubjectContent } from './base/jobSubject.js';
import { captureContent, checkConnector, restoreContent, subscribeBranch } from './base/jobSubject.js';
import { innerNode } from './base/plainNode.js';
import type { Consumer, SharedKey, Site, Upstream } from './base/Site.js';
import type { ResetReason } from './ShareHub.js';
import { Connection, ResetSubscriber, ShareHub } from './ShareHub.js';

export interface ShareSnapshot {
  /** How many connections to the source there have been. */
  readonly attempts: number;
  /** The one that is, counted from 0. */
  readonly connection: number | null;
  readonly ended: 'completed' | 'errored' | null;
  readonly error: unknown;
  readonly content: SubjectContent | null;
  readonly branches: readonly BranchSnapshot[];
  /** Of early versions: the pipelines that these are of, unless they are of all. */
  readonly users?: readonly string[];
  readonly resetting: { readonly reason: ResetReason; readonly error: unknown; readonly count: number } | null;
  readonly resets: number;
  /** Connections that are over, of which parts live on. */
  readonly lingering: readonly number[];
}

/** The definition of a shared node, as far as it tells its instance. */
interface SharedNode {
  readonly operator: string;
  readonly shared: SharedKey;
  readonly uid: string | undefined;
}

/** Makes the instance for a place in the job. */
export type CreateHub<T, H extends JobShareHub<T> = JobShareHub<T>> = (
  key: SharedKey,
  name: string,
  run: Run,
  site: Site,
  home: Scope,
) => H;

/** `share` in a job: one instance, to which the branches of all pipelines are connected. */
export class JobShareHub<T> extends ShareHub<T> implements Participant, Opening, SharedPart, Resting {
  readonly scope: Scope;
  seat = -1;
  protected branches: Branches<T>;
  /** How many connections to the source there have been. */
  protected attempts = 0;
  protected current = 0;
  private resets = 0;
  protected error: unknown = undefined;
  private pendingReset: { reason: ResetReason; error: unknown; count: number } | null = null;
  /** What a branch can pause. */
  upstream: Upstream | null = null;
  /** Made for those who have just come. */
  private newConnection: Connection<T> | null = null;
  /** What is connected above and has not opened yet. */
  private unopened: Round | null = null;
  private readonly lingering = new Set<number>();
  /** Of connections, also of such as have ended, that are not torn down yet: only then it is known what lingers. */
  private toBeTornDown = 0;
  /** The pipelines that had branches at the checkpoint, here or of live Observables above, and have not come back yet. */
  private readonly awaited = new Map<string, Region>();
  /** Those keep it in use, as if one more branch had joined: it must not be reset before they are back. */
  private isKeptForAwaited = false;
  /** It was to open, and waits for another shared part that it leads to. */
  private isHeldBack = false;
  private queuedIn: Round | null = null;
  private lastBarrier = 0;

  /** @internal Made by `of`. */
  constructor(
    config: Required<ShareConfig<T>>,
    private readonly key: SharedKey,
    readonly name: string,
    protected readonly run: Run,
    /** That of whoever came first: it knows the way up. */
    protected readonly site: Site,
    readonly home: Scope,
  ) {
    super(config);
    const region = run.formerRegion(key) ?? new Region(run);
    this.scope =
      site.uid === undefined ? home.ofShared(this, site.prefixIn(home), region) : home.attempt(this, 0, region);
    this.branches = new Branches(run, this);
  }

  /** The job's instance for this node; made when it is first reached. */
  static of<T, H extends JobShareHub<T>>(node: SharedNode, site: Site, create: CreateHub<T, H>): H {
    const { run } = site;
    const { operator, shared: key, uid } = node;
    const home = homeOf(node, site);
    if (uid !== undefined && key.constructedIn === null) site.noteUse();
    const known = run.shared.get(key) as H | undefined;
    if (known !== undefined) {
      if (uid === undefined && known.home !== home) throw new SharedWithoutUidError(operator);
      return known;
    }
    const name = uid === undefined ? site.prefixIn(home) + site.localName : home.uidPrefix + uid;
    const hub = create(key, name, run, site, home);
    run.shared.set(key, hub);
    hub.register();
    return hub;
  }

  joinInJob(dest: Subscriber<T>, site: Site): Upstream | null {
    if (dest.closed) {
      // Nothing of it is left, but there may be of what is above.
      if (this.connection === null) site.connectDeadAttempt(0, this.scopeAbove(0));
      this.leaveIfNotNeeded();
      return null;
    }
    this.enterWhole(dest);
    const upstream = this.branches.join(dest, site);
    if (this.connection === null && this.wantsConnection()) {
      this.connectFor(dest);
      this.newConnection = this.connection;
    }
    this.queueAgain();
    return upstream;
  }

  /** If there can be no Subject, nobody has come. */
  private enterWhole(dest: Subscriber<T>): void {
    try {
      this.enter(dest);
    } catch (error) {
      this.branchCount--;
      this.leaveIfNotNeeded();
      throw error;
    }
  }

  /** @param dest - who has come, and wants it; null if it was asked for by hand. */
  protected connectFor(dest: Subscriber<T> | null): void {
    try {
      this.connectSource(this.attempts++);
    } catch (error) {
      this.giveUp(dest);
      throw error;
    }
  }

  /** What is above cannot be connected: who has come for it leaves, and nothing of the connection stays. */
  private giveUp(dest: Subscriber<T> | null): void {
    const { connection } = this;
    // Or what happens when the last one leaves would.
    this.hasErrored = true;
    dest?.unsubscribe();
    connection?.unsubscribe();
    this.unopened = null;
    this.reset('error');
  }

  /** Whether a branch that joins is the reason to connect. */
  protected wantsConnection(): boolean {
    return !this.hasEnded;
  }

  open(): void {
    // It is opened once more where the last of those opens that lead to another shared part.
    this.isHeldBack = this.branches.areEarly;
    if (!this.isHeldBack) return this.openNow();
    if (this.branches.areWaiting || this.awaited.size > 0 || !this.branches.areFiring) return;
    // Who came for an overdue timer is told at once what there is to be told, and may leave for the next one.
    this.isHeldBack = false;
    this.letIn();
  }

  /** Or by whoever is left, if that one is gone. */
  branchLeft(): void {
    if (!this.isHeldBack || this.branches.areEarly) return;
    this.isHeldBack = false;
    this.readyPart()?.startTimers();
    this.openNow();
  }

  protected openNow(): void {
    const round = this.readyPart();
    // While somebody is missing, it is not known who is new and who takes the place of one that does not come.
    this.subscribePending(this.branches.areBack ? 'all' : 'known');
    if (round !== null && !this.isUnwanted) this.openSource(round);
    this.noteRest();
  }

  /** Whether whoever has come left again with what the Subject says to newcomers: then RxJS does not connect for them. */
  private get isUnwanted(): boolean {
    const { newConnection } = this;
    this.newConnection = null;
    if (newConnection === null || this.branchCount > 0 || this.outlastsBranches) return false;
    this.unopened = null;
    if (this.connection === newConnection) this.connection = null;
    newConnection.unsubscribe();
    return true;
  }

  /** Whether it is connected for others than its branches. */
  protected get outlastsBranches(): boolean {
    return false;
  }

  protected openSource(round: Round): void {
    this.unopened = null;
    round.openParts();
  }

  /** Subscribes the branches that have connected, before a restored timer or a drain makes the source emit. */
  letIn(): void {
    if (this.branches.areSettled) return;
    this.replaceMissing();
    this.branches.fillPlaces();
    this.subscribePending('all');
  }

  /** All are back, and keep it in use themselves: if the last of them leaves, by an overdue timer even, it is reset. */
  private giveUpPlace(): void {
    if (!this.isKeptForAwaited || this.awaited.size > 0) return;
    this.isKeptForAwaited = false;
    this.leave();
  }

  private subscribePending(whom: 'all' | 'known'): void {
    const { subject } = this;
    if (subject !== null) this.branches.subscribePending(subscribeBranch<T>, subject, whom);
  }

  /** What is above opens when all are there who were there at the checkpoint, here and where this leads to. */
  readyPart(): Round | null {
    // Its restored timers are asked for before it opens, and may be the reason for the last branch to leave.
    this.replaceMissing();
    const isReady = this.branches.areBack && this.awaited.size === 0 && !this.branches.areWaiting;
    const round = isReady ? this.unopened : null;
    this.giveUpPlace();
    return round;
  }

  get region(): Region {
    return this.scope.region;
  }

  get waiting(): SharedPart['waiting'] {
    if (this.awaited.size === 0 && !this.branches.areEarly) return null;
    // Those of another shared part that it leads to are among its users.
    const { users } = this.scope.region;
    const missing = users.filter((other) => !this.run.isPresent(other));
    return missing.length === 0 ? null : { users, missing };
  }

  pipelineBack(pipeline: string): void {
    const place = this.awaited.get(pipeline);
    if (place === undefined) return;
    this.awaited.delete(pipeline);
    this.scope.region.leftBy(place);
    if (this.awaited.size > 0) return;
    // Those that wait for it may have opened in a round before; in this one it has its place where its last branch is.
    if (this.queuedIn !== this.run.connecting) this.queueAgain();
  }

  private queueAgain(): void {
    const { connecting } = this.run;
    this.queuedIn = connecting;
    connecting.queueAgain(this);
  }

  /** Once all pipelines are back, who has not come does not come any more. */
  protected replaceMissing(): void {
    if (this.awaited.size === 0) this.branches.replaceMissing();
  }

  protected get isConnected(): boolean {
    return this.connection !== null && !this.connection.closed;
  }

  protected get hasEnded(): boolean {
    return this.hasCompleted || this.hasErrored;
  }

  private register(): void {
    const { run, site } = this;
    const snapshot = run.register(this, site.upgrade) ?? run.claims.wake(this, site.upgrade);
    if (snapshot !== undefined) this.restore(snapshot);
    else {
      const others = run.storedFor(this, site.upgrade);
      if (others.length === 0) return;
      this.leaveJob();
      throw new DuplicateUidError(this.name, 'absent-pipeline', others);
    }
  }

  protected connectSource(attempt: number): void {
    this.current = attempt;
    const subject = (this.subject ??= this.createSubject());
    const connection = new JobConnection<T>(this, subject);
    this.connection = connection;
    const scope = this.scopeAbove(attempt);
    this.connectAbove(() => {
      this.upstream = this.site.connectAttempt(0, scope, connection);
    });
    this.toBeTornDown++;
    connection.add(() => {
      this.toBeTornDown--;
      this.lingerIfNeeded(scope, attempt);
      this.leaveIfNotNeeded();
      this.noteRest();
    });
  }

  private scopeAbove(attempt: number): Scope {
    const { scope, site } = this;
    return site.uid === undefined
      ? scope.attempt(this, attempt, scope.region)
      : scope.attemptAbove(this, attempt, scope.region);
  }

  private connectAbove(connect: () => void): void {
    const { run } = this;
    this.unopened = run.connect(connect, this.unopened ?? new Round(this.opensWithinTurn(run.connecting)));
  }

  /** Whether it is sure to open when that round does, in the turn in which that connects. */
  private opensWithinTurn(round: Round): boolean {
    return round.isWithinTurn && this.awaited.size === 0 && this.branches.comeInWith(round);
  }

  private lingerIfNeeded(scope: Scope, attempt: number): void {
    if (scope.population === 0) return;
    this.lingering.add(attempt);
    const deserted = (): void => {
      this.lingering.delete(attempt);
      this.leaveIfNotNeeded();
      this.noteRest();
    };
    scope.onDeserted = deserted;
  }

  protected leaveIfNotNeeded(): void {
    if (
      this.branchCount > 0 ||
      this.connection !== null ||
      this.hasEnded ||
      this.resetting !== null ||
      this.toBeTornDown > 0 ||
      this.lingering.size > 0
    )
      return;
    this.leaveJob();
  }

  protected override enter(dest: Subscriber<T>): SubjectLike<T> {
    const subject = super.enter(dest);
    this.noteRest();
    return subject;
  }

  protected override leave(): void {
    super.leave();
    this.noteRest();
  }

  /** What was made in an inner pipeline and has no uid is reached from there only. */
  private noteRest(): void {
    const { home, site } = this;
    if (site.uid === undefined && home.parent !== null) home.rests(this, this.isResting);
  }

  private get isResting(): boolean {
    return (
      this.run.has(this) &&
      this.branchCount === 0 &&
      !this.isConnected &&
      this.toBeTornDown === 0 &&
      this.resetting === null &&
      this.lingering.size === 0 &&
      this.awaited.size === 0
    );
  }

  leaveForGood(): void {
    this.leaveJob();
  }

  protected leaveJob(): void {
    this.home.rests(this, false);
    this.run.unregister(this);
    const { region } = this.scope;
    for (const place of this.awaited.values()) region.leftBy(place);
    this.awaited.clear();
    // What is above another shared part belongs to whom that belongs to.
    if (this.home.parent === null && region.pipelines.length > 1) this.run.keepRegion(this.key, region);
    if (this.run.shared.get(this.key) === this) this.run.shared.delete(this.key);
  }

  protected override createSubject(): SubjectLike<T> {
    const subject = super.createSubject();
    checkConnector(subject, this.name);
    return subject;
  }

  override sourceErred(error: unknown, subject: SubjectLike<T>): void {
    this.error = error;
    super.sourceErred(error, subject);
  }

  protected override reset(reason: ResetReason): void {
    super.reset(reason);
    this.error = undefined;
    this.leaveIfNotNeeded();
  }

  protected override cancelReset(): void {
    super.cancelReset();
    this.pendingReset = null;
  }

  protected override subscribeReset(
    reason: ResetReason,
    error: unknown,
    notifier: () => ObservableInput<unknown>,
  ): void {
    this.awaitReset({ reason, error, count: this.resets++ }, notifier);
  }

  private awaitReset(
    pending: { reason: ResetReason; error: unknown; count: number },
    notifier: () => ObservableInput<unknown>,
  ): void {
    const scope = this.scope.inner(this, `reset-${pending.count}`);
    const node = innerNode(constructIn(scope, notifier));
    const subscriber = new JobReset(this, () => this.reset(pending.reason));
    this.resetting = subscriber;
    this.pendingReset = pending;
    try {
      this.run.join(() => void this.site.connectInner(node, scope, subscriber));
    } catch (error) {
      // Nothing of it stays, and nothing resets.
      subscriber.unsubscribe();
      this.cancelReset();
      throw error;
    }
  }

  stop(): void {
    const { connection } = this;
    if (this.isKeptForAwaited) this.branchCount--;
    this.isKeptForAwaited = false;
    this.reset('error');
    connection?.unsubscribe();
    this.leaveIfNotNeeded();
  }

  isRoot(): boolean {
    return !this.isConnected && (this.resetting === null || this.resetting.closed);
  }

  barrier(barrier: Barrier): void {
    if (this.lastBarrier === barrier.id) return;
    this.lastBarrier = barrier.id;
    barrier.acknowledge(this);
    this.branches.barrier(barrier);
  }

  snapshotState(capture: Capture): ParticipantSnapshot {
    const { subject, pendingReset } = this;
    const state: ShareSnapshot = {
      attempts: this.attempts,
      connection: this.isConnected ? this.current : null,
      ended: this.hasCompleted ? 'completed' : this.hasErrored ? 'errored' : null,
      error: capture.held(this.error, 'error'),
      content: captureContent(subject, capture),
      branches: this.branches.snapshot(),
      resetting:
        pendingReset === null
          ? null
          : Object.freeze({ ...pendingReset, error: capture.held(pendingReset.error, 'resetting.error') }),
      resets: this.resets,
      lingering: Object.freeze([...this.lingering]),
    };
    const unused = !this.scope.region.isUsed ? ({ unused: this.isDormant ? 'dormant' : 'active' } as const) : {};
    const opened = this.newConnection === null ? {} : { opened: false };
    return { state: Object.freeze(state), ...unused, ...opened };
  }

  /** Without a subscriber: whether nothing here moves on. */
  private get isDormant(): boolean {
    return !this.isConnected && this.pendingReset === null && this.lingering.size === 0;
  }

  protected restore({ state, pipelines, unused, opened }: Snapshot): void {
    const { attempts, connection, ended, error, content, branches, resetting, resets, lingering } =
      state as ShareSnapshot;
    const { run } = this;
    const { revival } = run;
    const users = (state as ShareSnapshot).users ?? (unused === undefined ? pipelines : []);
    for (const pipeline of pipelines) this.keepPlace(pipeline, users.includes(pipeline) && !run.isPresent(pipeline));
    this.attempts = attempts;
    this.resets = resets;
    this.branches.restore(branches);
    this.isKeptForAwaited = this.awaited.size > 0;
    if (this.isKeptForAwaited) this.branchCount++;
    for (const old of lingering) {
      const scope = this.scopeAbove(old);
      this.connectAbove(() => this.site.connectDeadAttempt(0, scope));
      this.lingerIfNeeded(scope, old);
    }
    if (connection !== null || ended !== null || content !== null) this.subject = this.createSubject();
    if (connection !== null) this.connectSource(connection);
    if (opened === false) this.newConnection = this.connection;
    this.error = revival.held(error);
    if (content !== null) restoreContent(this.subject!, content, revival);
    if (ended !== null) this.restoreEnd(ended);
    if (resetting !== null) this.restoreReset({ ...resetting, error: revival.held(resetting.error) });
    this.queueAgain();
  }

  /** Whoever used it at the checkpoint did until now, or will when it is back. */
  private keepPlace(pipeline: string, isAwaited: boolean): void {
    const { region } = this.scope;
    const place = new Region(this.run, pipeline);
    region.usedBy(place);
    if (isAwaited) this.awaited.set(pipeline, place);
    else region.leftBy(place);
  }

  private restoreEnd(ended: 'completed' | 'errored'): void {
    const { subject } = this;
    this.hasCompleted = ended === 'completed';
    this.hasErrored = ended === 'errored';
    if (this.hasCompleted) subject?.complete();
    else subject?.error(this.error);
  }

  private restoreReset(pending: { reason: ResetReason; error: unknown; count: number }): void {
    const when = this.resetOf(pending.reason);
    if (typeof when === 'function') this.awaitReset(pending, () => when(pending.error));
  }
}

class JobConnection<T> extends Connection<T> implements Consumer<T> {
  constructor(
    private readonly jobHub: JobShareHub<T>,
    subject: SubjectLike<T>,
  ) {
    super(jobHub, subject);
  }

  override next(value: T): void {
    this.jobHub.letIn();
    super.next(value);
  }

  override error(error: unknown): void {
    this.jobHub.letIn();
    super.error(error);
  }

  override complete(): void {
    this.jobHub.letIn();
    super.complete();
  }

  barrier(barrier: Barrier): void {
    this.jobHub.barrier(barrier);
  }
}

class JobReset extends ResetSubscriber implements Consumer<unknown> {
  constructor(
    private readonly hub: JobShareHub<never>,
    onFirst: () => void,
  ) {
    super(onFirst);
  }

  barrier(barrier: Barrier): void {
    this.hub.barrier(barrier);
  }
}

/**
 * The scope that a shared node belongs to: where it was constructed. Without a uid it can be used there only, since
 * elsewhere its name would depend on who reaches it first.
 */
function homeOf({ operator, shared: { constructedIn }, uid }: SharedNode, site: Site): Scope {
  const here = site.scope.home;
  if (constructedIn !== null) {
    if (uid === undefined && here !== constructedIn) throw new SharedWithoutUidError(operator);
    return constructedIn;
  }
  if (uid === undefined && here.parent !== null) throw new SharedWithoutUidError(operator);
  let root = here;
  while (root.parent !== null) root = root.parent;
  return root;
}
