import type { ObservableInput } from 'rxjs';
import { from } from 'rxjs';

import type { Capture } from '../../checkpoint/protocol/Capture.js';
import type { Round } from '../../checkpoint/protocol/Round.js';
import type { Run } from '../../checkpoint/protocol/Run.js';
import type { Scope } from '../../checkpoint/protocol/Scope.js';
import { invariant } from '../../errors/invariant.js';
import { endsAtOnce, itemsOf, subscribeAtOnce } from './atOnce.js';
import { CheckpointedObservable } from './CheckpointedObservable.js';
import { beginProjection, constructIn, endProjection } from './construction.js';
import { adoptPlain } from './foreignSubscriber.js';
import type { Inner, InnerOwner, JobInnersOf } from './Inner.js';
import { FreeInner, NodeInner } from './Inner.js';
import { Inners } from './Inners.js';
import type { LateDefinition, LateInner } from './LateInner.js';
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

export const NO_INNERS: InnersSnapshot<never> = Object.freeze({
  active: Object.freeze([]),
  lingering: Object.freeze([]),
});

/** Whose inners they are in a job. */
export interface JobInnerOwner<T> extends InnerOwner<T> {
  readonly name: string;
  project(value: T, index: number): ObservableInput<unknown>;
  /** Called before the inner is subscribed, since it may end at once. */
  innerStarted(inner: Inner<T, unknown>): void;
  /** Of an array that was projected. */
  emitItems(items: ArrayLike<unknown>): void;
  pauseNewcomer(upstream: Upstream | null): void;
  leaveIfNotNeeded(): void;
}

/**
 * The live inners of an operator in a job, where each is a node of the graph, unless it is sure to be gone before a barrier
 * can come. All that happens for each value is here and not in the operator: of whatever class that is, this is one.
 */
export class JobInners<T> extends Inners<T> implements JobInnersOf<T> {
  readonly run: Run;
  /** While what is projected is not to open yet, it becomes a node in any case. */
  opensLater = false;
  private opening: Round | null = null;
  private readonly looksFirst: boolean;
  private lingering: Map<number, InnerSnapshot<T>> | null = null;
  private readonly project: JobInnerOwner<T>['project'];
  private readonly onStarted: JobInnerOwner<T>['innerStarted'];

  constructor(
    override readonly core: JobInnerOwner<T>,
    readonly site: Site,
  ) {
    super(core);
    this.run = site.run;
    this.looksFirst = site.run.requireUids;
    /* eslint-disable @typescript-eslint/unbound-method -- they are called as the core's */
    this.project = core.project;
    this.onStarted = core.innerStarted;
    /* eslint-enable @typescript-eslint/unbound-method */
  }

  /** Subscribes to what the value is projected to. Null for an array that was emitted without a subscription. */
  begin(value: T, index: number, emitsItems: boolean): Inner<T, unknown> | null {
    let input: ObservableInput<unknown>;
    let scope: Scope | null = null;
    beginProjection(this.site, index);
    try {
      input = this.project.call(this.core, value, index);
    } finally {
      scope = endProjection();
    }
    // The shortest way for what has the least to do: an inner that takes part once somebody asks.
    if (this.mayEndAtOnce && isPlain(input) && this.run.joinsAtOnce) return this.startPlain(scope, input, value, index);
    const items = emitsItems && this.mayEndAtOnce ? itemsOf(input) : null;
    if (items === null) return this.connect(scope, input, value, index);
    this.core.emitItems(items);
    return null;
  }

  /** The same for what is projected already. @param madeScope - that of the inner, if it has been made. */
  connect(madeScope: Scope | null, input: ObservableInput<unknown>, value: T, index: number): Inner<T, unknown> {
    if (this.mayEndAtOnce) {
      if (endsAtOnce(input)) return this.runAtOnce(input, value, index);
      if (this.run.joinsAtOnce) return this.join(madeScope, input, value, index);
    }
    return this.connectAsNode(madeScope, input, value, index);
  }

  /** The round of what was not to open yet. */
  takeOpening(): Round | null {
    const { opening } = this;
    this.opening = null;
    return opening;
  }

  /** Whether what is projected now can end before a barrier comes to it. With `requireUids` it is looked at first. */
  private get mayEndAtOnce(): boolean {
    return this.run.isWithinTurn && !this.looksFirst && !this.opensLater;
  }

  private join(madeScope: Scope | null, input: ObservableInput<unknown>, value: T, index: number): Inner<T, unknown> {
    // Only what was projected before: `begin` has gone that way.
    if (!(input instanceof CheckpointedObservable)) return this.startPlain(madeScope, input, value, index);
    const definition = input.definition as Partial<LateDefinition<unknown>>;
    if (definition.mayEndAtOnce === true) return this.tryInner(madeScope, input, value, index);
    const inner = definition.createInner?.(this, index, value) ?? null;
    if (inner !== null) return this.startLate(inner, madeScope, input);
    return this.connectAsNode(madeScope, input, value, index);
  }

  /** Adds it; gives whether it is still there: the projection, or what was emitted before it, may have ended it all. */
  private enter(inner: Inner<T, unknown>): boolean {
    this.add(inner);
    this.onStarted.call(this.core, inner);
    return !inner.closed;
  }

  private connectAsNode(
    madeScope: Scope | null,
    input: ObservableInput<unknown>,
    value: T,
    index: number,
  ): Inner<T, unknown> {
    const node = innerNode(input);
    const inner = this.createNodeInner(madeScope, value, index);
    if (this.enter(inner)) this.connectNode(node, inner);
    return inner;
  }

  private createNodeInner(madeScope: Scope | null, value: T, index: number): NodeInner<T, unknown> {
    const inner = new NodeInner<T, unknown>(this, index, value);
    if (madeScope !== null) inner.madeScope = madeScope;
    return inner;
  }

  /** Opens it as well, unless something else is being connected, or it is to open later. */
  private connectNode(node: Node, inner: NodeInner<T, unknown>): void {
    const { run } = this;
    if (this.opensLater) {
      this.opening = run.connect(() => this.attachNode(node, inner));
      return;
    }
    const round = run.beginJoining();
    try {
      this.attachNode(node, inner);
    } finally {
      run.endJoining(round);
    }
    round?.open();
  }

  private attachNode(node: Node, inner: NodeInner<T, unknown>): void {
    const { scope } = inner;
    inner.isConnecting = true;
    try {
      inner.upstream = this.site.connectInner(node, scope, inner);
      this.core.pauseNewcomer(inner.upstream);
    } catch (error) {
      // What has come of it until then must not stay in the job.
      inner.unsubscribe();
      throw error;
    } finally {
      inner.isConnecting = false;
      if (inner.closed) this.innerLeft(inner, scope);
    }
  }

  /** What may end at once most often does. */
  private tryInner(madeScope: Scope | null, node: Node, value: T, index: number): Inner<T, unknown> {
    const inner = this.createNodeInner(madeScope, value, index);
    if (!this.enter(inner)) return inner;
    let left: Node | null = null;
    try {
      left = node.definition.tryAtOnce!(inner, node);
    } catch (error) {
      inner.error(error);
    }
    if (left !== null && !inner.closed) this.connectNode(left, inner);
    return inner;
  }

  /** Without making it a part of the job: it is gone before the turn is over. */
  private runAtOnce(input: ObservableInput<unknown>, value: T, index: number): Inner<T, unknown> {
    const inner = new FreeInner<T, unknown>(this, index, value);
    this.enter(inner);
    subscribeAtOnce(input, inner);
    // The message is made only if it is needed.
    if (!inner.closed) invariant(false, `an inner Observable of ${this.core.name} was to end at once, and goes on`);
    return inner;
  }

  /** Where nothing has to wait for anything else: the inner is all that there is of it in the job. */
  private startLate(inner: LateInner<T, unknown>, madeScope: Scope | null, node: Node): Inner<T, unknown> {
    if (madeScope !== null) inner.madeScope = madeScope;
    if (!this.enter(inner)) return inner;
    inner.connect(node);
    this.core.pauseNewcomer(inner.upstream ?? null);
    return inner;
  }

  /** The same for what is no node, which nobody can pause. */
  private startPlain(
    madeScope: Scope | null,
    input: ObservableInput<unknown>,
    value: T,
    index: number,
  ): Inner<T, unknown> {
    // Converted first, as outside.
    const source = from(input);
    const inner = new PlainInner<T, unknown>(this, index, value);
    if (madeScope !== null) inner.madeScope = madeScope;
    if (this.enter(inner)) adoptPlain(inner, source);
    else disown(input);
    return inner;
  }

  enlist(): void {
    for (const inner of this) inner.enlist?.();
  }

  /** The live inner with this index. */
  of(index: number): Inner<T, unknown> | null {
    for (const inner of this) if (inner.index === index) return inner;
    return null;
  }

  /** After what stands above it was torn down, so that only what really lives on is counted. */
  innerLeft(inner: Inner<T, unknown>, scope: Scope): void {
    if (!this.delete(inner) || scope.population === 0) return;
    scope.abandon();
    if (scope.population > 0) this.linger(scope, { index: inner.index, value: inner.value });
  }

  private linger(scope: Scope, part: InnerSnapshot<T>): void {
    const lingering = (this.lingering ??= new Map());
    lingering.set(part.index, part);
    const deserted = (): void => {
      lingering.delete(part.index);
      this.core.leaveIfNotNeeded();
    };
    scope.onDeserted = deserted;
  }

  get hasLingering(): boolean {
    return this.lingering !== null && this.lingering.size > 0;
  }

  snapshot(capture: Capture): InnersSnapshot<T> {
    const take = ({ index, value }: InnerSnapshot<T>): InnerSnapshot<T> =>
      Object.freeze({ index, value: capture.held(value, `inner[${index}].value`) });
    return Object.freeze({
      active: Object.freeze(Array.from(this, take)),
      lingering: Object.freeze(Array.from(this.lingering?.values() ?? [], take)),
    });
  }

  /** Projects again, in the order of the indices: a later value may be a group that an earlier inner gives back. */
  restore({ active, lingering }: InnersSnapshot<T>): void {
    const parts = [
      ...active.map((part) => ({ part, isActive: true })),
      ...lingering.map((part) => ({ part, isActive: false })),
    ];
    parts.sort((a, b) => a.part.index - b.part.index);
    for (const { part, isActive } of parts) {
      const value = this.run.revival.held(part.value);
      if (isActive && !this.dest.closed) this.begin(value, part.index, false);
      else this.reviveLingering(value, part.index);
    }
  }

  private reviveLingering(value: T, index: number): void {
    const { core, site } = this;
    const scope = site.scope.inner(site, index);
    const node = innerNode(constructIn(scope, () => core.project(value, index)));
    site.connectDeadInner(node, scope);
    scope.abandon();
    if (scope.population > 0) this.linger(scope, { index, value });
  }
}

/** Whether it is no node, and does not end for sure while it is subscribed. */
function isPlain(input: ObservableInput<unknown>): boolean {
  return !(input instanceof CheckpointedObservable || Array.isArray(input));
}
