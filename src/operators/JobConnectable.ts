import type { ShareConfig, SubjectLike, Subscriber, Subscription } from 'rxjs';

import { Branches } from './base/Branches.js';
import { holdsContent } from './base/jobSubject.js';
import { connectSilent, wasSilent } from './base/SilentSource.js';
import type { Site, Upstream } from './base/Site.js';
import type { CreateHub } from './JobShareHub.js';
import { JobShareHub } from './JobShareHub.js';

/** What it is that is connected. */
export interface Connected {
  connectNow(): void;
  disconnect(): void;
}

/** What the program has asked of a stream that it connects by hand. It outlives the job's runs. */
export interface ByHand {
  /** `connect` was called, and its subscription not given back. */
  readonly isWanted: boolean;
  joined(hub: Connected): void;
  /** The hub is no part of its job any more. */
  left(hub: Connected): void;
  /** The source has ended, and so has the connection. */
  ended(): void;
  /** What was asked for is done, and is not to be done again for who comes later. */
  fulfilled(): void;
}

/** `connectable` in a job: one instance, as of `share`, but connected by the program. */
export class JobConnectable<T> extends JobShareHub<T> implements Connected {
  private isStopped = false;
  /** Before that, what is restored may still turn out to be refused. */
  private hasOpened = false;

  constructor(
    protected readonly byHand: ByHand,
    protected readonly resetOnDisconnect: boolean,
    connector: () => SubjectLike<T>,
    ...place: Parameters<CreateHub<T>>
  ) {
    super(neverByItself(connector), ...place);
    byHand.joined(this);
  }

  override joinInJob(dest: Subscriber<T>, site: Site): Upstream | null {
    // Its connection was given back before the checkpoint: it hears nothing of the next one.
    if (!dest.closed && wasSilent(site)) return connectSilent(dest, site);
    const upstream = super.joinInJob(dest, site);
    dest.add(() => this.leaveIfNotNeeded());
    return upstream;
  }

  /** A call that came before the job did, or that the checkpoint does not know of. */
  protected override wantsConnection(): boolean {
    return this.attempts === 0 && this.byHand.isWanted;
  }

  protected override get outlastsBranches(): boolean {
    return true;
  }

  protected override openNow(): void {
    this.hasOpened = true;
    super.openNow();
    // It was asked for meanwhile.
    if (this.connection === null && this.wantsConnection()) this.connectNow();
  }

  connectNow(): void {
    const { run } = this;
    if (!this.hasOpened || this.isConnected) return;
    run.turn(() =>
      run.join(() => {
        this.connectFor(null);
        run.connecting.queueAgain(this);
      }),
    );
  }

  disconnect(): void {
    this.connection?.unsubscribe();
  }

  protected override connectSource(attempt: number): void {
    super.connectSource(attempt);
    const connection: Subscription = this.connection!;
    connection.add(() => this.disconnected(connection));
  }

  protected disconnected(connection: Subscription): void {
    if (this.connection !== connection) return;
    const { hasEnded } = this;
    this.connection = null;
    if (this.resetOnDisconnect) this.beginAnew(hasEnded);
    this.leaveIfNotNeeded();
  }

  /** Who has subscribed before stays with the Subject that nobody feeds any more. */
  protected beginAnew(hasEnded: boolean): void {
    this.subject = null;
    this.error = undefined;
    this.hasCompleted = this.hasErrored = false;
    if (hasEnded || this.isStopped) return;
    const { branches } = this;
    this.branches = new Branches(this.run, this);
    branches.silence();
  }

  override sourceErred(error: unknown, subject: SubjectLike<T>): void {
    this.error = error;
    this.hasErrored = true;
    this.tellEnd(() => subject.error(error));
  }

  override sourceCompleted(subject: SubjectLike<T>): void {
    this.hasCompleted = true;
    this.tellEnd(() => subject.complete());
  }

  protected tellEnd(tell: () => void): void {
    try {
      tell();
    } finally {
      this.byHand.ended();
    }
  }

  /**
   * One of a pipeline's own graph stays: a restart calls `connect` again, and has to find that it had been. In an inner
   * pipeline it stays for those that are to come back after a restore, and for those who are to be told what it keeps.
   */
  protected override leaveIfNotNeeded(): void {
    const stays = this.home.parent === null || !this.branches.areBack || holdsContent(this.subject);
    if (this.isStopped || !stays) super.leaveIfNotNeeded();
  }

  protected override leaveJob(): void {
    super.leaveJob();
    this.byHand.left(this);
    if (!this.isStopped && this.attempts > 0) this.byHand.fulfilled();
  }

  override stop(): void {
    this.isStopped = true;
    super.stop();
  }

  /** Without a connection there is no source that could end. */
  drain(): void {
    const { subject } = this;
    if (this.isConnected || subject === null) return;
    this.run.turn(() => {
      this.letIn();
      subject.complete();
    });
  }
}

function neverByItself<T>(connector: () => SubjectLike<T>): Required<ShareConfig<T>> {
  return { connector, resetOnError: false, resetOnComplete: false, resetOnRefCountZero: false };
}
