import type { SchedulerLike } from 'rxjs';

import type { CheckpointFailedError, CheckpointFailure } from '../errors/CheckpointFailedError.js';
import { CheckpointFailedError as Failure } from '../errors/CheckpointFailedError.js';
import { ClaimLostError } from '../errors/ClaimLostError.js';
import type { CheckpointDamage } from '../errors/DamagedCheckpointError.js';
import { DuplicateUidError } from '../errors/DuplicateUidError.js';
import type { RestoreReport } from '../errors/OrphanedSnapshotError.js';
import { RegionRestartError } from '../errors/RegionRestartError.js';
import type { CheckpointStorage } from '../storage/CheckpointStorage.js';
import { ClaimedStorage } from '../storage/ClaimedStorage.js';
import type { Checkpoint, PipelineStatus } from './Checkpoint.js';
import type { CheckpointCommitter } from './CheckpointCommitter.js';
import type { CheckpointMeta } from './CheckpointMeta.js';
import { journalFacts } from './CheckpointMeta.js';
import type { CheckpointPolicies } from './CheckpointPolicies.js';
import { codecTypes } from './codecTypes.js';
import { Committers } from './Committers.js';
import { Coordinator } from './Coordinator.js';
import { Drain } from './Drain.js';
import { History } from './History.js';
import type { JobStart, RestoreFrom } from './RestorePoint.js';
import { findStart, isOrigin } from './RestorePoint.js';
import type { Pipeline, PipelineConnection, PipelineSink } from './protocol/Pipeline.js';
import { restoreProblem, restoreReport } from './restoreReport.js';
import { Region } from './protocol/Region.js';
import type { Round } from './protocol/Round.js';
import { Run } from './protocol/Run.js';
import type { Snapshot } from './protocol/Snapshot.js';
import type { ErrorType } from './protocol/StoredError.js';
import type { Savepoint } from './Savepoint.js';
import { takeSavepoint } from './takeSavepoint.js';
import type { Slices } from './Slices.js';
import type { CheckpointListener } from './statistics/CheckpointListener.js';
import { CheckpointStore } from './store/CheckpointStore.js';
import type { JournalUsers } from './store/Journals.js';
import { Journals } from './store/Journals.js';
import type { LoadedCheckpoint } from './store/LoadedCheckpoint.js';
import { savepointName } from './store/savepointName.js';
import type { Origin } from './store/Origin.js';

export interface JobOptions {
  readonly storage: CheckpointStorage;
  readonly takeOver: boolean;
  readonly policies: CheckpointPolicies;
  readonly slices: Slices;
  readonly committers: readonly CheckpointCommitter[];
  readonly errorTypes: readonly ErrorType[];
  readonly scheduler: SchedulerLike;
  /** What to begin with; by default the newest checkpoint. */
  readonly from?: RestoreFrom | undefined;
  readonly listener: CheckpointListener;
  /** Whether the savepoint that it begins with is the job's to remove. Default: false. */
  readonly claim?: boolean | undefined;
  readonly onCompleted: (checkpoint: Checkpoint) => void;
  readonly onFailed: (failure: CheckpointFailedError) => void;
  /** The claim is lost, and the pipelines are about to be stopped: nobody else may be attached. */
  readonly onLost: () => void;
}

/** What a pipeline says of its restore. */
export interface RestoreOptions {
  readonly allowNonRestoredState?: boolean | undefined;
  readonly onRestore?: ((report: RestoreReport) => void) | undefined;
}

interface Attachment {
  readonly connection: PipelineConnection;
  readonly sink: PipelineSink<never>;
  /** Compares with the time of a departure. */
  readonly since: number;
}

/**
 * One run of everything that is attached to a CheckpointSubject: from the first pipeline that starts to the last one
 * that ends. It holds the storage's lock, and knows which pipelines run, have completed, or are away.
 */
export class Job {
  readonly coordinator: Coordinator;
  private readonly run: Run;
  private readonly journals: Journals;
  private readonly committers: Committers;
  private readonly attached = new Map<string, Attachment>();
  private connecting: string | null = null;
  private readonly completed = new Set<string>();
  /** Left while the job went on, and when; their parts are carried over. */
  private readonly departed = new Map<string, number>();
  /** Those of them that ended with an error. */
  private readonly failed = new Set<string>();
  /** What the last one that left ended with; null if it was unsubscribed. */
  private lastFailure: { readonly error: unknown } | null = null;
  /** Together, behind a checkpoint: somebody means to go on from it. */
  private isStopped = false;
  /** Counts those who come and go, as a clock. */
  private moves = 0;
  /** For the checkpoints of this job. */
  private origin: Origin | undefined;
  private draining: Drain | null = null;
  /** Savepoints that are being written, and what comes before. */
  private readonly copies = new Set<Promise<unknown>>();

  private constructor(
    private readonly options: JobOptions,
    private readonly storage: ClaimedStorage,
    private readonly store: CheckpointStore,
    private readonly history: History,
    private readonly start: JobStart,
    serial: number,
  ) {
    this.origin = start.origin;
    const { errorTypes, scheduler, slices, policies, listener, onCompleted, onFailed } = options;
    // Not at once: somebody may steal the claim from within a turn.
    storage.lost.addEventListener('abort', () => void Promise.resolve().then(() => this.lose(storage.lost.reason)));
    for (const [name, status] of Object.entries(history.pipelines))
      if (status === 'completed') this.completed.add(name);
    this.committers = new Committers(options.committers, onFailed);
    this.journals = new Journals({
      storage,
      types: codecTypes,
      newestId: () => store.highestId(),
      participants: () => this.participantNames(),
      onDamaged: (damage) => onFailed(damagedJournal(damage)),
      onCleanupFailed: reportCleanup(onFailed),
    });
    this.run = new Run(errorTypes, {
      onBetweenTurns: () => this.coordinator.betweenTurns(),
      requireUids: policies.requireUids,
      serial,
      journals: this.journals,
    });
    this.coordinator = new Coordinator({
      run: this.run,
      store,
      journals: this.journals,
      history,
      errorTypes,
      scheduler,
      slices,
      policies,
      listener,
      onCompleted: (checkpoint) => {
        this.committers.completed(checkpoint.id);
        onCompleted(checkpoint);
      },
      onFailed,
      onIntolerable: (error) => this.fail(error),
      pipelines: () => ({
        statuses: this.liveStatuses(),
        running: new Set(this.attached.keys()),
        journalUsers: this.journalUsers,
        origin: this.origin,
      }),
      jobStatus: () => this.status,
      refusal: () => this.refusal(),
    });
    this.run.onAsynchronousInputs = this.coordinator;
  }

  /** Claims the storage and loads the newest checkpoint. */
  static async open(options: JobOptions): Promise<Job> {
    const { policies, onFailed } = options;
    const storage = await ClaimedStorage.claim(options.storage, options.takeOver);
    try {
      const store = new CheckpointStore(storage, {
        retained: policies.retained,
        inlineThresholdBytes: policies.inlineThresholdBytes,
        types: codecTypes,
        onDamaged: (damage) => {
          // What was removed by a new owner, while this one still looked, is no damage.
          if (!storage.lost.aborted) onFailed(damaged(damage));
        },
        onCleanupFailed: reportCleanup(onFailed),
      });
      const newest = await store.load({ mayBeDamaged: options.from !== undefined });
      const start = await findStart(storage, newest, options.from);
      const loaded = await beginWith(store, start, options);
      const history = new History();
      const snapshots = new Map<string, Snapshot>();
      const { pipelines, serial } = (loaded?.meta as CheckpointMeta | undefined) ?? { pipelines: {}, serial: 0 };
      for (const [name, entry] of loaded?.entries ?? []) snapshots.set(name, entry.decode() as Snapshot);
      history.snapshots = snapshots;
      history.pipelines = pipelines;
      const job = new Job(options, storage, store, history, start, serial);
      await job.loadJournals();
      storage.lost.throwIfAborted();
      if (loaded !== undefined) options.listener.restored(loaded.id, options.scheduler.now());
      if (loaded !== undefined) job.committers.restored(loaded.id);
      return job;
    } catch (error) {
      await storage.release();
      storage.lost.throwIfAborted();
      throw error;
    }
  }

  private loadJournals(): Promise<void> {
    const { names, metas } = this.store.found;
    const { checkpoint, returnsTo, origin, carried } = this.start;
    const facts = new Map(Array.from(metas, ([id, meta]) => [id, journalFacts(meta)]));
    const { positions } = journalFacts(checkpoint?.meta ?? {});
    if (checkpoint === undefined || returnsTo === null || origin === undefined)
      return this.journals.load(names, facts, { id: checkpoint?.id ?? 0, positions, origin });
    this.origin = { ...origin, generation: this.journals.highestGeneration(names) };
    const start = { id: this.store.highestId(), positions, origin: this.origin, carried };
    return this.journals.load(names, facts, start);
  }

  /** Resolves when a pipeline can be attached at once: nothing is on its way, and journals stand where it restarts. */
  async ready(): Promise<void> {
    await this.coordinator.idle();
    while (this.journals.isOutdated(this.journalUsers)) {
      await within(this.options.policies.timeoutMs, this.options.scheduler, this.journals.idle());
      await this.journals.reload(this.journalUsers);
      await this.coordinator.idle();
    }
    this.storage.lost.throwIfAborted();
  }

  private readonly journalUsers: JournalUsers = {
    isRunning: (name) => this.attached.has(name),
    hasCompleted: (name) => this.completed.has(name),
    mayHave: (name, source) => this.attached.get(name)?.connection.mayHave(source) ?? true,
  };

  private *participantNames(): Iterable<string> {
    for (const { name } of this.run.participants) yield name;
  }

  hasCompleted(name: string): boolean {
    return this.completed.has(name);
  }

  get isRunning(): boolean {
    return this.attached.size > 0;
  }

  get status(): 'running' | 'finished' | 'idle' {
    if (this.attached.size > 0) return 'running';
    const isFinished =
      this.completed.size > 0 && Object.values(this.statuses()).every((status) => status === 'completed');
    return isFinished && this.departed.size === 0 ? 'finished' : 'idle';
  }

  /**
   * Connects a pipeline, restores it, and checks that all of its snapshots found their place. Nothing flows before its
   * round is opened.
   *
   * @param round - of all that start together.
   * @returns what stops it.
   */
  attach<T>(
    pipeline: Pipeline<T>,
    name: string,
    sink: PipelineSink<T>,
    round: Round,
    options: RestoreOptions = {},
  ): () => void {
    this.refuseLateReturn(name);
    const others = new Set([...this.run.participants].map((participant) => participant.name));
    this.offerSnapshots(name, others);
    let connection: PipelineConnection | null = null;
    this.connecting = name;
    try {
      connection = pipeline.connectTo(this.run, {
        name,
        region: new Region(name),
        sink: this.guarded(name, sink),
        round,
      });
      this.checkRestore(name, others, options);
    } catch (error) {
      this.run.tearDown(() => connection?.unsubscribe());
      this.connecting = null;
      this.stopDeserted();
      throw error;
    } finally {
      this.connecting = null;
      this.run.claims.clear();
    }
    this.departed.delete(name);
    this.failed.delete(name);
    this.attached.set(name, { connection, sink: sink, since: ++this.moves });
    return () => this.detach(name);
  }

  /** Lets those flow that were attached in the round. */
  open(round: Round): void {
    round.open();
    this.coordinator.betweenTurns();
  }

  /** Takes a checkpoint, and makes a savepoint of it. */
  savepoint(name: string): Promise<Savepoint> {
    return this.takeSavepoint(name, () => this.coordinator.request({ kind: 'savepoint', savepoint: name }));
  }

  /**
   * Takes a last checkpoint, and a savepoint of it if that has a name: right after the barrier everything is torn down,
   * so that nothing is emitted that they do not have.
   *
   * @param torn - called when that is done; if it is not, the pipelines run on whatever the Promise comes to.
   */
  stop(name: string | undefined, torn: () => void): Promise<Checkpoint | Savepoint> {
    const swept = (): void => {
      this.isStopped = true;
      for (const pipeline of [...this.attached.keys()]) this.detach(pipeline);
      torn();
    };
    const take = (): Promise<Checkpoint> => this.coordinator.request({ kind: 'savepoint', savepoint: name, swept });
    return name === undefined ? take() : this.takeSavepoint(name, take);
  }

  /**
   * Brings all pipelines to their end, and takes a checkpoint of that, and a savepoint if it has a name.
   *
   * @param begun - called when that begins; if it is not, the pipelines run on whatever the Promise comes to.
   */
  drain(name: string | undefined, begun: () => void): Promise<Checkpoint | Savepoint> {
    const { scheduler } = this.options;
    const { timeoutMs } = this.options.policies;
    const take = async (): Promise<Checkpoint> => {
      begun();
      this.draining = new Drain(this.run, () => [...this.attached.keys()]);
      await this.draining.finish(timeoutMs, scheduler);
      return this.coordinator.request({ kind: 'completion', savepoint: name });
    };
    return name === undefined ? this.beforeClose(take()) : this.takeSavepoint(name, take);
  }

  private takeSavepoint(name: string, take: () => Promise<Checkpoint>): Promise<Savepoint> {
    const { scheduler } = this.options;
    const { timeoutMs } = this.options.policies;
    const { storage, store, journals } = this;
    return this.beforeClose(takeSavepoint({ storage, store, journals, timeoutMs, scheduler }, name, take));
  }

  /** The storage is given back when that is done. */
  private async beforeClose<T>(work: Promise<T>): Promise<T> {
    this.copies.add(work);
    try {
      return await work;
    } finally {
      this.copies.delete(work);
    }
  }

  /** Whether a pipeline that asks for this may join. */
  beganWith(from: RestoreFrom): boolean {
    return from === this.options.from || isOrigin(this.origin, from);
  }

  /** What it began with, for messages. */
  get beginning(): string {
    return this.start.description;
  }

  /** Waits for the checkpoints that are on their way, and gives the storage back. */
  async close(): Promise<void> {
    await this.coordinator.idle();
    // They come to an end after timeoutMs at the latest.
    await Promise.allSettled([...this.copies]);
    const { scheduler } = this.options;
    const { timeoutMs } = this.options.policies;
    if (this.isCancelled) await within(timeoutMs, scheduler, this.forget());
    // A removal that never ends keeps nobody waiting for longer than a write: nothing refers to what it removes.
    await within(timeoutMs, scheduler, Promise.all([this.store.idle(), this.journals.idle(), this.committers.close()]));
    this.stopDeserted();
    await this.storage.release();
  }

  /** Whether nobody will go on from the checkpoints: every pipeline in them was unsubscribed here, or has completed. */
  private get isCancelled(): boolean {
    if (this.isStopped || this.options.policies.onCancellation === 'retain') return false;
    if (this.departed.size === 0 || this.failed.size > 0) return false;
    const isOver = ([name, status]: [string, PipelineStatus]): boolean =>
      status === 'completed' || this.departed.has(name);
    return Object.entries(this.statuses()).every(isOver);
  }

  /**
   * Removes all checkpoints, behind an empty one: killed in between, a restart begins with that, and not with an older one.
   * It stays, so that ids go on ascending for those outside who know of earlier ones.
   */
  private async forget(): Promise<void> {
    const { store, journals } = this;
    try {
      const id = store.highestId() + 1;
      store.keepOnlyNewest();
      const meta: CheckpointMeta = { pipelines: {}, serial: this.run.serial };
      journals.prepared(id, new Map(), []);
      await store.prepare({ id, timestamp: this.options.scheduler.now(), meta, entries: new Map() }).write();
      journals.completed(id, store.retainedIds());
    } catch (error) {
      this.options.onFailed(cleanupFailed(error));
    }
  }

  private guarded<T>(name: string, sink: PipelineSink<T>): PipelineSink<T> {
    return {
      values: sink.values,
      error: (error) => {
        this.depart(name);
        this.failed.add(name);
        this.lastFailure = { error };
        this.stopRegion(name, error);
        this.stopDeserted();
        this.draining?.failed(error);
        this.draining?.ended();
        sink.error(error);
      },
      complete: () => {
        this.attached.delete(name);
        sink.complete();
        this.completed.add(name);
      },
      ended: () => {
        this.stopDeserted();
        this.draining?.ended();
        if (this.draining !== null || !this.options.policies.checkpointAfterCompletion) return;
        // A checkpoint that says so: a restart then delivers `complete` alone. A failure to write it is on failures$.
        this.coordinator.request({ kind: 'completion' }).catch(() => {});
      },
    };
  }

  private detach(name: string): void {
    const attachment = this.attached.get(name);
    if (attachment === undefined) return;
    this.depart(name);
    this.lastFailure = null;
    this.run.tearDown(() => {
      attachment.connection.unsubscribe();
      this.stopDeserted();
    });
    this.draining?.ended();
  }

  /**
   * What outlives its subscribers (a share that keeps its connection, a group that is subscribed from outside) must not
   * outlive its pipelines: its state would run ahead of theirs, which is carried over.
   */
  private stopDeserted(): void {
    for (const participant of [...this.run.participants]) {
      if (participant.scope.region.pipelines.some((name) => this.attached.has(name) || name === this.connecting))
        continue;
      participant.stop();
      this.run.unregister(participant);
    }
  }

  private depart(name: string): void {
    this.attached.delete(name);
    this.departed.set(name, ++this.moves);
  }

  /** Ends all pipelines with an error. */
  private fail(error: unknown): void {
    const ended = [...this.attached];
    for (const [name] of ended) this.detach(name);
    this.lastFailure = { error };
    for (const [name, { sink }] of ended) {
      this.failed.add(name);
      sink.error(error);
    }
  }

  /** Pipelines that share a part restart together. */
  private stopRegion(name: string, error: unknown): void {
    for (const other of this.sharersOf(name)) {
      const attachment = this.attached.get(other);
      if (attachment === undefined) continue;
      this.detach(other);
      this.failed.add(other);
      attachment.sink.error(new RegionRestartError(other, [name], error));
    }
  }

  /** The claim is lost: nothing that happens from here on would be restored. */
  private lose(error: unknown): void {
    this.options.onLost();
    this.fail(error);
  }

  /** The attached pipelines that have a part in common with this one. */
  private sharersOf(name: string): string[] {
    const sharers = new Set<string>();
    for (const { scope } of this.run.participants) {
      const { pipelines } = scope.region;
      if (pipelines.length > 1 && pipelines.includes(name)) for (const other of pipelines) sharers.add(other);
    }
    return [...sharers].filter((other) => other !== name && this.attached.has(other));
  }

  private refuseLateReturn(name: string): void {
    const movedOn = this.sharersOf(name).filter((other) => this.hasOutlived(other, name));
    if (movedOn.length > 0) throw new RegionRestartError(name, movedOn);
  }

  /** Whether a pipeline has gone on since another one left. One that was restarted since waits for the other. */
  private hasOutlived(pipeline: string, other: string): boolean {
    const attachment = this.attached.get(pipeline);
    const leftAt = this.departed.get(other);
    return attachment !== undefined && leftAt !== undefined && attachment.since < leftAt;
  }

  /** Puts forward the snapshots of the pipeline, for its participants to claim. */
  private offerSnapshots(name: string, live: ReadonlySet<string>): void {
    for (const [operator, snapshot] of this.history.snapshots) {
      if (!snapshot.pipelines.includes(name) || live.has(operator)) continue;
      this.run.unclaimed.set(operator, snapshot);
    }
  }

  /** @param others - the participants that had been there before this pipeline. */
  private checkRestore(
    pipeline: string,
    others: ReadonlySet<string>,
    { allowNonRestoredState = false, onRestore }: RestoreOptions,
  ): void {
    const names = new Set<string>();
    for (const { name } of this.run.participants) {
      if (names.has(name)) throw new DuplicateUidError(name, 'two-nodes');
      names.add(name);
    }
    const joined = [...names].filter((name) => !others.has(name));
    for (const name of joined)
      if (this.belongsToAbsent(name, pipeline)) throw new DuplicateUidError(name, 'absent-pipeline');
    const { claims } = this.run;
    const report = restoreReport(claims, { checkpointId: this.start.checkpoint?.id ?? 0, pipeline, joined });
    const problem = restoreProblem(claims, report, allowNonRestoredState);
    if (problem !== null) throw problem;
    onRestore?.(report);
  }

  /** Whether a snapshot of that name waits for another pipeline, from which it would be taken. */
  private belongsToAbsent(operator: string, pipeline: string): boolean {
    const snapshot = this.history.snapshots.get(operator);
    if (snapshot === undefined || snapshot.pipelines.includes(pipeline)) return false;
    return snapshot.pipelines.some((name) => !this.completed.has(name));
  }

  private statuses(): Record<string, PipelineStatus> {
    return { ...this.history.pipelines, ...this.liveStatuses() };
  }

  /** Of those who run here, or have completed. */
  private liveStatuses(): Record<string, PipelineStatus> {
    const statuses: Record<string, PipelineStatus> = {};
    for (const name of this.attached.keys()) statuses[name] = 'running';
    for (const name of this.completed) statuses[name] = 'completed';
    return statuses;
  }

  private refusal(): CheckpointFailure | null {
    const hasNews = [...this.completed].some((name) => this.history.pipelines[name] !== 'completed');
    if (this.attached.size === 0 && !hasNews) {
      return this.lastFailure === null ? cancelled() : aborted(this.lastFailure.error);
    }
    if (this.draining !== null && this.attached.size > 0) {
      const message = 'No checkpoint was taken: the job is being drained, and the next checkpoint is of its end.';
      return { reason: 'cancelled', message };
    }
    return this.departed.size === 0 ? null : this.brokenRegion();
  }

  private brokenRegion(): CheckpointFailure | null {
    for (const { scope } of this.run.participants) {
      const { pipelines } = scope.region;
      const gone = pipelines.filter((name) => pipelines.some((other) => this.hasOutlived(other, name)));
      if (gone.length === 0) continue;
      const left = gone.join(', ');
      const goOn = pipelines.filter((name) => gone.some((other) => this.hasOutlived(name, other))).join(', ');
      return {
        reason: 'region-broken',
        message:
          `No checkpoint can be taken: pipeline ${left} was unsubscribed while ${goOn}, which shares a part with it, goes on, ` +
          'so their states do not belong together any more. Stop them together.',
      };
    }
    return null;
  }
}

/** Tells the store when the job does not go on with the newest checkpoint; gives what it begins with. */
async function beginWith(
  store: CheckpointStore,
  { checkpoint, returnsTo }: JobStart,
  { from, claim = false }: JobOptions,
): Promise<LoadedCheckpoint | undefined> {
  if (checkpoint === undefined || returnsTo === null) return checkpoint;
  // A checkpoint of this storage is the job's own already.
  if (returnsTo === 'checkpoint') return store.load({ from: { id: checkpoint.id, claim: 'claim' } });
  store.beginWith(checkpoint.id);
  if (claim && typeof from === 'string') store.claim(savepointName(from));
  return checkpoint;
}

/** Resolves when `work` has ended, and at the latest after so many ms. */
function within(ms: number, scheduler: SchedulerLike, work: Promise<unknown>): Promise<void> {
  return new Promise((resolve, reject) => {
    const timeout = scheduler.schedule(() => resolve(), ms);
    work.then(() => resolve(), reject).finally(() => timeout.unsubscribe());
  });
}

function cancelled(): CheckpointFailure {
  const message =
    'No checkpoint was taken: the last pipeline was stopped before its turn came. A restart begins with the checkpoint before.';
  return { reason: 'cancelled', message };
}

function aborted(cause: unknown): CheckpointFailure {
  const why = cause instanceof Error ? cause.message : String(cause);
  const message = `No checkpoint was taken: the last pipeline ended with an error before its turn came. A restart begins with the checkpoint before. ${why}`;
  return { reason: 'aborted', cause, message };
}

function damaged({ checkpointId, name, problem }: CheckpointDamage): CheckpointFailedError {
  return new Failure({
    reason: 'damaged-checkpoint',
    checkpointId,
    message: `Stored checkpoint ${checkpointId} (${name}) is damaged and was passed over: it ${problem}. An older one was restored, so more records are read again.`,
  });
}

function damagedJournal({ name, problem }: Omit<CheckpointDamage, 'checkpointId'>): CheckpointFailedError {
  return new Failure({
    reason: 'damaged-journal',
    message:
      `${name} in the storage, the last that a journaled source wrote, is damaged and was taken for the journal's end: it ${problem}. ` +
      'If it was being written when the process ended, nothing is missing that had been emitted.',
  });
}

/** A lost claim is told by what it does to the pipelines; what is there is not ours to remove any more. */
function reportCleanup(onFailed: JobOptions['onFailed']): (error: unknown) => void {
  return (error) => {
    if (!(error instanceof ClaimLostError)) onFailed(cleanupFailed(error));
  };
}

function cleanupFailed(cause: unknown): CheckpointFailedError {
  const why = cause instanceof Error ? cause.message : String(cause);
  return new Failure({
    reason: 'cleanup-failed',
    cause,
    message: `What is no longer needed could not be removed, which is tried again later. ${why}`,
  });
}
