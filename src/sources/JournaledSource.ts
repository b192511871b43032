import type { Observable, Subscriber } from 'rxjs';

import type { Journal, JournalReader } from '../checkpoint/protocol/Journal.js';
import { COMPLETED } from '../checkpoint/protocol/Journal.js';
import { formerNames } from '../checkpoint/protocol/Upgrade.js';
import type { ParticipantSnapshot, Snapshot } from '../checkpoint/protocol/Snapshot.js';
import type { SourcePosition } from '../checkpoint/protocol/SourcePosition.js';
import { Journals } from '../checkpoint/store/Journals.js';
import { invariant } from '../errors/invariant.js';
import { UnstorableValueError } from '../errors/UnstorableValueError.js';
import { EmittingSource } from '../operators/base/EmittingSource.js';
import type { PlainListener } from '../operators/base/PlainSource.js';
import { PlainSubscriber } from '../operators/base/PlainSource.js';
import type { Site, Upstream } from '../operators/base/Site.js';

/**
 * A hot Observable in a job, by way of a journal: what it emits is written there, read from there once it is durable,
 * and only then emitted. What a life before has left is read first, so both go the same way.
 */
export class JournaledSource<T> extends EmittingSource<T> implements JournalReader, PlainListener<T> {
  private subscriber: PlainSubscriber<T> | null = null;
  private isReading = false;
  private isDrained = false;
  /** Ends the pipeline when all that came before was handed on. It is not journaled. */
  private failure: { readonly error: unknown } | null = null;
  /** Set when it is connected. */
  private journal: Journal | null = null;

  constructor(
    dest: Subscriber<T>,
    site: Site,
    private readonly source: Observable<T>,
  ) {
    super(dest, site);
  }

  override connect(): Upstream | null {
    if (this.dest.closed) return null;
    const { journals } = this.run;
    if (journals === null)
      throw new Error(
        "journaled() needs a job with a storage, and here is none. In the test kit use the scheduler's hot() instead, which goes on from a position as well.",
      );
    this.journal = journals.open(Journals, homeName(this.site), this.site.scope, this.formerName());
    return super.connect();
  }

  /** The old name under which its snapshot waits. */
  private formerName(): string | undefined {
    const { site, run } = this;
    const name = homeName(site);
    const own = site.upgrade === null ? [] : formerNames(name, site.scope.homeStructuralPrefix, site.upgrade);
    const was = own.find((old) => run.unclaimed.has(old)) ?? run.claims.formerName(name);
    return was === name ? undefined : was;
  }

  snapshotState(): ParticipantSnapshot {
    const position: SourcePosition = { offset: this.journal!.position, recordsAfterOffset: 0 };
    return { state: null, position };
  }

  protected restore(snapshot: Snapshot): void {
    const { offset } = snapshot.position as SourcePosition;
    const { position } = this.journal!;
    invariant(offset === position, `'${this.name}' stands at ${offset}, and its journal at ${position}`);
  }

  start(): void {
    this.isReading = true;
    this.journal!.readBy(this);
    if (this.journal!.hasNext) this.journal!.tellRested(this);
    else this.subscribe();
  }

  /** Behind what a life before has left. With a completion among what waits, the Observable had ended. */
  private subscribe(): void {
    if (this.subscriber !== null || this.isDrained || !this.isReading || this.journal!.willComplete) return;
    this.subscriber = new PlainSubscriber<T>(this);
    this.source.subscribe(this.subscriber);
  }

  /** What has come already is emitted first. It is not journaled that it ends, since a drain may fail. */
  override drain(): void {
    if (!this.isStatic || this.dest.closed || this.isDrained) return;
    this.isDrained = true;
    this.subscriber?.unsubscribe();
    this.isReading = true;
    this.journal!.readBy(this);
    this.journal!.tellRested(this);
  }

  // What the Observable tells. It may do so at any time, also during a barrier: nothing enters the job here.

  onNext(value: T): void {
    if (!this.isReading || this.failure !== null) return;
    let entry: unknown;
    try {
      entry = this.run.capture.held(value, 'value');
    } catch (error) {
      this.subscriber?.unsubscribe();
      return this.onError(error instanceof UnstorableValueError ? error.inJournalOf(this.name) : error);
    }
    this.journal!.append(entry);
  }

  onError(error: unknown): void {
    if (!this.isReading || this.failure !== null) return;
    this.failure = { error };
    if (this.journal!.isGiving) this.journal!.tellRested(this);
    else this.endIfDone();
  }

  onComplete(): void {
    if (this.isReading && this.failure === null) this.journal!.append(COMPLETED);
  }

  // What the journal tells

  get isReady(): boolean {
    return this.isReading && !this.isHalted;
  }

  read(): void {
    const entry = this.journal!.next();
    if (entry === COMPLETED) this.end(() => this.complete());
    else this.emit(this.run.revival.held(entry) as T);
    if (this.failure !== null || this.isDrained) this.journal!.tellRested(this);
  }

  rested(): void {
    this.endIfDone();
    this.subscribe();
  }

  failed(error: unknown): void {
    this.leaveJournal();
    this.subscriber?.unsubscribe();
    this.fail(error);
  }

  /** When it is known that it ends, and all that came before was emitted. */
  private endIfDone(): void {
    const { failure } = this;
    if ((failure === null && !this.isDrained) || !this.isReady || !this.journal!.isEmpty) return;
    this.end(() => (failure === null ? this.complete() : this.fail(failure.error)));
  }

  /** Another attempt may be made from within: it reads on. */
  private end(tell: () => void): void {
    this.leaveJournal();
    tell();
  }

  private leaveJournal(): void {
    this.isReading = false;
    this.journal?.leftBy(this);
  }

  override pause(): void {
    super.pause();
    this.journal!.readinessChanged();
  }

  protected resumed(): void {
    this.journal!.readinessChanged();
    this.journal!.tellRested(this);
  }

  protected stopped(): void {
    this.leaveJournal();
    this.subscriber?.unsubscribe();
  }
}

/** The name that it would have in the first attempt, whichever attempt of `retry` or `repeat` this is. */
function homeName({ name, localName, scope }: Site): string {
  return (name === scope.uidPrefix + localName ? scope.home.uidPrefix : scope.homeStructuralPrefix) + localName;
}
