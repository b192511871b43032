import type { SchedulerLike } from 'rxjs';

import type { CheckpointFailedError } from '../errors/CheckpointFailedError.js';
import { TooManyFailedCheckpointsError } from '../errors/TooManyFailedCheckpointsError.js';
import { afterMs } from '../io/afterMs.js';
import type { Checkpoint } from './Checkpoint.js';
import * as failures from './checkpointFailures.js';
import type { CheckpointPolicies } from './CheckpointPolicies.js';
import type { Cut, JobState } from './Cut.js';
import type { History } from './History.js';
import type { PendingCheckpoint } from './PendingCheckpoint.js';
import type { Run } from './protocol/Run.js';
import type { Slices } from './Slices.js';
import type { CheckpointListener } from './statistics/CheckpointListener.js';
import type { JobJournals } from './JobJournals.js';
import type { CheckpointStore } from './store/CheckpointStore.js';
import type { PreparedCheckpoint } from './store/PreparedCheckpoint.js';

export interface PendingOptions {
  readonly run: Run;
  readonly store: CheckpointStore;
  readonly journals: JobJournals;
  readonly history: History;
  /** Clock and timeouts. */
  readonly scheduler: SchedulerLike;
  readonly slices: Slices;
  readonly policies: CheckpointPolicies;
  readonly listener: CheckpointListener;
  readonly onCompleted: (checkpoint: Checkpoint) => void;
  readonly onFailed: (failure: CheckpointFailedError) => void;
}

export interface PendingHooks {
  /** One has failed, and nobody has heard of it yet. */
  failing(pending: PendingCheckpoint): void;
  /** One is over: another may begin. */
  progressed(): void;
  /** More have failed in a row than is tolerated. */
  intolerable(error: TooManyFailedCheckpointsError): void;
}

/**
 * The checkpoints that are on their way. From its barrier on, each is collected, encoded, written, and then completed
 * or failed. The pipelines go on meanwhile, and what the barrier has found stays what it was.
 */
export class PendingCheckpoints {
  /** In the order of their ids. */
  private readonly pending = new Set<PendingCheckpoint>();
  private completedAt: number | null = null;
  private failuresInARow = 0;

  constructor(
    private readonly options: PendingOptions,
    private readonly hooks: PendingHooks,
  ) {}

  get isEmpty(): boolean {
    return this.pending.size === 0;
  }

  get newestId(): number | undefined {
    return [...this.pending].at(-1)?.id;
  }

  /** Of the newest one that has had its barrier. */
  get newestCut(): Cut | null {
    return [...this.pending].filter(({ cut }) => cut !== null).at(-1)?.cut ?? null;
  }

  /** Savepoints left out. */
  get sharedCount(): number {
    return [...this.pending].filter(({ isForSavepoint }) => !isForSavepoint).length;
  }

  /** Null when none has been completed here. */
  get sinceCompletedMs(): number | null {
    return this.completedAt === null ? null : this.options.scheduler.now() - this.completedAt;
  }

  /** From now on its time runs. */
  add(pending: PendingCheckpoint): void {
    const { scheduler, policies } = this.options;
    pending.timeout = afterMs(policies.timeoutMs, scheduler, () => this.expire(pending));
    this.pending.add(pending);
  }

  /** @param late - the states that come after the barrier, by the names of participants. */
  awaitLate(pending: PendingCheckpoint, cut: Cut, late: ReadonlyMap<string, Promise<void>>): void {
    for (const [name, state] of late)
      state.then(
        () => {
          cut.late.delete(name);
          this.options.listener.arrived(pending.id, name, this.options.scheduler.now());
          this.collected(pending);
        },
        (error: unknown) => this.fail(pending, failures.notEncoded(pending.id, error)),
      );
  }

  /** Something has come in that was missing. What comes for one that is over is late, and discarded. */
  collected(pending: PendingCheckpoint): void {
    const { cut } = pending;
    if (pending.isOver || pending.phase !== 'snapshots' || cut?.isComplete !== true) return;
    pending.phase = 'encoding';
    this.encode(pending, cut);
    for (const other of this.pending) if (other !== pending) this.collected(other);
  }

  private encode(pending: PendingCheckpoint, cut: Cut): void {
    const { history, journals, store, slices } = this.options;
    try {
      const state = cut.assemble(history, journals.newestPositions);
      const { id, timestamp } = pending;
      const content = { id, timestamp, meta: state.meta, entries: state.snapshots };
      slices.run({
        steps: store.encode(content),
        isWanted: () => !pending.isOver,
        done: (prepared) => this.write(pending, { cut, state, prepared }),
        failed: (error) => this.fail(pending, failures.notEncoded(id, error)),
      });
    } catch (error) {
      this.fail(pending, failures.notEncoded(pending.id, error));
    }
  }

  private write(pending: PendingCheckpoint, written: WrittenCheckpoint): void {
    pending.phase = 'compression';
    this.options.journals.prepared(pending.id, written.state.journals, written.cut.facts.journals.over);
    written.prepared
      .write(() => (pending.phase = 'storage'))
      .then(
        () => this.complete(pending, written),
        (error: unknown) => this.fail(pending, failures.notWritten(pending.id, error)),
      );
  }

  private complete(pending: PendingCheckpoint, { state, prepared }: WrittenCheckpoint): void {
    // One that expired may turn out durable after all. A later one has been promised to nobody, so it may stay, unused.
    if (pending.isOver) return;
    const { run, history, store, journals, scheduler, onCompleted } = this.options;
    const { id } = pending;
    run.checkpointCompleted(id);
    const sizeOf = (name: string): number => prepared.entrySizeBytes(name);
    const operators = history.complete(state.snapshots, state.pipelines, sizeOf);
    const checkpoint = this.describe(pending, { operators, pipelines: state.pipelines, prepared });
    this.settle(pending, false);
    this.completedAt = scheduler.now();
    this.failuresInARow = 0;
    journals.completed(id, store.retainedIds(), store.hasForeign);
    const subsumed = [...this.pending].filter((older) => older.id < id);
    for (const older of subsumed) this.settle(older, false);
    this.notify(id);
    // Users hear of it from here on, and may ask for the next one.
    this.options.listener.completed(id, {
      timestamp: this.completedAt,
      sizeBytes: prepared.sizeBytes,
      writtenBytes: prepared.writtenBytes,
      entrySizeBytes: sizeOf,
      hasWritten: (name) => prepared.writes(name),
    });
    // Whoever asked for an older one has more than that now.
    for (const { requests } of [...subsumed, pending]) for (const request of requests) request.resolve(checkpoint);
    onCompleted(checkpoint);
    for (const older of subsumed) this.tellFailed(older, failures.subsumed(older.id, id));
    this.hooks.progressed();
  }

  private describe(
    { id, timestamp }: PendingCheckpoint,
    { operators, pipelines, prepared }: Pick<Checkpoint, 'operators' | 'pipelines'> & { prepared: PreparedCheckpoint },
  ): Checkpoint {
    const { sizeBytes, writtenBytes } = prepared;
    const durationMs = this.options.scheduler.now() - timestamp;
    return Object.freeze({
      id,
      timestamp,
      durationMs,
      sizeBytes,
      writtenBytes,
      operators,
      pipelines: Object.freeze({ ...pipelines }),
    });
  }

  private notify(id: number): void {
    for (const participant of [...this.options.run.participants]) {
      try {
        participant.checkpointCompleted?.(id);
      } catch (error) {
        this.options.onFailed(failures.notNotified(id, participant.name, error));
      }
    }
  }

  // Failing

  failAll(failure: (id: number) => CheckpointFailedError): void {
    for (const pending of [...this.pending]) this.fail(pending, failure(pending.id));
  }

  private expire(pending: PendingCheckpoint): void {
    const { phase, missing } = pending;
    const { timeoutMs } = this.options.policies;
    this.fail(pending, failures.expired(pending.id, { timeoutMs, waitedFor: phase, missing }));
  }

  fail(pending: PendingCheckpoint, error: CheckpointFailedError): void {
    if (pending.isOver) return;
    this.settle(pending, true);
    this.hooks.failing(pending);
    for (const request of pending.requests) request.reject(error);
    this.tellFailed(pending, error);
    if (failures.countsAsFailure(error.reason)) this.count(error);
    this.hooks.progressed();
  }

  private tellFailed({ id }: PendingCheckpoint, error: CheckpointFailedError): void {
    this.options.listener.failed(id, error, this.options.scheduler.now());
    this.options.onFailed(error);
  }

  private count(error: CheckpointFailedError): void {
    if (++this.failuresInARow <= this.options.policies.tolerableFailures) return;
    const intolerable = new TooManyFailedCheckpointsError(this.failuresInARow, error);
    this.failuresInARow = 0;
    this.hooks.intolerable(intolerable);
  }

  /** It is over. What later ones have carried over from it stands, or is taken from the one before. */
  private settle(pending: PendingCheckpoint, hasFailed: boolean): void {
    pending.isOver = true;
    pending.timeout?.unsubscribe();
    this.pending.delete(pending);
    this.options.store.giveUpId(pending.id);
    if (hasFailed) this.options.journals.failed(pending.id);
    const { cut } = pending;
    if (cut === null) return;
    for (const other of this.pending) other.cut?.settled(cut, hasFailed);
    if (hasFailed) for (const other of [...this.pending]) this.collected(other);
  }
}

/** What is being written, and what it is of. */
interface WrittenCheckpoint {
  readonly cut: Cut;
  readonly state: JobState;
  readonly prepared: PreparedCheckpoint;
}
