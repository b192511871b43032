import type { Observable, ObservableInput } from 'rxjs';
import { from, Subscriber } from 'rxjs';

import type { Capture } from '../../checkpoint/protocol/Capture.js';
import type { Barrier } from '../../checkpoint/protocol/Participant.js';
import type { Seated } from '../../checkpoint/protocol/Roster.js';
import { Roster } from '../../checkpoint/protocol/Roster.js';
import type { Run } from '../../checkpoint/protocol/Run.js';
import type { Scope } from '../../checkpoint/protocol/Scope.js';
import { Burst, endsAtOnce, itemsOf, subscribeAtOnce } from './atOnce.js';
import { CheckpointedObservable } from './CheckpointedObservable.js';
import { connectOutside } from './connectOutside.js';
import { beginConstruction, endConstruction } from './construction.js';
import type { Adopter } from './foreignSubscriber.js';
import { adoptPlain, isWithinAdopted, leaveAdopted } from './foreignSubscriber.js';
import { invariant } from '../../errors/invariant.js';
import { JobPart, OperatorCore } from './OperatorCore.js';
import type { Borrower, Outlet } from './Outlet.js';
import { ForeignOutlet } from './Outlet.js';
import { innerNode } from './plainNode.js';
import { PlainPart } from './PlainPart.js';
import type { Consumer, Definition, Node, ResolvedNode, Site, Upstream } from './Site.js';

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
    const items = itemsOf(input);
    if (items !== null && (site === null || this.mayEndAtOnce(site))) this.emitItems(items);
    else if (site === null) this.subscribeOutside(input, value, index);
    else this.connectInner(site, scope!, input, value, index);
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
    if (this.mayEndAtOnce(site)) {
      if (endsAtOnce(input)) return this.runAtOnce(input, value, index);
      if (site.run.joinsAtOnce) {
        if (!(input instanceof CheckpointedObservable))
          return this.subscribePlain(site.run, scope, from(input), value, index);
        const { definition } = input as Node;
        if (definition.resolve) return this.subscribeResolved(site, scope, definition, value, index);
      }
    }
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

  /** Of what a user's function says at each subscription most often is an array, or ends at once for other reasons. */
  private subscribeResolved(
    site: Site,
    scope: Scope,
    definition: Definition<never>,
    value: T,
    index: number,
  ): Inner<T, unknown> {
    const inner = new Inner<T, unknown>(this, this.dest, index, value, scope, this.innerUnsubscribesFirst);
    this.innerStarted(inner);
    if (inner.closed) return inner;
    let resolved: ResolvedNode | null = null;
    try {
      resolved = definition.resolve!(scope);
    } catch (error) {
      inner.error(error);
    }
    if (resolved === null || inner.closed) return inner;
    if (endsAtOnce(resolved.input)) subscribeAtOnce(resolved.input, inner);
    else this.connectNode(site, scope, resolved, inner);
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
    invariant(inner.closed, `an inner Observable of ${this.name} was to end at once, and goes on`);
    return inner;
  }

  /** Within a turn, where nothing has to wait for anything else: the inner is all that there is of it in the job. */
  private subscribePlain(
    run: Run,
    scope: Scope,
    source: Observable<unknown>,
    value: T,
    index: number,
  ): Inner<T, unknown> {
    const inner = new PlainInner<T, unknown>(this, this.dest, index, value, scope, this.innerUnsubscribesFirst);
    this.innerStarted(inner);
    if (inner.closed) return inner;
    (this.jobPart!.inners ??= new Roster()).add(inner);
    inner.subscribeTo(source, run);
    return inner;
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

/** What an inner is subscribed with. */
export class Inner<T, V> extends Subscriber<V> implements Consumer<V>, Seated {
  seat = -1;
  upstream: Upstream | null = null;
  isConnecting = false;
  /** Set by operators that want its first value only, while that is handled. */
  isSpent = false;
  /** The core's, as those of `Input`. */
  private readonly out: Outlet<unknown>;
  private readonly onNext: HigherOrderCore<T, unknown, unknown>['onInnerNext'];
  private borrower: Borrower<V> | null = null;

  constructor(
    private readonly core: HigherOrderCore<T, unknown, unknown>,
    private readonly dest: Subscriber<unknown>,
    readonly index: number,
    /** The outer value that it was projected from. */
    readonly value: T,
    /** Null outside of a job. */
    readonly scope: Scope | null,
    private readonly unsubscribesFirst: boolean,
  ) {
    super(dest);
    this.out = core.out;
    // eslint-disable-next-line @typescript-eslint/unbound-method -- it is called as the core's
    this.onNext = core.onInnerNext;
  }

  override error(error: unknown): void {
    this.takeBack();
    super.error(error);
  }

  override complete(): void {
    this.takeBack();
    super.complete();
  }

  override unsubscribe(): void {
    this.takeBack();
    try {
      super.unsubscribe();
    } finally {
      const { scope } = this;
      // Neither, and not made yet, where the consumer had left before.
      if (scope && !this.isConnecting) this.core.innerLeft(this, scope);
    }
  }

  barrier(barrier: Barrier): void {
    this.core.barrier(barrier);
  }

  get outlet(): Outlet<V> {
    // Called as methods of the outlet, and compared.
    /* eslint-disable @typescript-eslint/unbound-method */
    const isPassedOn = this.onNext === HigherOrderCore.prototype.onInnerNext;
    return new ForeignOutlet<V, Inner<T, V>>(this, isPassedOn ? Inner.passOn : Inner.handIn);
    /* eslint-enable @typescript-eslint/unbound-method */
  }

  /** Where values are just passed on, whoever emits them gets the core's own outlet, until this has stopped. */
  lend(borrower: Borrower<V>): Outlet<V> {
    if (this.isStopped || this.borrower !== null || this.onNext !== HigherOrderCore.prototype.onInnerNext)
      return this.outlet;
    this.borrower = borrower;
    return this.out;
  }

  private takeBack(): void {
    const { borrower } = this;
    // Not made yet where the consumer had left before.
    if (!borrower) return;
    borrower.out = this;
    this.borrower = null;
  }

  /** What `next` of an operator does that hands on what comes, two calls nearer. */
  private static passOn<T, V>(this: ForeignOutlet<V, Inner<T, V>>, value: V): void {
    const inner = this.dest;
    if (inner.isStopped) inner.next(value);
    else inner.out.next(value);
  }

  /** What `next` does, one call nearer. */
  private static handIn<T, V>(this: ForeignOutlet<V, Inner<T, V>>, value: V): void {
    const inner = this.dest;
    if (inner.isStopped) return inner.next(value);
    try {
      inner.onNext.call(inner.core, value, inner);
    } catch (error) {
      inner.dest.error(error);
    }
  }

  override next(value: V): void {
    if (this.isStopped) return super.next(value);
    try {
      this.onNext.call(this.core, value, this);
    } catch (error) {
      this.dest.error(error);
    }
  }

  protected override _error(error: unknown): void {
    try {
      this.core.onInnerError(error, this);
    } catch (thrown) {
      // As of an input: see `handsOn`.
      if (this.core.handsOnInnerError) throw thrown;
      this.dest.error(thrown);
    } finally {
      this.unsubscribe();
    }
  }

  protected override _complete(): void {
    if (this.unsubscribesFirst) this.unsubscribe();
    try {
      this.core.onInnerComplete(this);
    } catch (error) {
      this.dest.error(error);
    } finally {
      this.unsubscribe();
    }
  }
}

/**
 * An inner that is subscribed to a plain Observable itself, each notification of which is a turn. In the job it does what
 * a `PlainSource` under an inner does, under the same name: a restore makes that of it.
 */
class PlainInner<T, V> extends Inner<T, V> implements Adopter<V> {
  isAdopter = true;
  private part: PlainPart | null = null;

  subscribeTo(source: Observable<V>, run: Run): void {
    this.part = new PlainPart(this, this.scope!, run);
    run.register(this.part);
    adoptPlain(this, source);
  }

  /** Nobody gets around `next`. */
  override get outlet(): Outlet<V> {
    return new ForeignOutlet<V, Subscriber<V>>(this, passIn);
  }

  override lend(): Outlet<V> {
    return this.outlet;
  }

  override next(value: V): void {
    const { part } = this;
    if (this.isStopped || part === null) return super.next(value);
    part.emitted++;
    part.run.enter();
    try {
      if (isWithinAdopted()) leaveAdopted(() => super.next(value));
      else super.next(value);
    } finally {
      part.run.leave();
    }
  }

  protected override _error(error: unknown): void {
    const { run } = this.part!;
    run.enter();
    try {
      if (isWithinAdopted()) leaveAdopted(() => super._error(error));
      else super._error(error);
    } finally {
      run.leave();
    }
  }

  protected override _complete(): void {
    const { run } = this.part!;
    run.enter();
    try {
      if (isWithinAdopted()) leaveAdopted(() => super._complete());
      else super._complete();
    } finally {
      run.leave();
    }
  }

  override unsubscribe(): void {
    // Not made yet where the consumer had left before.
    this.part?.leave();
    super.unsubscribe();
  }
}

function passIn<V>(this: ForeignOutlet<V, Subscriber<V>>, value: V): void {
  this.dest.next(value);
}
