import type { CheckpointFailure } from '../errors/CheckpointFailedError.js';
import type { PipelineStatus } from './Checkpoint.js';
import type { History } from './History.js';
import { abortedBefore, beingDrained, brokenRegion, cancelled } from './jobFailures.js';
import type { PipelineConnection, PipelineSink } from './protocol/Pipeline.js';
import type { Snapshot } from './protocol/Snapshot.js';
import type { Run } from './protocol/Run.js';

/** A pipeline that runs. */
export interface Attachment {
  readonly connection: PipelineConnection;
  readonly sink: PipelineSink<never>;
}

/** Which pipelines of a job run, have completed, or are away, and what a checkpoint of them would be worth. */
export class Pipelines {
  private readonly attached = new Map<string, Attachment & { readonly since: number }>();
  private readonly completed = new Set<string>();
  /** Left while the job went on, and when; their parts are carried over. */
  private readonly departed = new Map<string, number>();
  /** Those of them that ended with an error. */
  private readonly failed = new Set<string>();
  /** What the last one that left ended with; null if it was unsubscribed. */
  private lastFailure: { readonly error: unknown } | null = null;
  /** Counts those who come and go, as a clock. */
  private moves = 0;

  /** @param run - tells which of them share a part. */
  constructor(
    private readonly run: Run,
    private readonly history: History,
  ) {
    for (const [name, status] of Object.entries(history.pipelines))
      if (status === 'completed') this.completed.add(name);
    const isPresent = (name: string): boolean => this.attached.has(name) || this.completed.has(name);
    run.presence = isPresent;
  }

  attach(name: string, attachment: Attachment): void {
    this.departed.delete(name);
    this.failed.delete(name);
    this.attached.set(name, { since: ++this.moves, ...attachment });
  }

  /** It was unsubscribed. Gives what is to be torn down; undefined when it did not run. */
  leave(name: string): Attachment | undefined {
    const attachment = this.attached.get(name);
    if (attachment === undefined) return undefined;
    this.depart(name);
    this.lastFailure = null;
    return attachment;
  }

  /** It was refused before it ran, and has nothing in the newest checkpoint. */
  forget(name: string): void {
    this.attached.delete(name);
  }

  /** It has ended with an error. */
  fail(name: string, error: unknown): void {
    this.depart(name);
    this.failed.add(name);
    this.lastFailure = { error };
  }

  /** It was made to leave, and will be told of an error: it is to be restarted. */
  interrupt(name: string): void {
    this.failed.add(name);
  }

  /** All were made to leave, by this error. */
  abort(error: unknown): void {
    this.lastFailure = { error };
  }

  /** It completes. It has once its subscriber has heard so. */
  end(name: string): void {
    this.attached.delete(name);
  }

  complete(name: string): void {
    this.completed.add(name);
  }

  private depart(name: string): void {
    this.attached.delete(name);
    this.departed.set(name, ++this.moves);
  }

  // Who runs

  get(name: string): Attachment | undefined {
    return this.attached.get(name);
  }

  isRunning(name: string): boolean {
    return this.attached.has(name);
  }

  hasCompleted(name: string): boolean {
    return this.completed.has(name);
  }

  /** Whether the newest checkpoint has it. */
  isStored(name: string): boolean {
    return Object.hasOwn(this.history.pipelines, name);
  }

  /** Whether it has run here, and left. */
  hasLeft(name: string): boolean {
    return this.departed.has(name);
  }

  /** The names of those who run. */
  get running(): readonly string[] {
    return [...this.attached.keys()];
  }

  get status(): 'running' | 'finished' | 'idle' {
    if (this.attached.size > 0) return 'running';
    const isFinished = this.completed.size > 0 && this.statuses().every(([, status]) => status === 'completed');
    return isFinished && this.departed.size === 0 ? 'finished' : 'idle';
  }

  /** Of those who run here, or have completed. */
  get liveStatuses(): Record<string, PipelineStatus> {
    const statuses: Record<string, PipelineStatus> = {};
    for (const name of this.attached.keys()) statuses[name] = 'running';
    for (const name of this.completed) statuses[name] = 'completed';
    return statuses;
  }

  /** Whether every pipeline in the checkpoints was unsubscribed here, or has completed. */
  get wereAllLeft(): boolean {
    if (this.departed.size === 0 || this.failed.size > 0) return false;
    return this.statuses().every(([name, status]) => status === 'completed' || this.departed.has(name));
  }

  private statuses(): [string, PipelineStatus][] {
    return Object.entries({ ...this.history.pipelines, ...this.liveStatuses });
  }

  // Who belongs together

  /** The attached pipelines that have a part in common with this one. */
  sharersOf(name: string): readonly string[] {
    const sharers = new Set<string>();
    for (const { recent, all } of this.run.sharings)
      if (recent.includes(name)) for (const other of all) sharers.add(other);
    return [...sharers].filter((other) => other !== name && this.attached.has(other));
  }

  /** Whether a pipeline has gone on since another one left. One that was restarted since waits for the other. */
  hasOutlived(pipeline: string, other: string): boolean {
    const attachment = this.attached.get(pipeline);
    const leftAt = this.departed.get(other);
    return attachment !== undefined && leftAt !== undefined && attachment.since < leftAt;
  }

  /**
   * Those who have made anew what this one, which is away, has in the newest checkpoint: it cannot come back beside them,
   * and what it has cannot be carried over.
   */
  successorsOf(name: string): readonly string[] {
    const successors = new Set<string>();
    for (const participant of this.run.participants) {
      const { region } = participant.scope;
      const stored = this.storedAs(participant.name);
      // What nobody used is for whoever reaches it first.
      if (stored === undefined || stored.unused !== undefined || !stored.pipelines.includes(name)) continue;
      if (!region.users.includes(name)) for (const user of region.users) successors.add(user);
    }
    return [...successors];
  }

  /** What the newest checkpoint has of a participant, under the name of today or of then. */
  private storedAs(name: string): Snapshot | undefined {
    const { snapshots } = this.history;
    return snapshots.get(name) ?? snapshots.get(this.run.claims.formerName(name));
  }

  /**
   * Why no checkpoint of them can be taken as they are.
   *
   * @param isDraining - the next one is of their end, when none runs any more.
   */
  refusal(isDraining: boolean): CheckpointFailure | null {
    const hasNews = [...this.completed].some((name) => this.history.pipelines[name] !== 'completed');
    if (this.attached.size === 0 && !hasNews)
      return this.lastFailure === null ? cancelled() : abortedBefore(this.lastFailure.error);
    if (isDraining && this.attached.size > 0) return beingDrained();
    return this.departed.size === 0 ? null : this.findBrokenRegion();
  }

  private findBrokenRegion(): CheckpointFailure | null {
    for (const { recent, all } of this.run.sharings) {
      const left = recent.filter((name) => all.some((other) => this.hasOutlived(other, name)));
      if (left.length === 0) continue;
      const goOn = all.filter((name) => left.some((other) => this.hasOutlived(name, other)));
      return brokenRegion(left, goOn);
    }
    for (const left of this.departed.keys()) {
      const successors = this.successorsOf(left);
      if (successors.length > 0) return brokenRegion([left], successors);
    }
    return null;
  }
}
