import type { ObservableInput } from 'rxjs';
import type { Subscriber } from 'rxjs';

import type { Capture } from '../../checkpoint/protocol/Capture.js';
import type { Barrier, Participant } from '../../checkpoint/protocol/Participant.js';
import type { Revival } from '../../checkpoint/protocol/Revival.js';
import type { Opening } from '../../checkpoint/protocol/Round.js';
import type { Scope } from '../../checkpoint/protocol/Scope.js';
import type { InputStatus, ParticipantSnapshot, Snapshot } from '../../checkpoint/protocol/Snapshot.js';
import { InputsChangedError } from '../../errors/InputsChangedError.js';
import { subscribeOutside } from './connectOutside.js';
import { Lender } from './Lender.js';
import type { Outlet } from './Outlet.js';
import { ForeignOutlet, outletInto } from './Outlet.js';
import type { Consumer, Site, Upstream } from './Site.js';
import { readBack } from './readBack.js';

/**
 * The base of operators that have several inputs, timers or inner subscriptions. A subclass says what it does with what
 * comes (`onNext`, `onComplete` …) and never holds a closure over its state, which is all in the cell `s`.
 *
 * Outside of a job `begin` subscribes the inputs in RxJS's order. In a job the same `begin` connects them, or a restore
 * connects those that the snapshot says were live.
 */
export abstract class OperatorCore<R, S> implements Participant, Opening, Upstream {
  readonly dest: Consumer<R>;
  /** Where values go: into `dest`. */
  readonly out: Outlet<R>;
  abstract s: S;
  seat = -1;

  protected readonly inputs: (Input<unknown> | null)[];
  /** Null outside of a job. */
  protected readonly jobPart: JobPart | null;

  constructor(
    dest: Subscriber<R>,
    protected readonly site: Site | null,
    /** In a job these are nodes; outside whatever RxJS can subscribe to. */
    protected readonly sources: readonly ObservableInput<unknown>[],
  ) {
    this.dest = dest as Consumer<R>;
    this.out = outletInto(dest);
    this.inputs = sources.length === 1 ? [null] : new Array<null>(sources.length).fill(null);
    this.jobPart = site === null ? null : new JobPart();
  }

  // What a subclass says

  /** Subscribes the inputs that are wanted at the start, in RxJS's order. */
  protected begin(): void {
    const order = this.subscribeOrder();
    for (let i = 0; i < this.sources.length; i++) this.subscribeInput(order === null ? i : order[i]!);
  }

  /** The order in which RxJS subscribes to the inputs, if it is not theirs. */
  protected subscribeOrder(): number[] | null {
    return null;
  }

  /** Hands it on, unless the operator has more to do with it. */
  onNext(value: unknown, _input: number): void {
    this.out.next(value as R);
  }

  /**
   * A shorter way than by `onNext` for the values of an input: for those that are just handed on into the consumer, or one
   * that does the same and does not throw. It is taken until the input has stopped.
   */
  passageOf(_input: Input<unknown>): Outlet<unknown> | null {
    return this.onNext === OperatorCore.prototype.onNext ? this.out : null;
  }

  /** The end of the source is the end of it all; that of another input says nothing. */
  onComplete(input: number): void {
    if (input === 0) this.dest.complete();
  }

  onError(error: unknown, _input: number): void {
    this.dest.error(error);
  }

  /** Whether it just hands on that end: then what a teardown throws meanwhile is the source's, as in RxJS. */
  handsOn(end: 'complete' | 'error', _input: number): boolean {
    const base = OperatorCore.prototype;
    // Compared, not called.
    return end === 'complete' ? this.onComplete === base.onComplete : this.onError === base.onError;
  }

  /** Whether RxJS hands values on there without a `try`: what a teardown throws meanwhile is the source's as well. */
  get isUnguarded(): boolean {
    return false;
  }

  /** What is to be done before the inputs open: emit a prefix, start a timer. Once, also across restores. */
  protected onOpen(): void {}

  /** Whether that is to be done after the inputs have opened instead. */
  protected get opensLast(): boolean {
    return false;
  }

  protected abstract captureState(capture: Capture): S | object;
  protected abstract restoreState(state: never, revival: Revival): void;

  /** Whether there can be something for `onEnd` to do outside of a job. */
  protected get holdsSomething(): boolean {
    return true;
  }

  /** Cancels timers, leaves inners. */
  protected onEnd(): void {}

  /** Whether something of it carries barriers to it, besides its inputs. */
  protected hasLiveInner(): boolean {
    return false;
  }

  /** Whether it has to stay in the job although its consumer has left. */
  protected isNeeded(): boolean {
    return false;
  }

  /** Whether `complete` of an input is handled before or after the input is unsubscribed: a user's teardown sees it. */
  protected get unsubscribesFirst(): boolean {
    return false;
  }

  // Connecting

  connect(): Upstream | null {
    const { dest, site } = this;
    if (site === null) {
      const { opensLast } = this;
      const cameTooLate = dest.closed;
      if (this.holdsSomething) dest.add(this);
      if (!opensLast) this.onOpen();
      // Being added has torn it down at once, before there was anything to tear down.
      if (cameTooLate) this.unsubscribe();
      this.begin();
      if (opensLast && !dest.closed) this.onOpen();
      return null;
    }
    const snapshot = site.register(this);
    try {
      if (snapshot === undefined) this.connectFresh(site);
      else this.connectRestored(site, snapshot);
    } finally {
      // Added last, but for a closed consumer run at once: what is not needed without a consumer goes. So does what an error
      // has kept from connecting, with its consumer.
      dest.add(this);
    }
    return this;
  }

  private connectFresh(site: Site): void {
    if (!this.opensLast) this.queueOpening(site);
    this.begin();
    if (this.opensLast) this.queueOpening(site);
  }

  private connectRestored(site: Site, snapshot: Snapshot): void {
    const { opened = true, inputs = [] } = snapshot;
    if (inputs.length !== this.sources.length)
      throw new InputsChangedError(this.name, inputs.length, this.sources.length);
    this.jobPart!.isOpened = opened;
    readBack(this.name, () => this.restoreStructure(snapshot.state as never));
    if (!this.opensLast) this.queueOpening(site);
    for (const index of this.subscribeOrder() ?? this.sources.keys()) {
      const status = inputs[index];
      if (status === 'live' && !this.dest.closed) this.subscribeInput(index);
      else if (status === 'done' || status === 'live') this.connectDone(index);
      // Its turn will come; above it may be a shared stream that others have used.
      else if (status === 'waiting') site.connectDead(index);
    }
    if (this.opensLast) this.queueOpening(site);
    this.restoreState(snapshot.state as never, site.run.revival);
  }

  /** Before the inputs are connected: counters and flags, nothing of the user's. */
  protected restoreStructure(_state: never): void {}

  /** Before or after the inputs are connected, so that it opens before or after them. */
  private queueOpening(site: Site): void {
    if (this.needsOpening(this.jobPart!.isOpened)) site.run.connecting.queue(this);
  }

  open(): void {
    this.jobPart!.isOpened = true;
    if (this.dest.closed) return;
    try {
      this.onOpen();
    } catch (error) {
      // All the way down before a barrier may begin, as what comes from outside.
      this.site!.run.turn(() => this.dest.error(error));
    }
  }

  /** @param wasOpened - before the checkpoint. */
  protected needsOpening(wasOpened: boolean): boolean {
    return !wasOpened;
  }

  protected connectDone(index: number): void {
    this.noteDone(index);
    this.site?.connectDead(index);
  }

  protected noteDone(index: number): void {
    (this.jobPart!.endedBefore ??= new Set()).add(index);
  }

  protected subscribeInput(index: number): void {
    const { site, dest } = this;
    const source = this.sources[index]!;
    const input = new Input(this, index, dest, this.unsubscribesFirst);
    this.inputs[index] = input;
    if (site === null) subscribeOutside(this.convert(source), input);
    else {
      input.upstream = site.connectInput(index, input);
      this.pauseNewcomer(input.upstream);
    }
  }

  /** What is connected while this is paused has to wait as well: it is resumed with the others. */
  pauseNewcomer(upstream: Upstream | null): void {
    if (this.jobPart!.pauses > 0) upstream?.pause();
  }

  /** What is subscribed outside of a job. */
  protected convert(source: ObservableInput<unknown>): ObservableInput<unknown> {
    return source;
  }

  protected isInputDone(index: number): boolean {
    return this.inputs[index]?.hasEnded ?? this.jobPart?.endedBefore?.has(index) === true;
  }

  // Being in the job

  get name(): string {
    return this.site!.name;
  }

  get scope(): Scope {
    return this.site!.scope;
  }

  isRoot(): boolean {
    return !this.inputs.some((input) => input !== null && !input.closed) && !this.hasLiveInner();
  }

  barrier(barrier: Barrier): void {
    const jobPart = this.jobPart!;
    if (jobPart.lastBarrier === barrier.id) return; // By another input before.
    jobPart.lastBarrier = barrier.id;
    barrier.acknowledge(this);
    this.passOn(barrier);
  }

  /** To whoever it feeds. */
  protected passOn(barrier: Barrier): void {
    if (!this.dest.closed) this.dest.barrier(barrier);
  }

  snapshotState(capture: Capture): ParticipantSnapshot {
    return { state: this.captureState(capture), opened: this.jobPart!.isOpened, inputs: this.inputStatuses() };
  }

  private inputStatuses(): readonly InputStatus[] {
    return Object.freeze(
      this.inputs.map((input, index): InputStatus => {
        if (this.isInputDone(index) || input?.closed === true) return 'done';
        return input === null ? 'waiting' : 'live';
      }),
    );
  }

  stop(): void {
    this.dest.unsubscribe();
  }

  /** The consumer has left: it is a teardown of the consumer's. */
  unsubscribe(): void {
    this.onEnd();
    this.leaveIfNotNeeded();
  }

  leaveIfNotNeeded(): void {
    if (this.site !== null && this.dest.closed && !this.isNeeded()) this.site.run.unregister(this);
  }

  // Backpressure

  pause(): void {
    if (this.jobPart!.pauses++ === 0) for (const upstream of this.upstreams()) upstream.pause();
  }

  resume(): void {
    if (--this.jobPart!.pauses === 0) for (const upstream of this.upstreams()) upstream.resume();
  }

  protected *upstreams(): Iterable<Upstream> {
    for (const input of this.inputs)
      if (input !== null && !input.closed && input.upstream !== null) yield input.upstream;
  }
}

/** What an operator core needs in a job only: outside, projections make cores by the million. */
class JobPart {
  lastBarrier = 0;
  pauses = 0;
  isOpened = false;
  /** What a restore found to have ended. */
  endedBefore: Set<number> | null = null;
}

/** What an input of an `OperatorCore` is subscribed with. */
export class Input<T> extends Lender<T> implements Consumer<T> {
  upstream: Upstream | null = null;
  /** By itself: it has not been left. */
  hasEnded = false;
  /** The core's. Asked of a core, which is of any class, at each value, they would have to be searched for. */
  private readonly out: Outlet<unknown>;
  private readonly onNext: OperatorCore<unknown, unknown>['onNext'];

  constructor(
    readonly core: OperatorCore<unknown, unknown>,
    readonly index: number,
    private readonly dest: Subscriber<unknown>,
    private readonly unsubscribesFirst: boolean,
  ) {
    super();
    this['initialTeardown'] = undefined;
    this.closed = false;
    this['_parentage'] = null;
    this['_finalizers'] = null;
    this.isStopped = false;
    this.destination = dest;
    dest.add(this);
    this.out = core.out;
    // eslint-disable-next-line @typescript-eslint/unbound-method -- it is called as the core's
    this.onNext = core.onNext;
  }

  barrier(barrier: Barrier): void {
    this.core.barrier(barrier);
  }

  get outlet(): Outlet<T> {
    // eslint-disable-next-line @typescript-eslint/unbound-method -- called as methods of the outlet
    return new ForeignOutlet<T, Input<T>>(this, this.passage === this.out ? Input.passOn : Input.handIn);
  }

  protected get passage(): Outlet<unknown> | null {
    return this.core.passageOf(this);
  }

  /** What `next` of an operator does that hands on what comes, two calls nearer. */
  private static passOn<T>(this: ForeignOutlet<T, Input<T>>, value: T): void {
    const input = this.dest;
    if (input.isStopped) input.next(value);
    else input.out.next(value);
  }

  /** What `next` does, one call nearer. */
  private static handIn<T>(this: ForeignOutlet<T, Input<T>>, value: T): void {
    const input = this.dest;
    if (input.isStopped) return input.next(value);
    try {
      input.onNext.call(input.core, value, input.index);
    } catch (error) {
      input.dest.error(error);
    }
  }

  override next(value: T): void {
    if (this.isStopped) return super.next(value);
    try {
      this.onNext.call(this.core, value, this.index);
    } catch (error) {
      if (this.core.isUnguarded) throw error;
      this.dest.error(error);
    }
  }

  protected override _error(error: unknown): void {
    try {
      this.hasEnded = true;
      this.core.onError(error, this.index);
    } catch (thrown) {
      if (this.core.handsOn('error', this.index)) throw thrown;
      this.dest.error(thrown);
    } finally {
      this.unsubscribe();
    }
  }

  protected override _complete(): void {
    this.hasEnded = true;
    // What a teardown throws here is the source's as well, and the end is not told.
    if (this.unsubscribesFirst) this.unsubscribe();
    try {
      this.core.onComplete(this.index);
    } catch (thrown) {
      if (this.core.handsOn('complete', this.index)) throw thrown;
      this.dest.error(thrown);
    } finally {
      this.unsubscribe();
    }
  }
}
