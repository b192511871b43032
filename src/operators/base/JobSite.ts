import type { Subscriber } from 'rxjs';

import type { Participant } from '../../checkpoint/protocol/Participant.js';
import type { Region } from '../../checkpoint/protocol/Region.js';
import type { Opening } from '../../checkpoint/protocol/Round.js';
import type { Run } from '../../checkpoint/protocol/Run.js';
import type { Scope } from '../../checkpoint/protocol/Scope.js';
import type { Snapshot } from '../../checkpoint/protocol/Snapshot.js';
import type { Upgrade } from '../../checkpoint/protocol/Upgrade.js';
import { CheckpointError } from '../../errors/CheckpointError.js';
import { MissingUidError } from '../../errors/MissingUidError.js';
import { closedConsumer } from './closedConsumer.js';
import { checkNames, planOf, prefixIn, statefulWithoutUid } from './Plan.js';
import { noteUse, sharedStreamsOf } from './sharedStreams.js';
import type { Definition, Node, Plan, Site, Upstream } from './Site.js';

export class JobSite implements Site {
  // Made when somebody asks: most inner pipelines end before.
  private fullName: string | null = null;
  private knownPlan: Plan | null = null;

  private constructor(
    readonly run: Run,
    readonly scope: Scope,
    private readonly definition: Definition<never>,
    /** Whose input it is within its part; of the last one the node. */
    private readonly below: JobSite | Node,
    /** Which input. */
    private readonly index: number,
    /** Whether it is the end of an attempt, which has a scope of its own. */
    private readonly endsAttempt: boolean,
  ) {}

  /** The last node of a part (a pipeline, an inner pipeline), whose values leave the scope. */
  static atEnd(run: Run, scope: Scope, node: Node): JobSite {
    checkNames(node);
    if (run.requireUids) {
      const unnamed = statefulWithoutUid(planOf(node), scope);
      if (unnamed.length > 0) throw new MissingUidError(unnamed);
    }
    return new JobSite(run, scope, node.definition, node, 0, false);
  }

  private get plan(): Plan {
    const { below, index } = this;
    return (this.knownPlan ??= below instanceof JobSite ? below.plan.inputs[index]! : planOf(below));
  }

  get name(): string {
    const { scope, definition } = this;
    return (this.fullName ??=
      (definition.uid === undefined ? scope.structuralPrefix : scope.uidPrefix) + this.plan.localName);
  }

  get uid(): string | undefined {
    return this.definition.uid;
  }

  get isStateful(): boolean {
    return this.definition.isStateful;
  }

  get upgrade(): Upgrade | null {
    return this.plan.upgrade;
  }

  get localName(): string {
    return this.plan.localName;
  }

  prefixIn(scope: Scope): string {
    return prefixIn(this.plan, scope);
  }

  get region(): Region {
    return this.scope.region;
  }

  get sourceSite(): this {
    return this;
  }

  get edge(): string {
    const { below, scope, index } = this;
    if (this.endsAttempt) return scope.path;
    if (!(below instanceof JobSite)) return `${scope.structuralPrefix}end`;
    return below.definition.isStateful ? `${below.name}.${index}` : below.edge;
  }

  noteUse(): void {
    noteUse(this.definition, this.scope);
  }

  register(participant: Participant): Snapshot | undefined {
    const { run, definition } = this;
    // Only for a snapshot is it asked whether something above was renamed.
    const isPlain = definition.upgrade === undefined && !run.isRestoring;
    return run.register(participant, isPlain ? null : this.upgrade);
  }

  connect(dest: Subscriber<never>): Upstream | null {
    const { definition, run } = this;
    const { connecting } = run;
    if (connecting.isWithinTurn) {
      if (definition.endsAtOnce === true) {
        // No barrier can come to it, so it is no part of the job.
        connecting.queue(new AtOnce(definition, dest));
        return null;
      }
      // What opens before may end this, or join as well: who is subscribed first gets each value first, as in RxJS.
      if (definition.isJoined === true && !connecting.isEmpty) {
        const joining = new Joining(this, dest);
        connecting.queue(joining);
        return joining;
      }
    }
    return definition.connect(dest, this);
  }

  connectInput(index: number, dest: Subscriber<never>): Upstream | null {
    try {
      return this.input(index).connect(dest);
    } catch (error) {
      throw this.refused(error);
    }
  }

  connectDead(index: number): void {
    this.input(index).revive();
  }

  connectAttempt(index: number, scope: Scope, dest: Subscriber<never>): Upstream | null {
    try {
      return this.attempt(index, scope).connect(dest);
    } catch (error) {
      throw this.refused(error);
    }
  }

  connectDeadAttempt(index: number, scope: Scope): void {
    this.attempt(index, scope).revive();
  }

  connectInner(node: Node, scope: Scope, dest: Subscriber<never>): Upstream | null {
    try {
      const upstream = JobSite.atEnd(this.run, scope, node).connect(dest);
      this.reviveUnused(scope);
      return upstream;
    } catch (error) {
      throw this.refused(error);
    }
  }

  /** What the job refuses is no error of the stream: the program has to be changed, and nothing in it is to handle that. */
  refused(error: unknown): unknown {
    if (error instanceof CheckpointError) this.run.refuse(error, this.region);
    return error;
  }

  connectDeadInner(node: Node, scope: Scope): void {
    JobSite.atEnd(this.run, scope, node).revive();
    this.reviveUnused(scope);
  }

  /**
   * Shared parts that were made for an inner pipeline, and went on for nobody at the checkpoint, do so again: what they are
   * used by may be inner pipelines of that one, to which nothing leads yet.
   */
  private reviveUnused(scope: Scope): void {
    const { run } = this;
    if (!run.isRestoring) return;
    for (const node of sharedStreamsOf(scope)) {
      if (node === null) continue;
      const site = JobSite.atEnd(run, scope, node);
      if (run.claims.isUnused(site.name, scope, site.upgrade)) site.revive();
    }
  }

  /**
   * Connects what has a snapshot here or above, under a consumer that takes nothing any more: the part is done, but a
   * group that came out of it may still be used.
   */
  private revive(): void {
    const { definition } = this;
    if (
      definition.outlivesConsumer === true &&
      (definition.shared !== undefined || this.run.claims.isAwaited(this.name, this.scope, this.upgrade))
    ) {
      definition.connect(closedConsumer(), this);
    } else {
      definition.inputs.forEach((_, index) => this.connectDead(index));
    }
  }

  /** Where that input is. */
  input(index: number): JobSite {
    return new JobSite(this.run, this.scope, this.inputDefinition(index), this, index, false);
  }

  private attempt(index: number, scope: Scope): JobSite {
    return new JobSite(this.run, scope, this.inputDefinition(index), this, index, true);
  }

  private inputDefinition(index: number): Definition<never> {
    const node = this.definition.inputs[index];
    if (node === undefined) throw new Error(`rxjs-checkpoint, broken invariant: ${this.name} has no input ${index}.`);
    return node.definition;
  }
}

/** What ends while it is subscribed. */
class AtOnce implements Opening {
  constructor(
    private readonly definition: Definition<never>,
    private readonly dest: Subscriber<never>,
  ) {}

  open(): void {
    const { definition, dest } = this;
    if (dest.closed) return;
    try {
      definition.connect(dest, null);
    } catch (error) {
      dest.error(error);
    }
  }
}

/** A listener to what several may listen to, before it has joined. */
class Joining implements Opening, Upstream {
  private upstream: Upstream | null = null;
  /** How often it was told to, and not yet to resume. */
  private pauses = 0;

  constructor(
    private readonly site: JobSite,
    private readonly dest: Subscriber<never>,
  ) {}

  open(): void {
    const { site, dest } = this;
    const { run } = site;
    if (dest.closed) return;
    const round = run.beginJoining();
    let failure: { readonly error: unknown } | null = null;
    try {
      this.upstream = site.connect(dest);
    } catch (error) {
      failure = { error: site.refused(error) };
    } finally {
      run.endJoining(round);
    }
    if (failure !== null) return dest.error(failure.error);
    for (let i = 0; i < this.pauses; i++) this.upstream?.pause();
    round?.open();
  }

  pause(): void {
    this.pauses++;
    this.upstream?.pause();
  }

  resume(): void {
    this.pauses--;
    this.upstream?.resume();
  }
}
