import type { ObservableInput } from 'rxjs';
import { from } from 'rxjs';

import type { Capture } from '../../checkpoint/protocol/Capture.js';
import type { Scope } from '../../checkpoint/protocol/Scope.js';
import { Burst, endsAtOnce, itemsOf, subscribeAtOnce } from './atOnce.js';
import { CheckpointedObservable } from './CheckpointedObservable.js';
import { connectOutside } from './connectOutside.js';
import { beginProjection, constructIn, endProjection } from './construction.js';
import { invariant } from '../../errors/invariant.js';
import { Inner, NodeInner } from './Inner.js';
import { Inners } from './Inners.js';
import type { LateDefinition, LateInner } from './LateInner.js';
import { JobPart, OperatorCore } from './OperatorCore.js';
import { PlainInner } from './PlainInner.js';
import { adoptPlain } from './foreignSubscriber.js';
import { disown, innerNode } from './plainNode.js';
import type { Node, Site, Upstream } from './Site.js';

/** An inner subscription in a snapshot: enough to project it again. Its own state is in its participants' snapshots. */
export interface InnerSnapshot<T> {
  readonly index: number;
  readonly value: T;
}

/** What was projected and is left, but has parts that live on (a group that was handed out). */
export interface InnersSnapshot<T> {
  readonly active: readonly InnerSnapshot<T>[];
  readonly lingering: readonly InnerSnapshot<T>[];
}

/** The base of operators that subscribe to what a projection returns. In a job every inner is a node of the graph. */
export abstract class HigherOrderCore<T, R, S> extends OperatorCore<R, S> {
  declare protected readonly jobPart: HigherOrderJobPart<T> | null;
  private inners: Inners<T> | null = null;

  protected override createJobPart(): HigherOrderJobPart<T> {
    return new HigherOrderJobPart();
  }

  protected abstract project(value: T, index: number): ObservableInput<unknown>;
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
    const { site } = this;
    if (site === null) return this.subscribeOutside(this.project(value, index), value, index);
    return this.projectInJob(site, value, index, false)!;
  }

  /** The same for who needs no subscription: arrays are emitted without one. */
  protected startInner(value: T, index: number): void {
    const { site } = this;
    if (site !== null) return void this.projectInJob(site, value, index, true);
    const input = this.project(value, index);
    const items = itemsOf(input);
    if (items === null) this.subscribeOutside(input, value, index);
    else this.emitItems(items);
  }

  private projectInJob(site: Site, value: T, index: number, emitsItems: boolean): Inner<T, unknown> | null {
    let input: ObservableInput<unknown>;
    let scope: Scope | null = null;
    beginProjection(site, index);
    try {
      input = this.project(value, index);
    } finally {
      scope = endProjection();
    }
    if (!this.mayEndAtOnce(site)) return this.connectAsNode(site, scope, input, value, index);
    const items = emitsItems ? itemsOf(input) : null;
    if (items === null) return this.connectWithinTurn(site, scope, input, value, index);
    this.emitItems(items);
    return null;
  }

  /** Whether what is projected now can end before a barrier comes to it. With `requireUids` it is looked at first. */
  protected mayEndAtOnce({ run }: Site): boolean {
    return run.isWithinTurn && !run.requireUids;
  }

  private emitItems(items: ArrayLike<unknown>): void {
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
    const inner = new Inner<T, unknown>(home, index, home.looksUpValues ? value : (undefined as T));
    home.add(inner);
    this.innerStarted(inner);
    if (source instanceof CheckpointedObservable) connectOutside(source, inner);
    else source.subscribe(inner);
    return inner;
  }

  /** Who is added is left when the consumer is: now, if that has been. */
  private get home(): Inners<T> {
    return (this.inners ??= new Inners<T>(this, this.site));
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
  protected innerStarted(_inner: Inner<T, unknown>): void {}

  /** Whether an inner is asked for its outer value outside of a job, too: in one it is needed to project it again. */
  get looksUpValues(): boolean {
    return false;
  }

  get innerUnsubscribesFirst(): boolean {
    return this.unsubscribesFirst;
  }

  /** @param madeScope - that of the inner, if it has been made. */
  protected connectInner(
    site: Site,
    madeScope: Scope | null,
    input: ObservableInput<unknown>,
    value: T,
    index: number,
  ): Inner<T, unknown> {
    if (this.mayEndAtOnce(site)) return this.connectWithinTurn(site, madeScope, input, value, index);
    return this.connectAsNode(site, madeScope, input, value, index);
  }

  private connectWithinTurn(
    site: Site,
    madeScope: Scope | null,
    input: ObservableInput<unknown>,
    value: T,
    index: number,
  ): Inner<T, unknown> {
    if (!(input instanceof CheckpointedObservable)) {
      if (Array.isArray(input)) return this.runAtOnce(input, value, index);
      if (site.run.joinsAtOnce) return this.startPlain(madeScope, input, value, index);
    } else if (endsAtOnce(input)) return this.runAtOnce(input, value, index);
    else if (site.run.joinsAtOnce) {
      const { home } = this;
      const definition = input.definition as Partial<LateDefinition<unknown>>;
      const inner = definition.createInner?.(home, index, value) ?? null;
      if (inner !== null) return this.startLate(home, inner, madeScope, input);
      if (definition.mayEndAtOnce === true) return this.tryInner(site, madeScope, input, value, index);
    }
    return this.connectAsNode(site, madeScope, input, value, index);
  }

  private connectAsNode(
    site: Site,
    madeScope: Scope | null,
    input: ObservableInput<unknown>,
    value: T,
    index: number,
  ): Inner<T, unknown> {
    const node = innerNode(input);
    const { home } = this;
    const inner = new NodeInner<T, unknown>(home, index, value);
    if (madeScope !== null) inner.madeScope = madeScope;
    home.add(inner);
    this.innerStarted(inner);
    // The projection, or what was emitted before it, may have ended it all.
    if (!inner.closed) this.connectNode(site, node, inner);
    return inner;
  }

  /** Opens it as well, unless something else is being connected. */
  protected connectNode(site: Site, node: Node, inner: NodeInner<T, unknown>): void {
    const { run } = site;
    const round = run.beginJoining();
    try {
      this.attachNode(site, node, inner);
    } finally {
      run.endJoining(round);
    }
    round?.open();
  }

  protected attachNode(site: Site, node: Node, inner: NodeInner<T, unknown>): void {
    const { scope } = inner;
    inner.isConnecting = true;
    let isConnected = false;
    try {
      inner.upstream = site.connectInner(node, scope, inner);
      this.pauseNewcomer(inner.upstream);
      isConnected = true;
    } finally {
      // What has come of it until then must not stay in the job.
      if (!isConnected) inner.unsubscribe();
      inner.isConnecting = false;
      if (inner.closed) this.innerLeft(inner, scope);
    }
  }

  /** What may end at once most often does. */
  private tryInner(site: Site, madeScope: Scope | null, node: Node, value: T, index: number): Inner<T, unknown> {
    const { home } = this;
    const inner = new NodeInner<T, unknown>(home, index, value);
    if (madeScope !== null) inner.madeScope = madeScope;
    home.add(inner);
    this.innerStarted(inner);
    if (inner.closed) return inner;
    let left: Node | null = null;
    try {
      left = node.definition.tryAtOnce!(inner, node);
    } catch (error) {
      inner.error(error);
    }
    if (left !== null && !inner.closed) this.connectNode(site, left, inner);
    return inner;
  }

  /** Without making it a part of the job: it is gone before the turn is over. */
  private runAtOnce(input: ObservableInput<unknown>, value: T, index: number): Inner<T, unknown> {
    const { home } = this;
    const inner = new Inner<T, unknown>(home, index, value);
    home.add(inner);
    this.innerStarted(inner);
    subscribeAtOnce(input, inner);
    // The message is made only if it is needed.
    if (!inner.closed) invariant(false, `an inner Observable of ${this.name} was to end at once, and goes on`);
    return inner;
  }

  /** Within a turn, where nothing has to wait for anything else: the inner is all that there is of it in the job. */
  private startLate(
    home: Inners<T>,
    inner: LateInner<T, unknown>,
    madeScope: Scope | null,
    node: Node,
  ): Inner<T, unknown> {
    if (madeScope !== null) inner.madeScope = madeScope;
    home.add(inner);
    this.innerStarted(inner);
    if (inner.closed) return inner;
    inner.connect(node);
    this.pauseNewcomer(inner.upstream ?? null);
    return inner;
  }

  /** The same for what is no node, which nobody can pause. */
  private startPlain(
    madeScope: Scope | null,
    input: ObservableInput<unknown>,
    value: T,
    index: number,
  ): Inner<T, unknown> {
    const { home } = this;
    // Converted first, as outside.
    const source = from(input);
    const inner = new PlainInner<T, unknown>(home, index, value);
    if (madeScope !== null) inner.madeScope = madeScope;
    home.add(inner);
    this.innerStarted(inner);
    if (inner.closed) disown(input);
    else adoptPlain(inner, source);
    return inner;
  }

  enlist(): void {
    for (const inner of this.inners ?? []) inner.enlist?.();
  }

  /** In a job: the live inner with this index. */
  protected innerOf(index: number): Inner<T, unknown> | null {
    for (const inner of this.inners ?? []) if (inner.index === index) return inner;
    return null;
  }

  /** After what stands above it was torn down, so that only what really lives on is counted. */
  innerLeft(inner: Inner<T, unknown>, scope: Scope | null): void {
    if (this.inners?.delete(inner) !== true || scope === null || scope.population === 0) return;
    scope.abandon();
    if (scope.population > 0) this.linger(scope, { index: inner.index, value: inner.value });
  }

  private linger(scope: Scope, part: InnerSnapshot<T>): void {
    const lingering = (this.jobPart!.lingering ??= new Map());
    lingering.set(part.index, part);
    const deserted = (): void => {
      lingering.delete(part.index);
      this.leaveIfNotNeeded();
    };
    scope.onDeserted = deserted;
  }

  protected captureInners(capture: Capture): InnersSnapshot<T> {
    const take = ({ index, value }: InnerSnapshot<T>): InnerSnapshot<T> =>
      Object.freeze({ index, value: capture.held(value, `inner[${index}].value`) });
    return Object.freeze({
      active: Object.freeze(Array.from(this.inners ?? [], take)),
      lingering: Object.freeze(Array.from(this.jobPart!.lingering?.values() ?? [], take)),
    });
  }

  /** Projects again, in the order of the indices: a later value may be a group that an earlier inner gives back. */
  protected restoreInners({ active, lingering }: InnersSnapshot<T>): void {
    const { site } = this;
    if (site === null) return;
    const parts = [
      ...active.map((part) => ({ part, isActive: true })),
      ...lingering.map((part) => ({ part, isActive: false })),
    ];
    parts.sort((a, b) => a.part.index - b.part.index);
    for (const { part, isActive } of parts) {
      const value = site.run.revival.held(part.value);
      if (isActive && !this.dest.closed) this.subscribeInner(value, part.index);
      else this.reviveLingering(site, value, part.index);
    }
  }

  private reviveLingering(site: Site, value: T, index: number): void {
    const scope = site.scope.inner(site, index);
    const node = innerNode(constructIn(scope, () => this.project(value, index)));
    site.connectDeadInner(node, scope);
    scope.abandon();
    if (scope.population > 0) this.linger(scope, { index, value });
  }

  /** In a job inners are left now, and not when the consumer's teardown comes to them: it has to be known what lives on. */
  protected override onEnd(): void {
    if (this.site !== null) this.inners?.leaveAll();
  }

  protected override hasLiveInner(): boolean {
    return this.inners !== null && this.inners.size > 0;
  }

  protected override isNeeded(): boolean {
    return (this.jobPart?.lingering?.size ?? 0) > 0;
  }

  protected override *upstreams(): Iterable<Upstream> {
    yield* super.upstreams();
    for (const inner of this.inners ?? []) if (!inner.closed && inner.upstream) yield inner.upstream;
  }
}

class HigherOrderJobPart<T> extends JobPart {
  lingering: Map<number, InnerSnapshot<T>> | null = null;
}
