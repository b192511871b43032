import type { Observable } from 'rxjs';
import { AsyncSubject, ReplaySubject, Subject, Subscriber } from 'rxjs';

import { NO_OFFSET } from '../../checkpoint/protocol/SourcePosition.js';
import type { SourcePosition } from '../../checkpoint/protocol/SourcePosition.js';
import type { ParticipantSnapshot, Snapshot } from '../../checkpoint/protocol/Snapshot.js';
import type { CheckpointError } from '../../errors/CheckpointError.js';
import { ReplayTooShortError } from '../../errors/ReplayTooShortError.js';
import type { Adopter } from './foreignSubscriber.js';
import { adoptPlain, leaveAdopted, returnToAdopted } from './foreignSubscriber.js';
import { EmittingSource } from './EmittingSource.js';
import type { Site } from './Site.js';

export interface PlainOptions {
  /** How it is called in structural names. */
  readonly operator: string;
  /** Whether it is known not to repeat what it emitted. If nobody has said so, a Subject tells by itself. */
  readonly isHot?: boolean | undefined;
  /** Set for what nobody declared to be plain. */
  readonly isAdopted?: boolean;
  /** Set for what emits all that it has while it is subscribed, and ends. */
  readonly endsAtOnce?: boolean;
}

/** What a source makes of a plain Observable's notifications. */
export interface PlainListener<T> {
  onNext(value: T): void;
  onError(error: unknown): void;
  onComplete(): void;
  /** See `Adopter`. Not called where nothing is adopted. */
  refuse?(error: CheckpointError): void;
}

/**
 * A plain Observable (or whatever RxJS converts to one) as a source of a job. It has no position to seek to: a restore
 * subscribes to it again and skips as many values as it had emitted. A hot one is not skipped: what it emits is new.
 */
export class PlainSource<T> extends EmittingSource<T> implements PlainListener<T> {
  private emitted = 0;
  private toSkip = 0;
  private subscriber: Subscriber<T> | null = null;

  constructor(
    dest: Subscriber<T>,
    site: Site,
    private readonly source: Observable<T>,
    private readonly options: PlainOptions,
  ) {
    super(dest, site);
  }

  snapshotState(): ParticipantSnapshot {
    const position: SourcePosition = { offset: NO_OFFSET, recordsAfterOffset: Math.max(this.emitted, this.toSkip) };
    return { state: null, position };
  }

  protected restore(snapshot: Snapshot): void {
    const { source, options } = this;
    const isHot = options.isHot ?? isLive(source);
    if (!isHot) this.toSkip = (snapshot.position as SourcePosition).recordsAfterOffset;
  }

  start(): void {
    const { source, options } = this;
    const isAdopter = options.isAdopted === true;
    const subscriber = new PlainSubscriber<T>(this, isAdopter);
    this.subscriber = subscriber;
    if (isAdopter) adoptPlain(subscriber, source);
    else source.subscribe(subscriber);
  }

  refuse(error: CheckpointError): void {
    this.run.refuse(error, this.site.region);
  }

  onNext(value: T): void {
    if (++this.emitted <= this.toSkip) return;
    // As `emit` does, with one `finally` less.
    const { run } = this;
    run.enter();
    const outer = leaveAdopted();
    try {
      this.out.next(value);
    } finally {
      returnToAdopted(outer);
      run.leave();
    }
  }

  onError(error: unknown): void {
    const outer = leaveAdopted();
    try {
      this.fail(error);
    } finally {
      returnToAdopted(outer);
    }
  }

  onComplete(): void {
    const { emitted, toSkip } = this;
    if (emitted < toSkip) return this.fail(new ReplayTooShortError(this.name, toSkip, emitted));
    const outer = leaveAdopted();
    try {
      this.complete();
    } finally {
      returnToAdopted(outer);
    }
  }

  protected resumed(): void {
    // Nobody can pause a plain Observable.
  }

  protected stopped(): void {
    this.subscriber?.unsubscribe();
  }
}

/** Whether it is known not to repeat what it has emitted: a Subject, and what RxJS's operators have made of one. */
function isLive(source: Observable<unknown>): boolean {
  let origin = source;
  while (origin.source !== undefined) origin = origin.source;
  return origin instanceof Subject && !(origin instanceof ReplaySubject || origin instanceof AsyncSubject);
}

/** Subscribes a source of a job to a plain Observable. */
export class PlainSubscriber<T> extends Subscriber<T> implements Adopter {
  constructor(
    private readonly owner: PlainListener<T>,
    readonly isAdopter: boolean = false,
  ) {
    super();
  }

  refuse(error: CheckpointError): void {
    this.owner.refuse?.(error);
  }

  override next(value: T): void {
    if (this.isStopped) super.next(value);
    else this.owner.onNext(value);
  }

  protected override _error(error: unknown): void {
    try {
      this.owner.onError(error);
    } finally {
      this.unsubscribe();
    }
  }

  protected override _complete(): void {
    try {
      this.owner.onComplete();
    } finally {
      this.unsubscribe();
    }
  }
}
