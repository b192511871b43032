import type { Observable, ObservableInput } from 'rxjs';
import { from } from 'rxjs';

import type { Capture } from '../../checkpoint/protocol/Capture.js';
import { Roster } from '../../checkpoint/protocol/Roster.js';
import type { Run } from '../../checkpoint/protocol/Run.js';
import type { Scope } from '../../checkpoint/protocol/Scope.js';
import { Burst, endsAtOnce, itemsOf, subscribeAtOnce } from './atOnce.js';
import { CheckpointedObservable } from './CheckpointedObservable.js';
import { connectOutside } from './connectOutside.js';
import { beginConstruction, endConstruction } from './construction.js';
import { invariant } from '../../errors/invariant.js';
import { Inner } from './Inner.js';
import { JobPart, OperatorCore } from './OperatorCore.js';
import { PlainInner } from './PlainInner.js';
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

  /** Subscribes to what the value is projected to, and gives the subscription, which may have ended already. */
  protected subscribeInner(value: T, index: number): Inner<T, unknown> {
    const { site } = this;
    if (site !== null) return this.subscribeInJob(site, value, index);
    return this.subscribeOutside(this.project(value, index), value, index);
  }

  /** The same for who needs no subscription: arrays are emitted without one. */
  protected startInner(value: T, index: number): void {
    const { site } = this;
    const scope = site === null ? null : site.scope.inner(site, index);
    const input = scope === null ? this.project(value, index) : this.projectIn(scope, value, index);
    if (site === null) {
      const items = itemsOf(input);
      if (items === null) this.subscribeOutside(input, value, index);
      else this.emitItems(items);
    } else if (this.mayEndAtOnce(site)) {
      const items = itemsOf(input);
      if (items === null) this.connectWithinTurn(site, scope!, input, value, index);
      else this.emitItems(items);
    } else this.connectInner(site, scope!, input, value, index);
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
    const inner = new Inner<T, unknown>(this, this.dest, index, value, null, this.innerUnsubscribesFirst);
    this.innerStarted(inner);
    if (source instanceof CheckpointedObservable) connectOutside(source, inner);
    else source.subscribe(inner);
    return inner;
  }

  /** Called before the inner is subscribed, since it may end at once. */
  protected innerStarted(_inner: Inner<T, unknown>): void {}

  protected get innerUnsubscribesFirst(): boolean {
    return this.unsubscribesFirst;
  }

  private subscribeInJob(site: Site, value: T, index: number): Inner<T, unknown> {
    const scope = site.scope.inner(site, index);
    return this.connectInner(site, scope, this.projectIn(scope, value, index), value, index);
  }

  protected connectInner(
    site: Site,
    scope: Scope,
    input: ObservableInput<unknown>,
    value: T,
    index: number,
  ): Inner<T, unknown> {
    if (this.mayEndAtOnce(site)) return this.connectWithinTurn(site, scope, input, value, index);
    return this.connectAsNode(site, scope, input, value, index);
  }

  private connectWithinTurn(
    site: Site,
    scope: Scope,
    input: ObservableInput<unknown>,
    value: T,
    index: number,
  ): Inner<T, unknown> {
    if (endsAtOnce(input)) return this.runAtOnce(input, value, index);
    if (site.run.joinsAtOnce) {
      if (!(input instanceof CheckpointedObservable)) return this.subscribePlain(site.run, scope, input, value, index);
      const { definition } = input as Node;
      if (definition.mayEndAtOnce === true) return this.tryInner(site, scope, input as Node, value, index);
    }
    return this.connectAsNode(site, scope, input, value, index);
  }

  private connectAsNode(
    site: Site,
    scope: Scope,
    input: ObservableInput<unknown>,
    value: T,
    index: number,
  ): Inner<T, unknown> {
    const node = innerNode(input);
    const inner = new Inner<T, unknown>(this, this.dest, index, value, scope, this.innerUnsubscribesFirst);
    this.innerStarted(inner);
    // The projection, or what was emitted before it, may have ended it all.
    if (!inner.closed) this.connectNode(site, scope, node, inner);
    return inner;
  }

  private connectNode(site: Site, scope: Scope, node: Node, inner: Inner<T, unknown>): void {
    (this.jobPart!.inners ??= new Roster()).add(inner);
    this.join(() => {
      inner.isConnecting = true;
      inner.upstream = site.connectInner(node, scope, inner);
      this.pauseNewcomer(inner.upstream);
      inner.isConnecting = false;
      if (inner.closed) this.innerLeft(inner, scope);
    });
  }

  private tryInner(site: Site, scope: Scope, node: Node, value: T, index: number): Inner<T, unknown> {
    const inner = new Inner<T, unknown>(this, this.dest, index, value, scope, this.innerUnsubscribesFirst);
    this.innerStarted(inner);
    if (inner.closed) return inner;
    let left: Node | null = null;
    try {
      left = node.definition.tryAtOnce!(inner, scope, node);
    } catch (error) {
      inner.error(error);
    }
    if (left !== null && !inner.closed) this.connectNode(site, scope, left, inner);
    return inner;
  }

  private projectIn(scope: Scope, value: T, index: number): ObservableInput<unknown> {
    const outer = beginConstruction(scope);
    try {
      return this.project(value, index);
    } finally {
      endConstruction(outer);
    }
  }

  /** Without making it a part of the job: it is gone before the turn is over. */
  private runAtOnce(input: ObservableInput<unknown>, value: T, index: number): Inner<T, unknown> {
    const inner = new Inner<T, unknown>(this, this.dest, index, value, null, this.innerUnsubscribesFirst);
    this.innerStarted(inner);
    subscribeAtOnce(input, inner);
    // The message is made only if it is needed.
    if (!inner.closed) invariant(false, `an inner Observable of ${this.name} was to end at once, and goes on`);
    return inner;
  }

  /** Within a turn, where nothing has to wait for anything else: the inner is all that there is of it in the job. */
  private subscribePlain(
    run: Run,
    scope: Scope,
    input: ObservableInput<unknown>,
    value: T,
    index: number,
  ): Inner<T, unknown> {
    const source = from(input);
    const inner = new PlainInner<T, unknown>(this, this.dest, index, value, scope, this.innerUnsubscribesFirst);
    this.innerStarted(inner);
    if (inner.closed) disown(input);
    else this.subscribeTo(source, inner, run);
    return inner;
  }

  private subscribeTo(source: Observable<unknown>, inner: PlainInner<T, unknown>, run: Run): void {
    (this.jobPart!.inners ??= new Roster()).add(inner);
    inner.subscribeTo(source, run);
  }

  /** In a job: the live inner with this index. */
  protected innerOf(index: number): Inner<T, unknown> | null {
    for (const inner of this.jobPart?.inners ?? []) if (inner.index === index) return inner;
    return null;
  }

  /** Connects an inner, and opens it unless something else is being connected. */
  protected join(connect: () => void): void {
    this.site!.run.join(connect);
  }

  /** After what stands above it was torn down, so that only what really lives on is counted. */
  innerLeft(inner: Inner<T, unknown>, scope: Scope): void {
    if (this.jobPart!.inners?.delete(inner) === true && scope.population > 0)
      this.linger(scope, { index: inner.index, value: inner.value });
  }

  private linger(scope: Scope, part: InnerSnapshot<T>): void {
    const lingering = (this.jobPart!.lingering ??= new Map());
    lingering.set(part.index, part);
    scope.onDeserted = () => {
      lingering.delete(part.index);
      this.leaveIfNotNeeded();
    };
  }

  protected captureInners(capture: Capture): InnersSnapshot<T> {
    const take = ({ index, value }: InnerSnapshot<T>): InnerSnapshot<T> =>
      Object.freeze({ index, value: capture.held(value, `inner[${index}].value`) });
    const { inners, lingering } = this.jobPart!;
    return Object.freeze({
      active: Object.freeze(Array.from(inners ?? [], take)),
      lingering: Object.freeze(Array.from(lingering?.values() ?? [], take)),
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
      if (isActive && !this.dest.closed) this.subscribeInJob(site, value, part.index);
      else this.reviveLingering(site, value, part.index);
    }
  }

  private reviveLingering(site: Site, value: T, index: number): void {
    const scope = site.scope.inner(site, index);
    const node = innerNode(this.projectIn(scope, value, index));
    site.connectDeadInner(node, scope);
    if (scope.population > 0) this.linger(scope, { index, value });
  }

  /** Inners are left now, and not when the consumer's teardown comes to them: it has to be known what lives on. */
  protected override onEnd(): void {
    const inners = this.jobPart?.inners;
    if (inners) for (const inner of inners) inner.unsubscribe();
  }

  protected override hasLiveInner(): boolean {
    const inners = this.jobPart?.inners;
    if (inners) for (const inner of inners) if (!inner.closed) return true;
    return false;
  }

  protected override isNeeded(): boolean {
    return (this.jobPart?.lingering?.size ?? 0) > 0;
  }

  protected override *upstreams(): Iterable<Upstream> {
    yield* super.upstreams();
    const inners = this.jobPart?.inners;
    if (inners) for (const inner of inners) if (!inner.closed && inner.upstream !== null) yield inner.upstream;
  }
}

/** Outside nobody needs to find them again. */
class HigherOrderJobPart<T> extends JobPart {
  inners: Roster<Inner<T, unknown>> | null = null;
  lingering: Map<number, InnerSnapshot<T>> | null = null;
}
