import type { SchedulerLike } from 'rxjs';

import type { CheckpointFailedError, CheckpointFailure } from '../errors/CheckpointFailedError.js';
import { CheckpointFailedError as Failure } from '../errors/CheckpointFailedError.js';
import type { CheckpointDamage } from '../errors/DamagedCheckpointError.js';
import { DuplicateUidError } from '../errors/DuplicateUidError.js';
import { OrphanedSnapshotError } from '../errors/OrphanedSnapshotError.js';
import { RegionRestartError } from '../errors/RegionRestartError.js';
import type { CheckpointStorage, StorageLock } from '../storage/CheckpointStorage.js';
import type { Checkpoint, PipelineStatus } from './Checkpoint.js';
import { codecTypes } from './codecTypes.js';
import { Coordinator } from './Coordinator.js';
import { History } from './History.js';
import type { Pipeline, PipelineConnection, PipelineSink } from './protocol/Pipeline.js';
import { Region } from './protocol/Region.js';
import { Run } from './protocol/Run.js';
import type { Snapshot } from './protocol/Snapshot.js';
import type { ErrorType } from './protocol/StoredError.js';
import { CheckpointStore } from './store/CheckpointStore.js';

export interface JobOptions {
  readonly storage: CheckpointStorage;
  readonly retained: number;
  readonly timeoutMs: number;
  readonly requireUids: boolean;
  readonly errorTypes: readonly ErrorType[];
  readonly scheduler: SchedulerLike;
  onCompleted(checkpoint: Checkpoint): void;
  onFailed(failure: CheckpointFailedError): void;
}

interface Attachment {
  readonly connection: PipelineConnection;
  readonly sink: PipelineSink<never>;
}

interface Meta {
  readonly pipelines: Record<string, PipelineStatus>;
  readonly serial: number;
}

/**
 * One run of everything that is attached to a CheckpointSubject: from the first pipeline that starts to the last one
 * that ends. It holds the storage's lock, and knows which pipelines run, have completed, or are away.
 */
export class Job {
  readonly coordinator: Coordinator;
  private readonly run: Run;
  private readonly attached = new Map<string, Attachment>();
  private readonly completed = new Set<string>();
  /** Left while the job went on; their parts are carried over. */
  private readonly departed = new Set<string>();

  private constructor(
    options: JobOptions,
    private readonly lock: StorageLock | undefined,
    private readonly store: CheckpointStore,
    private readonly history: History,
    private readonly restoredId: number,
    serial: number,
  ) {
    const { errorTypes, scheduler, timeoutMs, onCompleted, onFailed, requireUids } = options;
    for (const [name, status] of Object.entries(history.pipelines)) if (status === 'completed') this.completed.add(name);
    this.run = new Run(errorTypes, { onBetweenTurns: () => this.coordinator.betweenTurns(), requireUids, serial });
    this.coordinator = new Coordinator({
      run: this.run,
      store,
      history,
      errorTypes,
      scheduler,
      timeoutMs,
      onCompleted,
      onFailed,
      pipelines: () => ({ statuses: this.statuses(), running: new Set(this.attached.keys()) }),
      refusal: () => this.refusal(),
    });
    this.run.onAsynchronousInputLeft = (input) => this.coordinator.asynchronousInputLeft(input);
  }

  /** Claims the storage and loads the newest checkpoint. */
  static async open(options: JobOptions): Promise<Job> {
    const { storage, retained, onFailed } = options;
    const lock = await storage.lock?.();
    try {
      const store = new CheckpointStore(storage, {
        retained,
        types: codecTypes,
        onDamaged: (damage) => onFailed(damaged(damage)),
        onCleanupFailed: (error) => onFailed(cleanupFailed(error)),
      });
      const loaded = await store.load();
      const history = new History();
      if (loaded === undefined) return new Job(options, lock, store, history, 0, 0);
      const { pipelines, serial } = loaded.meta as Meta;
      history.snapshots = new Map([...loaded.entries].map(([name, entry]) => [name, entry.decode() as Snapshot]));
      history.pipelines = pipelines;
      return new Job(options, lock, store, history, loaded.id, serial);
    } catch (error) {
      await lock?.release();
      throw error;
    }
  }

  hasCompleted(name: string): boolean {
    return this.completed.has(name);
  }

  get isRunning(): boolean {
    return this.attached.size > 0;
  }

  /**
   * Connects a pipeline, restores it, and checks that all of its snapshots found their place. Nothing flows before it
   * is opened.
   */
  attach<T>(pipeline: Pipeline<T>, name: string, sink: PipelineSink<T>): { open(): void; stop(): void } {
    this.refuseLateReturn(name);
    this.departed.delete(name);
    const known = this.offerSnapshots(name);
    let connection: PipelineConnection;
    try {
      connection = pipeline.connectTo(this.run, { name, region: new Region(name), sink: this.guarded(name, sink) });
      try {
        this.checkRestore(name, known);
      } catch (error) {
        connection.unsubscribe();
        throw error;
      }
    } finally {
      this.run.unclaimed.clear();
    }
    this.attached.set(name, { connection, sink: sink as PipelineSink<never> });
    return {
      open: () => {
        connection.round.open();
        this.coordinator.betweenTurns();
      },
      stop: () => this.detach(name),
    };
  }

  /** Waits for the checkpoints that are on their way, and gives the storage back. */
  async close(): Promise<void> {
    await this.coordinator.idle();
    await this.store.idle();
    this.run.close();
    await this.lock?.release();
  }

  private guarded<T>(name: string, sink: PipelineSink<T>): PipelineSink<T> {
    return {
      next: (value) => sink.next(value),
      error: (error) => {
        this.departed.add(name);
        this.attached.delete(name);
        this.stopRegion(name, error);
        sink.error(error);
      },
      complete: () => {
        this.attached.delete(name);
        sink.complete();
        this.completed.add(name);
        // A checkpoint that says so: a restart then delivers `complete` alone. A failure to write it is on failures$.
        this.coordinator.request().catch(() => {});
      },
    };
  }

  private detach(name: string): void {
    const attachment = this.attached.get(name);
    if (attachment === undefined) return;
    this.attached.delete(name);
    this.departed.add(name);
    attachment.connection.unsubscribe();
  }

  /** Pipelines that share a part restart together. */
  private stopRegion(name: string, error: unknown): void {
    for (const other of this.sharersOf(name)) {
      const attachment = this.attached.get(other);
      if (attachment === undefined) continue;
      this.detach(other);
      attachment.sink.error(new RegionRestartError(other, [name], error));
    }
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
    if (!this.departed.has(name)) return;
    const sharers = this.sharersOf(name);
    if (sharers.length > 0) throw new RegionRestartError(name, sharers);
  }

  /** Puts forward the snapshots of the pipeline, for its participants to claim; gives their names. */
  private offerSnapshots(name: string): string[] {
    const live = new Set<string>();
    for (const participant of this.run.participants) live.add(participant.name);
    const offered: string[] = [];
    for (const [operator, snapshot] of this.history.snapshots) {
      if (!snapshot.pipelines.includes(name) || live.has(operator)) continue;
      this.run.unclaimed.set(operator, snapshot);
      offered.push(operator);
    }
    return offered;
  }

  private checkRestore(pipeline: string, offered: readonly string[]): void {
    const orphaned = [...this.run.unclaimed.keys()];
    const names = new Set<string>();
    for (const { name } of this.run.participants) {
      if (names.has(name)) throw new DuplicateUidError(name, 'two-nodes');
      names.add(name);
    }
    if (orphaned.length === 0) return;
    const isOffered = new Set(offered);
    throw new OrphanedSnapshotError({
      checkpointId: this.restoredId,
      pipeline,
      matched: offered.filter((name) => !this.run.unclaimed.has(name)),
      new: [...names].filter((name) => !isOffered.has(name) && !this.history.snapshots.has(name)),
      orphaned,
    });
  }

  private statuses(): Record<string, PipelineStatus> {
    const statuses: Record<string, PipelineStatus> = { ...this.history.pipelines };
    for (const name of this.attached.keys()) statuses[name] = 'running';
    for (const name of this.completed) statuses[name] = 'completed';
    return statuses;
  }

  private refusal(): CheckpointFailure | null {
    if (this.departed.size === 0) return null;
    for (const { scope } of this.run.participants) {
      const { pipelines } = scope.region;
      const gone = pipelines.filter((name) => this.departed.has(name));
      if (gone.length === 0 || gone.length === pipelines.length) continue;
      return {
        reason: 'region-broken',
        message:
          `No checkpoint can be taken: pipeline ${gone.join(', ')} was unsubscribed while ${pipelines.filter((name) => !gone.includes(name)).join(', ')}, ` +
          'which shares a part with it, goes on, so their states do not belong together any more. Stop them together.',
      };
    }
    return null;
  }
}

function damaged({ checkpointId, name, problem }: CheckpointDamage): CheckpointFailedError {
  return new Failure({
    reason: 'damaged-checkpoint',
    checkpointId,
    message: `Stored checkpoint ${checkpointId} (${name}) is damaged and was passed over: it ${problem}. An older one was restored, so more records are read again.`,
  });
}

function cleanupFailed(cause: unknown): CheckpointFailedError {
  const why = cause instanceof Error ? cause.message : String(cause);
  return new Failure({ reason: 'cleanup-failed', cause, message: `A checkpoint that is no longer needed could not be removed, which is tried again later. ${why}` });
}
