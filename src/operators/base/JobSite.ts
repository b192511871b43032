import type { Subscriber } from 'rxjs';

import type { Participant } from '../../checkpoint/protocol/Participant.js';
import type { Run } from '../../checkpoint/protocol/Run.js';
import type { Scope } from '../../checkpoint/protocol/Scope.js';
import type { Snapshot } from '../../checkpoint/protocol/Snapshot.js';
import type { Upgrade } from '../../checkpoint/protocol/Upgrade.js';
import { MissingUidError } from '../../errors/MissingUidError.js';
import { closedConsumer } from './closedConsumer.js';
import type { Plan } from './Site.js';
import { planOf, statefulWithoutUid } from './Plan.js';
import type { Node, Site, Upstream } from './Site.js';

export class JobSite implements Site {
  private fullName: string | null = null;

  private constructor(
    readonly run: Run,
    readonly scope: Scope,
    private readonly plan: Plan,
    /** The nearest participant downstream and its input; a text or null where the part ends. */
    private readonly consumer: JobSite | string | null,
    private readonly consumerInput: number,
  ) {}

  /** The last node of a part (a pipeline, an inner pipeline), whose values leave the scope. */
  static atEnd(run: Run, scope: Scope, node: Node): JobSite {
    const plan = planOf(node);
    if (run.requireUids) {
      const unnamed = statefulWithoutUid(plan);
      if (unnamed.length > 0) throw new MissingUidError(unnamed.map((name) => scope.structuralPrefix + name));
    }
    return new JobSite(run, scope, plan, null, 0);
  }

  get name(): string {
    const { scope, plan } = this;
    return (this.fullName ??=
      (plan.definition.uid === undefined ? scope.structuralPrefix : scope.uidPrefix) + plan.localName);
  }

  get upgrade(): Upgrade | null {
    return this.plan.upgrade;
  }

  get localName(): string {
    return this.plan.localName;
  }

  get edge(): string {
    const { consumer } = this;
    if (consumer === null) return `${this.scope.structuralPrefix}end`;
    return typeof consumer === 'string' ? consumer : `${consumer.name}.${this.consumerInput}`;
  }

  register(participant: Participant): Snapshot | undefined {
    return this.run.register(participant, this.plan.upgrade);
  }

  connect(dest: Subscriber<never>): Upstream | null {
    return this.plan.definition.connect(dest, this);
  }

  connectInput(index: number, dest: Subscriber<never>): Upstream | null {
    return this.input(index).connect(dest);
  }

  connectDead(index: number): void {
    this.input(index).revive();
  }

  connectAttempt(index: number, scope: Scope, edge: string, dest: Subscriber<never>): Upstream | null {
    return new JobSite(this.run, scope, this.inputPlan(index), edge, 0).connect(dest);
  }

  connectDeadAttempt(index: number, scope: Scope, edge: string): void {
    new JobSite(this.run, scope, this.inputPlan(index), edge, 0).revive();
  }

  connectInner(node: Node, scope: Scope, dest: Subscriber<never>): Upstream | null {
    return JobSite.atEnd(this.run, scope, node).connect(dest);
  }

  connectDeadInner(node: Node, scope: Scope): void {
    JobSite.atEnd(this.run, scope, node).revive();
  }

  /**
   * Connects what has a snapshot here or above, under a consumer that takes nothing any more: the part is done, but a
   * group that came out of it may still be used.
   */
  private revive(): void {
    const { definition } = this.plan;
    if (
      definition.outlivesConsumer === true &&
      (definition.shared !== undefined || this.run.claims.isAwaited(this.name, this.scope, this.plan.upgrade))
    ) {
      definition.connect(closedConsumer(), this);
    } else {
      definition.inputs.forEach((_, index) => this.connectDead(index));
    }
  }

  private input(index: number): JobSite {
    const isEdge = this.plan.definition.isStateful;
    return new JobSite(
      this.run,
      this.scope,
      this.inputPlan(index),
      isEdge ? this : this.consumer,
      isEdge ? index : this.consumerInput,
    );
  }

  private inputPlan(index: number): Plan {
    const plan = this.plan.inputs[index];
    if (plan === undefined) throw new Error(`rxjs-checkpoint, broken invariant: ${this.name} has no input ${index}.`);
    return plan;
  }
}
