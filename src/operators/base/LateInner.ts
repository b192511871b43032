import type { Barrier, Participant } from '../../checkpoint/protocol/Participant.js';
import type { Run } from '../../checkpoint/protocol/Run.js';
import type { Scope } from '../../checkpoint/protocol/Scope.js';
import type { ParticipantSnapshot } from '../../checkpoint/protocol/Snapshot.js';
import type { InnersOf } from './Inner.js';
import { Inner } from './Inner.js';
import type { Definition, Site } from './Site.js';

/** What can be an inner of one object, when it is all that a projection gave and joins within a turn. */
export interface LateDefinition<V> extends Definition<V> {
  createInner?<T>(home: InnersOf<T>, index: number, value: T, site: Site, scope: Scope | null): LateInner<T, V>;
}

/**
 * An inner that is its own source. It takes part in the job from when somebody asks who does, as a rule at the next barrier;
 * most have ended before. A restore makes of it what is a part of the job from the start, under the same name.
 */
export abstract class LateInner<T, V> extends Inner<T, V> {
  private part: LatePart | null = null;

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

  enlist(): void {
    if (this.part !== null) return;
    const { site, index } = this;
    this.scope ??= site.scope.inner(site, index);
    this.part = new LatePart(this, this.scope, site.run);
    site.run.enlist(this.part);
  }

  protected override left(): void {
    const { part, scope, home } = this;
    part?.leave();
    if (scope === null) home.delete(this);
    else home.core.innerLeft(this, scope);
  }
}

/** What stands for it in the job. */
class LatePart implements Participant {
  seat = -1;

  constructor(
    private readonly inner: LateInner<unknown, unknown>,
    readonly scope: Scope,
    private readonly run: Run,
  ) {}

  get name(): string {
    return `${this.scope.structuralPrefix}${this.inner.operator}`;
  }

  isRoot(): boolean {
    return true;
  }

  barrier(barrier: Barrier): void {
    barrier.acknowledge(this);
    this.inner.barrier(barrier);
  }

  snapshotState(): ParticipantSnapshot {
    return this.inner.snapshot();
  }

  stop(): void {
    this.inner.unsubscribe();
  }

  leave(): void {
    this.run.unregister(this);
  }
}
