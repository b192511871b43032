import type { ObservableInput } from 'rxjs';
import { from } from 'rxjs';

import type { Capture } from '../../checkpoint/protocol/Capture.js';
import { Burst, itemsOf } from './atOnce.js';
import { CheckpointedObservable } from './CheckpointedObservable.js';
import { connectOutside } from './connectOutside.js';
import type { Inner } from './Inner.js';
import { FreeInner } from './Inner.js';
import { Inners } from './Inners.js';
import type { InnersSnapshot } from './JobInners.js';
import { JobInners, NO_INNERS } from './JobInners.js';
import { OperatorCore } from './OperatorCore.js';
import type { Upstream } from './Site.js';

/** The base of operators that subscribe to what a projection returns. In a job every inner is a node of the graph. */
export abstract class HigherOrderCore<T, R, S> extends OperatorCore<R, S> {
  private inners: Inners<T> | null = null;

  abstract project(value: T, index: number): ObservableInput<unknown>;
  /** Hands it on, unless the operator has more to do with it. Without `inner` for an array that `startInner` emits. */
  onInnerNext(value: unknown, _inner?: Inner<T, unknown>): void {
    this.out.next(value as R);
  }

  abstract onInnerComplete(inner?: Inner<T, unknown>): void;

  onInnerError(error: unknown, _inner: Inner<T, unknown>): void {
    this.dest.error(error);
  }

  get handsOnInnerNext(): boolean {
    return this.onInnerNext === HigherOrderCore.prototype.onInnerNext;
  }

  get handsOnInnerError(): boolean {
    return this.onInnerError === HigherOrderCore.prototype.onInnerError;
  }

  /** Whether RxJS's inner just hands on its end. */
  get handsOnInnerComplete(): boolean {
    return false;
  }

  /** Subscribes to what the value is projected to, and gives the subscription, which may have ended already. */
  protected subscribeInner(value: T, index: number): Inner<T, unknown> {
    if (this.site === null) return this.subscribeOutside(this.project(value, index), value, index);
    return this.jobInners.begin(value, index, false)!;
  }

  /** The same for who needs no subscription: arrays are emitted without one. */
  protected startInner(value: T, index: number): void {
    if (this.site !== null) return void this.jobInners.begin(value, index, true);
    const input = this.project(value, index);
    const items = itemsOf(input);
    if (items === null) this.subscribeOutside(input, value, index);
    else this.emitItems(items);
  }

  emitItems(items: ArrayLike<unknown>): void {
    const { dest } = this;
    const burst = new Burst();
    this.burstStarted(burst);
    try {
      for (let i = 0; i < items.length && !burst.closed && !dest.closed; i++) this.onInnerNext(items[i]);
      if (burst.closed || dest.closed) return;
      burst.closed = true;
      this.onInnerComplete();
    } catch (error) {
      dest.error(error);
    }
  }

  /** Called before an array is emitted, which may lead to its being left. */
  protected burstStarted(_burst: Burst): void {}

  private subscribeOutside(input: ObservableInput<unknown>, value: T, index: number): Inner<T, unknown> {
    // Converted first: what is nothing to subscribe to is no inner.
    const source = input instanceof CheckpointedObservable ? input : from(input);
    const { home } = this;
    // Not kept for nothing, as long as the inner lives: RxJS doesn't, and values can be large.
    const inner = new FreeInner<T, unknown>(home, index, home.looksUpValues ? value : (undefined as T));
    home.add(inner);
    this.innerStarted(inner);
    if (source instanceof CheckpointedObservable) connectOutside(source, inner);
    else source.subscribe(inner);
    return inner;
  }

  private get home(): Inners<T> {
    return (this.inners ??= new Inners<T>(this));
  }

  /** In a job. */
  protected get jobInners(): JobInners<T> {
    return (this.inners ??= new JobInners<T>(this, this.site!)) as JobInners<T>;
  }

  protected override subscribeInput(index: number): void {
    this.consumerMayGetMore();
    super.subscribeInput(index);
  }

  override connect(): Upstream | null {
    const upstream = super.connect();
    // Whoever has it for a source can add to the consumer now: `finalize` does.
    this.consumerMayGetMore();
    return upstream;
  }

  /** In a job inners are left by the core. */
  private consumerMayGetMore(): void {
    if (this.site === null) this.inners?.losePlace();
  }

  /** Called before the inner is subscribed, since it may end at once. */
  innerStarted(_inner: Inner<T, unknown>): void {}

  /** Whether an inner is asked for its outer value outside of a job, too: in one it is needed to project it again. */
  get looksUpValues(): boolean {
    return false;
  }

  get innerUnsubscribesFirst(): boolean {
    return this.unsubscribesFirst;
  }

  enlist(): void {
    if (this.inners !== null) this.jobInners.enlist();
  }

  /** In a job: the live inner with this index. */
  protected innerOf(index: number): Inner<T, unknown> | null {
    return this.inners === null ? null : this.jobInners.of(index);
  }

  // There may be many that never have an inner: they have nothing to keep them in either.

  protected captureInners(capture: Capture): InnersSnapshot<T> {
    return this.inners === null ? NO_INNERS : this.jobInners.snapshot(capture);
  }

  protected restoreInners(inners: InnersSnapshot<T>): void {
    if (this.site === null || inners.active.length + inners.lingering.length === 0) return;
    this.jobInners.restore(inners);
  }

  /** In a job inners are left now, and not when the consumer's teardown comes to them: it has to be known what lives on. */
  protected override onEnd(): void {
    if (this.site !== null) this.inners?.leaveAll();
  }

  protected override hasLiveInner(): boolean {
    return this.inners !== null && this.inners.size > 0;
  }

  protected override isNeeded(): boolean {
    return this.site !== null && this.inners !== null && this.jobInners.hasLingering;
  }

  protected override *upstreams(): Iterable<Upstream> {
    yield* super.upstreams();
    for (const inner of this.inners ?? []) if (!inner.closed && inner.upstream) yield inner.upstream;
  }
}
