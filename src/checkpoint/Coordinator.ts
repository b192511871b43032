import type { SchedulerLike, Subscription } from 'rxjs';

import { ClaimLostError } from '../errors/ClaimLostError.js';
import { CheckpointFailedError } from '../errors/CheckpointFailedError.js';
import type { CheckpointFailure } from '../errors/CheckpointFailedError.js';
import { StorageError } from '../errors/StorageError.js';
import { Alignment } from './Alignment.js';
import type { Checkpoint, PipelineStatus } from './Checkpoint.js';
import type { CheckpointMeta } from './CheckpointMeta.js';
import { journalMeta, originMeta } from './CheckpointMeta.js';
import type { History } from './History.js';
import type { AsynchronousInput, AsynchronousInputListener } from './protocol/AsynchronousInput.js';
import { Capture } from './protocol/Capture.js';
import type { Run } from './protocol/Run.js';
import type { Snapshot } from './protocol/Snapshot.js';
import type { ErrorType } from './protocol/StoredError.js';
import type { CheckpointStore } from './store/CheckpointStore.js';
import type { Journals, JournalUsers } from './store/Journals.js';
import type { Origin } from './store/Origin.js';
import type { PreparedCheckpoint } from './store/PreparedCheckpoint.js';
import { Sweep } from './Sweep.js';

export interface CoordinatorOptions {
  readonly run: Run;
  readonly store: CheckpointStore;
  readonly journals: Journals;
  readonly history: History;
  readonly errorTypes: readonly ErrorType[];
  /** Clock and timeouts. */
  readonly scheduler: SchedulerLike;
  readonly timeoutMs: number;
  /** By name, as of now: who runs, and who has completed. */
  pipelines(): {
    readonly statuses: Readonly<Record<string, PipelineStatus>>;
    readonly running: ReadonlySet<string>;
    readonly journalUsers: JournalUsers;
    readonly origin: Origin | undefined;
  };
  /** Why no checkpoint can be taken at the moment. */
  refusal(): CheckpointFailure | null;
  readonly onCompleted: (checkpoint: Checkpoint) => void;
  readonly onFailed: (failure: CheckpointFailedError) => void;
}

/** Who asked for a checkpoint, to be told how it went. */
interface Request {
  /** Right after the barrier, before anything else happens. Not called when the sweep failed. */
  swept?: (() => void) | undefined;
  resolve(checkpoint: Checkpoint): void;
  reject(failure: CheckpointFailedError): void;
}

/** From the trigger to the end, whatever that is. */
interface Pending {
  readonly id: number;
  readonly timestamp: number;
  readonly requests: readonly Request[];
  timeout: Subscription;
  alignment: Alignment | null;
  /** What it waits for, for the message when it takes too long. */
  phase: 'aligning' | 'writing';
  /** The participants whose states are still to come. */
  late: Set<string>;
}

/** What a sweep has found: the state of everything between two turns. */
interface Cut {
  readonly snapshots: ReadonlyMap<string, Snapshot>;
  readonly statuses: Readonly<Record<string, PipelineStatus>>;
  readonly running: ReadonlySet<string>;
  readonly serial: number;
  readonly positions: ReturnType<Journals['positions']>;
  readonly origin: Origin | undefined;
}

/** Decides when a checkpoint is taken, collects the snapshots, and completes or fails it. One at a time. */
export class Coordinator implements AsynchronousInputListener {
  private pending: Pending | null = null;
  private waiting: Request[] = [];
  private isWanted = false;
  /** Also of those that were given up: an answer that comes late must not be taken for one to the next. */
  private lastId = 0;
  private onIdle: (() => void)[] = [];

  constructor(private readonly options: CoordinatorOptions) {}

  /** A trigger: takes a checkpoint as soon as the turn is over, unless one is on its way. */
  trigger(): void {
    if (this.pending !== null || this.isWanted) {
      const id = this.pending?.id;
      this.options.onFailed(
        new CheckpointFailedError({
          reason: 'too-many-pending',
          message: `A checkpoint was asked for while ${id === undefined ? 'one' : `checkpoint ${id}`} is on its way. It was left out; trigger less often if this happens a lot.`,
        }),
      );
      return;
    }
    this.want();
  }

  /**
   * A checkpoint that begins after this call, however many are on their way.
   *
   * @param swept - called right after the barrier, before anything else happens; not when a participant declined.
   */
  request(swept?: () => void): Promise<Checkpoint> {
    return new Promise((resolve, reject) => {
      this.waiting.push({ resolve, reject, swept });
      if (this.pending === null) this.want();
    });
  }

  /** To be called whenever a turn has ended while a barrier is wanted. */
  betweenTurns(): void {
    const { run } = this.options;
    if (!this.isWanted || !run.isIdle) return;
    if (this.pending === null) this.begin();
    else if (this.pending.phase === 'aligning') this.sweep(this.pending);
  }

  joined(input: AsynchronousInput): void {
    this.pending?.alignment?.joined(input);
  }

  left(input: AsynchronousInput): void {
    this.pending?.alignment?.left(input);
  }

  /** Resolves when nothing is on its way any more. */
  idle(): Promise<void> {
    if (this.pending === null && !this.isWanted) return Promise.resolve();
    return new Promise((resolve) => this.onIdle.push(resolve));
  }

  private want(): void {
    this.isWanted = true;
    this.options.run.barrierWanted = true;
    this.betweenTurns();
  }

  private begin(): void {
    const { run, store, scheduler, timeoutMs } = this.options;
    const requests = this.waiting;
    this.waiting = [];
    this.isWanted = false;
    run.barrierWanted = false;
    const refusal = this.options.refusal();
    if (refusal !== null) return this.reject(requests, new CheckpointFailedError(refusal));
    const id = Math.max(store.highestId(), this.lastId) + 1;
    this.lastId = id;
    const timeout = scheduler.schedule(() => this.expire(pending), timeoutMs);
    const pending: Pending = {
      ...{ id, timestamp: scheduler.now(), requests, timeout },
      ...{ alignment: null, phase: 'aligning', late: new Set() },
    };
    this.pending = pending;
    if (run.asynchronousInputs.size === 0) return this.sweep(pending);
    pending.alignment = new Alignment(run.asynchronousInputs, () => {
      this.isWanted = true;
      run.barrierWanted = true;
      this.betweenTurns(); // The last input may deliver within a turn.
    });
    pending.alignment.ask(id);
  }

  private sweep(pending: Pending): void {
    const { run, errorTypes, journals } = this.options;
    this.isWanted = false;
    run.barrierWanted = false;
    pending.phase = 'writing';
    try {
      // Whoever ran when the barrier was asked for may have left since.
      const refusal = this.options.refusal();
      if (refusal !== null) throw new CheckpointFailedError({ ...refusal, checkpointId: pending.id });
      const { snapshots, late } = new Sweep(run, new Capture(errorTypes, pending.id, pending.timestamp)).collect();
      const { statuses, running, journalUsers, origin } = this.options.pipelines();
      const cut: Cut = {
        ...{ snapshots, statuses, running, origin },
        ...{ serial: run.serial, positions: journals.positions(journalUsers) },
      };
      if (late.size === 0) this.write(pending, cut);
      else void this.writeLater(pending, cut, late);
      for (const { swept } of pending.requests) swept?.();
    } catch (error) {
      this.fail(pending, asFailure(pending, error));
    } finally {
      pending.alignment?.release();
    }
  }

  /** The pipelines go on meanwhile, and the cut stays what it was. */
  private async writeLater(pending: Pending, cut: Cut, late: ReadonlyMap<string, Promise<void>>): Promise<void> {
    pending.late = new Set(late.keys());
    try {
      await Promise.all(Array.from(late, ([name, state]) => state.then(() => pending.late.delete(name))));
      if (this.pending === pending) this.write(pending, cut);
    } catch (error) {
      this.fail(pending, asFailure(pending, error));
    }
  }

  private write(pending: Pending, { snapshots, statuses, running, serial, positions, origin }: Cut): void {
    const { store, history, journals } = this.options;
    const entries = new Map<string, Snapshot>();
    for (const [name, snapshot] of snapshots) entries.set(name, history.unify(name, snapshot));
    for (const [name, snapshot] of history.ofAbsent(statuses, running))
      if (!entries.has(name)) entries.set(name, snapshot);
    const meta: CheckpointMeta = { pipelines: statuses, serial, ...journalMeta(positions), ...originMeta(origin) };
    const prepared = store.prepare({ id: pending.id, timestamp: pending.timestamp, meta, entries });
    journals.prepared(pending.id, positions);
    prepared
      .write()
      .then(() => this.complete(pending, prepared, entries, statuses))
      .catch((error: unknown) => this.fail(pending, failure(pending, 'storage-failed', error)));
  }

  private complete(
    pending: Pending,
    prepared: PreparedCheckpoint,
    entries: ReadonlyMap<string, Snapshot>,
    statuses: Readonly<Record<string, PipelineStatus>>,
  ): void {
    // One that expired may turn out durable after all. A later one has been promised to nobody, so it may stay, unused.
    if (this.pending !== pending) return;
    const { history, scheduler, run, store, journals, onCompleted } = this.options;
    const { id, timestamp } = pending;
    const operators = history.complete(entries, statuses, (name) => prepared.entrySizeBytes(name));
    const { sizeBytes, writtenBytes } = prepared;
    const checkpoint: Checkpoint = Object.freeze({
      id,
      timestamp,
      durationMs: scheduler.now() - timestamp,
      sizeBytes,
      writtenBytes,
      operators,
      pipelines: Object.freeze({ ...statuses }),
    });
    journals.completed(id, store.retainedIds());
    this.finish(pending);
    for (const participant of [...run.participants]) participant.checkpointCompleted?.(id);
    for (const request of pending.requests) request.resolve(checkpoint);
    onCompleted(checkpoint);
    this.next();
  }

  private fail(pending: Pending, error: CheckpointFailedError): void {
    if (this.pending !== pending) return;
    this.finish(pending);
    pending.alignment?.release();
    this.reject(pending.requests, error);
    this.next();
  }

  private reject(requests: readonly Request[], error: CheckpointFailedError): void {
    for (const request of requests) request.reject(error);
    this.options.onFailed(error);
    this.settle();
  }

  private expire(pending: Pending): void {
    const missing = pending.phase === 'aligning' ? (pending.alignment?.missingInputs ?? []) : [...pending.late];
    const names = missing.join(', ');
    const culprit =
      pending.phase === 'aligning'
        ? `the barrier of ${names}`
        : missing.length > 0
          ? `the snapshot of ${names}`
          : 'the storage';
    const error = new CheckpointFailedError({
      reason: 'expired',
      checkpointId: pending.id,
      operator: missing[0],
      message:
        `Checkpoint ${pending.id} was given up after ${this.options.timeoutMs} ms of waiting for ${culprit}. ` +
        'The pipelines go on; the checkpoint before is still the one that a restart begins with. Raise timeoutMs if it only needs longer.',
    });
    this.fail(pending, error);
  }

  private finish(pending: Pending): void {
    pending.timeout.unsubscribe();
    this.pending = null;
  }

  /** Starts the checkpoint that was asked for meanwhile, unless whoever heard of the end of this one has started it. */
  private next(): void {
    if (this.waiting.length > 0 && this.pending === null) this.want();
    this.settle();
  }

  private settle(): void {
    if (this.pending !== null || this.isWanted) return;
    const callbacks = this.onIdle;
    this.onIdle = [];
    for (const callback of callbacks) callback();
  }
}

function asFailure(pending: Pending, error: unknown): CheckpointFailedError {
  return error instanceof CheckpointFailedError ? error : failure(pending, 'encoding-failed', error);
}

function failure(
  pending: Pending,
  reason: 'storage-failed' | 'encoding-failed',
  cause: unknown,
): CheckpointFailedError {
  const why = cause instanceof Error ? cause.message : String(cause);
  if (cause instanceof ClaimLostError) {
    const message = `Checkpoint ${pending.id} was not completed. ${why}`;
    return new CheckpointFailedError({ reason: 'claim-lost', checkpointId: pending.id, cause, message });
  }
  const what = reason === 'storage-failed' ? 'could not be written' : 'could not be encoded';
  const operator = (cause as { operator?: unknown } | null | undefined)?.operator;
  return new CheckpointFailedError({
    reason: cause instanceof StorageError ? 'storage-failed' : reason,
    checkpointId: pending.id,
    operator: typeof operator === 'string' ? operator : undefined,
    cause,
    message: `Checkpoint ${pending.id} ${what}, and the one before is still what a restart begins with. ${why}`,
  });
}
