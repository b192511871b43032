import type { Subscriber } from 'rxjs';

import type { Barrier, Participant } from '../../checkpoint/protocol/Participant.js';
import type { Scope } from '../../checkpoint/protocol/Scope.js';
import type { ParticipantSnapshot } from '../../checkpoint/protocol/Snapshot.js';
import type { InnersOf } from './Inner.js';
import { Inner } from './Inner.js';
import { JobSite } from './JobSite.js';
import type { Consumer, Definition, Node, Site } from './Site.js';

/** What can be the source of a late inner, or an operator behind one. */
export interface LateDefinition<V> extends Definition<V> {
  /** The inner, which is the source as well. Null if there is a source that cannot be one. */
  createInner<T>(
    home: InnersOf<T>,
    index: number,
    value: T,
    site: Site,
    scope: Scope | null,
  ): LateInner<T, unknown> | null;
  /** Subscribes all but the source; gives what that is to emit into. */
  connectLate(dest: Subscriber<V>): Subscriber<unknown>;
}

/** An operator of a late inner, which gets its place in the job when somebody asks who takes part. */
export interface LateOperator extends Participant {
  readonly dest: Consumer<unknown>;
  readonly closed: boolean;
  takePlace(site: Site): void;
}

/**
 * An inner that is its own source: what that emits comes back to it, through the operators behind the source if there are
 * any. They take part in the job from when somebody asks who does, as a rule at the next barrier; most have ended before. A
 * restore makes of them what is a part of the job from the start, under the same names.
 */
export abstract class LateInner<T, V> extends Inner<T, V> {
  private part: LatePart | null = null;
  /** What the projection gave; null if it was no node. */
  private node: Node | null = null;
  /** Where the source emits: into its first operator, or into the inner. */
  protected into: Subscriber<unknown> = this;

  constructor(
    home: InnersOf<T>,
    index: number,
    value: T,
    /** The operator's. */
    protected readonly site: Site,
    /** Null until somebody needs it. */
    private scope: Scope | null,
  ) {
    super(home, index, value);
  }

  /** Its operator's name. */
  abstract readonly operator: string;
  abstract snapshot(): ParticipantSnapshot;
  /** Begins to emit. */
  abstract start(): void;

  /** Subscribes the operators behind it. */
  goThrough(node: Node): void {
    this.node = node;
    this.into = (node.definition as LateDefinition<never>).connectLate(this);
  }

  enlist(): void {
    if (this.part !== null) return;
    const { site, index, node } = this;
    const { run } = site;
    const scope = (this.scope ??= site.scope.inner(site, index));
    const name =
      node === null
        ? `${scope.structuralPrefix}${this.operator}`
        : this.enlistOperators(JobSite.atEnd(run, scope, node)).name;
    this.part = new LatePart(this, this.into as Consumer<unknown>, name, scope);
    run.enlist(this.part);
  }

  /** From the last one up, as they would join. Gives the place of the source. */
  private enlistOperators(end: JobSite): JobSite {
    const operators: LateOperator[] = [];
    let at: unknown = this.into;
    for (; at !== this; at = (at as LateOperator).dest) operators.unshift(at as LateOperator);
    let place = end;
    for (const operator of operators) {
      if (place.isStateful && !operator.closed) operator.takePlace(place);
      place = place.input(0);
    }
    return place;
  }

  protected override left(): void {
    const { part, scope, home } = this;
    if (part !== null) this.site.run.unregister(part);
    if (scope === null) home.delete(this);
    else home.core.innerLeft(this, scope);
  }
}

/** What stands for it in the job. */
class LatePart implements Participant {
  seat = -1;

  constructor(
    private readonly inner: LateInner<unknown, unknown>,
    private readonly into: Consumer<unknown>,
    readonly name: string,
    readonly scope: Scope,
  ) {}

  isRoot(): boolean {
    return true;
  }

  barrier(barrier: Barrier): void {
    barrier.acknowledge(this);
    this.into.barrier(barrier);
  }

  snapshotState(): ParticipantSnapshot {
    return this.inner.snapshot();
  }

  stop(): void {
    this.inner.unsubscribe();
  }
}
