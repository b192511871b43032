import type { Observable, ObservableInput, Subscriber } from 'rxjs';
import { from, Subject } from 'rxjs';

import type { Capture } from '../checkpoint/protocol/Capture.js';
import type { Barrier } from '../checkpoint/protocol/Participant.js';
import type { AttemptState } from './AttemptsCore.js';
import { AttemptsCore } from './AttemptsCore.js';
import type { BranchSnapshot } from './base/Branches.js';
import type { Inner } from './base/Inner.js';
import type { InnersSnapshot } from './base/JobInners.js';
import { LiveSubject } from './base/LiveSubject.js';
import type { Input } from './base/OperatorCore.js';
import type { Site, Upstream } from './base/Site.js';

interface NotifiedState extends AttemptState {
  /** Whether the source has been subscribed to: a notifier that emits before is heeded after that. */
  hasSubscribed: boolean;
  /** The notifier has emitted meanwhile. */
  isDue: boolean;
  isSourceDone: boolean;
  isNotifierDone: boolean;
}

/** The stream of signals in a snapshot: who listens to it. */
interface SignalsSnapshot {
  /** Job-wide. */
  readonly id: number;
  readonly branches: readonly BranchSnapshot[];
}

interface NotifiedSnapshot extends NotifiedState {
  /** Null before the first signal. */
  readonly signals: SignalsSnapshot | null;
  readonly notifier: InnersSnapshot<null>;
  /** Earlier attempts that run besides the last one. */
  readonly older: readonly number[];
  /** Attempts that are over, of which parts live on. */
  readonly lingering: readonly number[];
}

/**
 * What retryWhen and repeatWhen do: whenever the notifier emits, the source is subscribed again. The notifier is made
 * once, of the stream of signals, at the first of them; in a job it is an inner pipeline to which that stream is a live
 * Observable.
 */
export abstract class NotifiedAttempts<T, S> extends AttemptsCore<T, null, NotifiedState> {
  s: NotifiedState = {
    attempt: 0,
    hasSubscribed: false,
    isDue: false,
    isSourceDone: false,
    isNotifierDone: false,
  };
  private signals: LiveSubject<undefined, S, Subject<S>> | null = null;
  /** Earlier attempts, which go on: a notifier need not wait for a signal. In a job only, by their number. */
  private readonly older = new Map<number, Input<unknown>>();

  constructor(
    dest: Subscriber<T>,
    site: Site | null,
    sources: readonly ObservableInput<unknown>[],
    private readonly notifier: (signals: Observable<S>) => ObservableInput<unknown>,
  ) {
    super(dest, site, sources);
  }

  override get isUnguarded(): boolean {
    return true;
  }

  protected override begin(): void {
    super.begin();
    // In a job the source has not opened yet.
    if (this.site === null) this.subscribed();
  }

  protected override get opensLast(): boolean {
    return true;
  }

  protected override needsOpening(): boolean {
    return !this.s.hasSubscribed;
  }

  protected override onOpen(): void {
    if (!this.s.hasSubscribed) this.subscribed();
  }

  /** The source may have ended meanwhile, and the notifier have emitted: then again, with a flat stack. */
  private subscribed(): void {
    const { s } = this;
    for (;;) {
      s.hasSubscribed = true;
      if (!s.isDue || this.isOverInJob) return;
      this.inputs[0]?.unsubscribe();
      s.isDue = s.hasSubscribed = false;
      this.subscribeAgain();
    }
  }

  /** Outside of a job RxJS subscribes once more for nobody. In one, that attempt would have no owner in a snapshot. */
  private get isOverInJob(): boolean {
    return this.site !== null && this.dest.closed;
  }

  private subscribeAgain(): void {
    const { s, site, inputs } = this;
    const last = inputs[0];
    if (site !== null && last != null && !last.closed) this.keep(s.attempt, last);
    s.attempt++;
    s.isSourceDone = false;
    this.subscribeInput(0);
  }

  private keep(attempt: number, input: Input<unknown>): void {
    this.older.set(attempt, input);
    input.add(() => this.older.delete(attempt));
  }

  /** Tells the notifier that an attempt has ended. */
  protected signal(signal: S): void {
    this.s.isSourceDone = true;
    if (this.signals === null) {
      this.signals = this.createSignals(this.site === null ? 0 : this.site.run.serial++);
      this.subscribeInner(null, 0);
    }
    this.signals.next(signal);
  }

  private createSignals(id: number): LiveSubject<undefined, S, Subject<S>> {
    const identity = { operator: 'shared', id, key: undefined } as const;
    return new LiveSubject(this.site, identity, new Subject<S>(), () => this.inputs[0]?.upstream ?? null);
  }

  project(): ObservableInput<unknown> {
    const { notifier, site } = this;
    const { observable, subject } = this.signals!;
    return from(notifier(site === null ? subject : observable));
  }

  override onInnerNext(_value: unknown, _notifier: Inner<null, unknown>): void {
    const { s } = this;
    // In the middle of subscribing: that goes on once the source can be left.
    if (s.hasSubscribed) this.subscribeAgain();
    else s.isDue = true;
  }

  onInnerComplete(): void {
    this.s.isNotifierDone = true;
    this.notifierCompleted();
  }

  /** There will be no other attempt. */
  protected abstract notifierCompleted(): void;

  /** Also while the notifier lives: what it listens to are our signals. */
  override isRoot(): boolean {
    const input = this.inputs[0];
    return this.older.size === 0 && (input == null || input.closed);
  }

  protected override passOn(barrier: Barrier): void {
    super.passOn(barrier);
    this.signals?.barrier(barrier);
  }

  protected override onEnd(): void {
    super.onEnd();
    for (const input of [...this.older.values()]) input.unsubscribe();
    if (this.site !== null) this.signals?.forsake();
  }

  protected override *upstreams(): Iterable<Upstream> {
    yield* super.upstreams();
    for (const { upstream } of this.older.values()) if (upstream !== null) yield upstream;
  }

  protected captureState(capture: Capture): NotifiedSnapshot {
    const { signals } = this;
    return {
      ...this.s,
      signals: signals === null ? null : { id: signals.observable.id, branches: signals.branchSnapshots() },
      notifier: this.captureInners(capture),
      older: Object.freeze([...this.older.keys()]),
      lingering: this.lingeringSnapshot(),
    };
  }

  protected override restoreStructure(snapshot: NotifiedSnapshot): void {
    const { attempt, hasSubscribed, isDue, isSourceDone, isNotifierDone, signals, older, lingering } = snapshot;
    this.s = { attempt, hasSubscribed, isDue, isSourceDone, isNotifierDone };
    if (signals !== null) {
      this.signals = this.createSignals(signals.id);
      this.signals.restore(signals.branches);
    }
    this.reviveLingeringAttempts(lingering);
    for (const earlier of older) this.restoreOlder(earlier);
  }

  private restoreOlder(attempt: number): void {
    const input = this.createInput();
    this.keep(attempt, input);
    this.subscribeAttempt(attempt, input);
  }

  protected restoreState({ notifier }: NotifiedSnapshot): void {
    this.restoreInners(notifier);
  }
}
