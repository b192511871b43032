import type { Observable, ObservableInput, ShareConfig, SubjectLike } from 'rxjs';
import { from, Subscriber } from 'rxjs';

import { reportUnhandled } from './base/ConsumerSubscriber.js';
import { feed } from './base/feed.js';

/** When the hub is reset: at an end of the source, or when the last branch has left. */
export type ResetReason = 'error' | 'complete' | 'refCount';

/** What `share` does: one subscription to the source while there are branches. */
export class ShareHub<T> {
  protected subject: SubjectLike<T> | null = null;
  protected connection: Connection<T> | null = null;
  protected resetting: Subscriber<unknown> | null = null;
  protected branchCount = 0;
  protected hasCompleted = false;
  protected hasErrored = false;

  constructor(protected readonly config: Required<ShareConfig<T>>) {}

  join(dest: Subscriber<T>, source: Observable<T>): void {
    const subject = this.enter(dest);
    subject.subscribe(dest);
    if (this.connection !== null || this.branchCount === 0) return;
    const connection = this.createConnection(subject);
    this.connection = connection;
    source.subscribe(connection);
  }

  protected enter(dest: Subscriber<T>): SubjectLike<T> {
    this.branchCount++;
    if (!this.hasErrored && !this.hasCompleted) this.cancelReset();
    const subject = (this.subject ??= this.createSubject());
    dest.add(() => this.leave());
    return subject;
  }

  protected createSubject(): SubjectLike<T> {
    const { connector } = this.config;
    return connector();
  }

  protected createConnection(subject: SubjectLike<T>): Connection<T> {
    return new Connection(this, subject);
  }

  protected leave(): void {
    this.branchCount--;
    if (this.branchCount === 0 && !this.hasErrored && !this.hasCompleted) this.startReset('refCount', undefined);
  }

  sourceErred(error: unknown, subject: SubjectLike<T>): void {
    this.hasErrored = true;
    this.cancelReset();
    this.startReset('error', error);
    subject.error(error);
  }

  sourceCompleted(subject: SubjectLike<T>): void {
    this.hasCompleted = true;
    this.cancelReset();
    this.startReset('complete', undefined);
    subject.complete();
  }

  protected cancelReset(): void {
    this.resetting?.unsubscribe();
    this.resetting = null;
  }

  private startReset(reason: ResetReason, error: unknown): void {
    const when = this.resetOf(reason);
    if (when === true) this.reset(reason);
    else if (typeof when === 'function')
      this.subscribeReset(
        reason,
        error,
        reason === 'error' ? () => when(error) : (when as () => ObservableInput<unknown>),
      );
  }

  protected resetOf(reason: ResetReason): boolean | ((error: unknown) => ObservableInput<unknown>) {
    const { resetOnError, resetOnComplete, resetOnRefCountZero } = this.config;
    return reason === 'error' ? resetOnError : reason === 'complete' ? resetOnComplete : resetOnRefCountZero;
  }

  protected subscribeReset(reason: ResetReason, _error: unknown, notifier: () => ObservableInput<unknown>): void {
    const source = from(notifier());
    const subscriber = new ResetSubscriber(() => this.reset(reason));
    this.resetting = subscriber;
    source.subscribe(subscriber);
  }

  protected reset(reason: ResetReason): void {
    const { connection } = this;
    this.cancelReset();
    this.connection = null;
    this.subject = null;
    this.hasCompleted = this.hasErrored = false;
    if (reason === 'refCount') connection?.unsubscribe();
  }
}

/** The subscription to the source. */
export class Connection<T> extends Subscriber<T> {
  constructor(
    private readonly hub: ShareHub<T>,
    private readonly subject: SubjectLike<T>,
  ) {
    super();
  }

  override next(value: T): void {
    if (this.isStopped) return super.next(value);
    try {
      feed(this.subject, value);
    } catch (thrown) {
      reportUnhandled(thrown);
    }
  }

  protected override _error(error: unknown): void {
    try {
      this.hub.sourceErred(error, this.subject);
    } catch (thrown) {
      reportUnhandled(thrown);
    } finally {
      this.unsubscribe();
    }
  }

  protected override _complete(): void {
    try {
      this.hub.sourceCompleted(this.subject);
    } catch (thrown) {
      reportUnhandled(thrown);
    } finally {
      this.unsubscribe();
    }
  }
}

/** Resets at the notifier's first value. */
export class ResetSubscriber extends Subscriber<unknown> {
  constructor(private readonly onFirst: () => void) {
    super();
  }

  protected override _next(): void {
    try {
      this.unsubscribe();
      this.onFirst();
    } catch (error) {
      reportUnhandled(error);
    }
  }

  protected override _error(error: unknown): void {
    reportUnhandled(error);
    this.unsubscribe();
  }
}
