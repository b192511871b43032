import type { SchedulerLike } from 'rxjs';

import type { CheckpointFailure } from '../errors/CheckpointFailedError.js';
import { CheckpointFailedError } from '../errors/CheckpointFailedError.js';
import { TooManyFailedCheckpointsError } from '../errors/TooManyFailedCheckpointsError.js';
import { stopwatch } from '../io/stopwatch.js';
import { Alignment } from './Alignment.js';
import type { Checkpoint, PipelineStatus } from './Checkpoint.js';
import * as failures from './checkpointFailures.js';
import type { CheckpointPolicies } from './CheckpointPolicies.js';
import type { JobState } from './Cut.js';
import { Cut } from './Cut.js';
import type { CheckpointKind, TriggerDecision } from './decideTrigger.js';
import { decideTrigger } from './decideTrigger.js';
import type { History } from './History.js';
import type { CheckpointRequest } from './PendingCheckpoint.js';
import { PendingCheckpoint } from './PendingCheckpoint.js';
import type { AsynchronousInput, AsynchronousInputListener } from './protocol/AsynchronousInput.js';
import { Capture } from './protocol/Capture.js';
import type { Run } from './protocol/Run.js';
import type { ErrorType } from './protocol/StoredError.js';
import type { Slices } from './Slices.js';
import type { CheckpointListener } from './statistics/CheckpointListener.js';
import type { CheckpointStore } from './store/CheckpointStore.js';
import type { Journals, JournalUsers } from './store/Journals.js';
import type { Origin } from './store/Origin.js';
import type { PreparedCheckpoint } from './store/PreparedCheckpoint.js';
import { Sweep } from './Sweep.js';
import { WaitingLine } from './WaitingLine.js';

export interface CoordinatorOptions {
  readonly run: Run;
  readonly store: CheckpointStore;
  readonly journals: Journals;
  readonly history: History;
  readonly errorTypes: readonly ErrorType[];
  /** Clock and timeouts. */
  readonly scheduler: SchedulerLike;
  readonly slices: Slices;
  readonly policies: CheckpointPolicies;
  /** By name, as of now: who runs, and who has completed. */
  pipelines(): {
    readonly statuses: Readonly<Record<string, PipelineStatus>>;
    readonly running: ReadonlySet<string>;
    readonly journalUsers: JournalUsers;
    readonly origin: Origin | undefined;
  };
  /** Whether there is anything to take a checkpoint of. */
  jobStatus(): 'running' | 'finished' | 'idle';
  /** Why one that was accepted cannot be taken at the moment. */
  refusal(): CheckpointFailure | null;
  readonly listener: CheckpointListener;
  readonly onCompleted: (checkpoint: Checkpoint) => void;
  readonly onFailed: (failure: CheckpointFailedError) => void;
  /** More have failed in a row than is tolerated. */
  readonly onIntolerable: (error: TooManyFailedCheckpointsError) => void;
}

export interface RequestOptions {
  readonly kind?: Exclude<CheckpointKind, 'trigger'>;
  /** Called right after the barrier, before anything else happens; not when a participant declined. */
  readonly swept?: (() => void) | undefined;
  /** The name of the savepoint that it is for. */
  readonly savepoint?: string | undefined;
}

/**
 * Decides when a checkpoint is taken, collects the snapshots, and completes or fails it. Several may be on their way;
 * their barriers come one after the other, in the order of their ids, and only the rest overlaps.
 */
export class Coordinator implements AsynchronousInputListener {
  /** In the order of their ids. */
  private readonly pending = new Set<PendingCheckpoint>();
  /** The one whose barriers have not all come, and whether they have but for its sweep. */
  private aligning: PendingCheckpoint | null = null;
  private isAligned = false;
  private readonly waiting = new WaitingLine();
  /** Also of those that were given up: an answer that comes late must not be taken for one to the next. */
  private lastId = 0;
  private completedAt: number | null = null;
  private failuresInARow = 0;
  private onIdle: (() => void)[] = [];

  constructor(private readonly options: CoordinatorOptions) {}

  // Asking

  /** A trigger: takes a checkpoint as soon as the turn is over, or is refused. */
  trigger(): void {
    const decision = this.decide('trigger');
    if (decision.action === 'refuse') return this.options.onFailed(this.refused(decision));
    this.waiting.trigger();
    this.pump();
  }

  /**
   * A checkpoint that begins after this call, however many are on their way. One for a savepoint does not wait until
   * there is room for it.
   */
  request({ kind = 'user', swept, savepoint }: RequestOptions = {}): Promise<Checkpoint> {
    const decision = this.decide(kind);
    if (decision.action === 'refuse') {
      const failure = this.refused(decision);
      this.options.onFailed(failure);
      return Promise.reject(failure);
    }
    return new Promise((resolve, reject) => {
      this.waiting.add({ kind, swept, savepoint, resolve, reject });
      this.pump();
    });
  }

  private refused(decision: TriggerDecision & { readonly action: 'refuse' }): CheckpointFailedError {
    return failures.refused(decision, [...this.pending].at(-1)?.id);
  }

  private decide(kind: CheckpointKind): TriggerDecision {
    const { policies, scheduler } = this.options;
    const accepted = this.waiting.hasShared ? 1 : 0;
    return decideTrigger({
      kind,
      job: this.options.jobStatus(),
      isAligning: this.aligning !== null,
      pending: this.inProgress + (kind === 'trigger' ? accepted : 0),
      maxConcurrent: policies.maxConcurrent,
      sinceCompletedMs: this.completedAt === null ? null : scheduler.now() - this.completedAt,
      minPauseMs: policies.minPauseMs,
    });
  }

  private get inProgress(): number {
    let count = 0;
    for (const pending of this.pending) if (!pending.isForSavepoint) count++;
    return count;
  }

  /** To be called whenever a turn has ended while a barrier is wanted. */
  betweenTurns(): void {
    if (!this.options.run.isIdle) return;
    if (this.aligning === null) this.begin();
    else if (this.isAligned) this.sweep(this.aligning);
  }

  joined(input: AsynchronousInput): void {
    this.aligning?.alignment?.joined(input);
  }

  left(input: AsynchronousInput): void {
    this.aligning?.alignment?.left(input);
  }

  /** Resolves when nothing is on its way any more. */
  idle(): Promise<void> {
    if (this.isIdle) return Promise.resolve();
    return new Promise((resolve) => this.onIdle.push(resolve));
  }

  private get isIdle(): boolean {
    return this.pending.size === 0 && this.waiting.isEmpty;
  }

  /** Begins what can begin, now or when the turn is over; tells those who wait for the end of all. */
  private pump(): void {
    const { run } = this.options;
    const isWanted = this.isAligned || (this.aligning === null && this.next() !== null);
    if (isWanted || run.barrierWanted) run.barrierWanted = isWanted;
    if (isWanted) this.betweenTurns();
    if (!this.isIdle) return;
    for (const callback of this.onIdle.splice(0)) callback();
  }

  /** Who is next to begin, if there is room. */
  private next(): readonly CheckpointRequest[] | null {
    const requests = this.waiting.next();
    if (requests === null) return null;
    // What was accepted may begin whoever runs now: that is looked at again when it does.
    const hasRoom = requests[0]?.kind === 'savepoint' || this.decide('completion').action === 'begin';
    return hasRoom ? requests : null;
  }

  // From the beginning to the barrier

  private begin(): void {
    const { run, store, scheduler, policies, listener } = this.options;
    const requests = this.next();
    if (requests === null) return;
    this.waiting.take(requests);
    run.barrierWanted = false;
    const refusal = this.options.refusal();
    if (refusal !== null) {
      this.reject(requests, new CheckpointFailedError(refusal));
      return this.pump();
    }
    const id = Math.max(store.highestId(), this.lastId) + 1;
    this.lastId = id;
    const pending = new PendingCheckpoint(id, scheduler.now(), requests);
    pending.timeout = scheduler.schedule(() => this.expire(pending), policies.timeoutMs);
    this.pending.add(pending);
    this.aligning = pending;
    const savepoint = requests.find((request) => request.savepoint !== undefined)?.savepoint ?? null;
    listener.triggered(id, pending.timestamp, savepoint);
    if (run.asynchronousInputs.size === 0) return this.sweep(pending);
    const onAligned = (): void => {
      this.isAligned = true;
      this.pump(); // The last input may deliver within a turn.
    };
    const onDelivered = ({ name }: AsynchronousInput): void => listener.delivered(id, name, scheduler.now());
    const isHolding = policies.mode === 'exactly-once';
    pending.alignment = new Alignment(run.asynchronousInputs, onAligned, isHolding, onDelivered);
    pending.alignment.ask(id);
  }

  private sweep(pending: PendingCheckpoint): void {
    const { run, store, errorTypes } = this.options;
    this.isAligned = false;
    run.barrierWanted = false;
    pending.phase = 'snapshots';
    let failure: CheckpointFailedError | null = null;
    try {
      // Whoever ran when the barrier was asked for may have left since.
      const refusal = this.options.refusal();
      if (refusal !== null)
        throw new CheckpointFailedError({ ...refusal, checkpointId: pending.id } as CheckpointFailure);
      store.takeId(pending.id);
      const sweep = new Sweep(run, new Capture(errorTypes, pending.id, pending.timestamp));
      this.cut(pending, sweep);
      // Before the inputs are let go, which may emit.
      for (const { swept } of pending.requests) swept?.();
    } catch (error) {
      failure = failures.notEncoded(pending.id, error);
    } finally {
      this.releaseInputs(pending);
    }
    if (failure !== null) return this.fail(pending, failure);
    this.collected(pending);
    this.pump();
  }

  private cut(pending: PendingCheckpoint, sweep: Sweep): void {
    const begin = stopwatch();
    const { snapshots, late, handOvers } = sweep.collect();
    const { run, journals, listener, scheduler } = this.options;
    const { statuses, running, journalUsers, origin } = this.options.pipelines();
    const before = [...this.pending].filter(({ cut }) => cut !== null).at(-1)?.cut ?? null;
    const facts = { snapshots, statuses, running, origin, serial: run.serial, journals: journals.cut(journalUsers) };
    const cut = new Cut({ ...facts, late: late.keys() }, before);
    pending.cut = cut;
    const synchronousMs = stopwatch() - begin;
    listener.swept(pending.id, { timestamp: scheduler.now(), synchronousMs, participants: handOvers });
    for (const [name, state] of late)
      state.then(
        () => {
          cut.late.delete(name);
          listener.arrived(pending.id, name, scheduler.now());
          this.collected(pending);
        },
        (error: unknown) => this.fail(pending, failures.notEncoded(pending.id, error)),
      );
  }

  /** None begins before all inputs are released: what they hand on may be a trigger. */
  private releaseInputs(pending: PendingCheckpoint): void {
    if (this.aligning !== pending) return;
    pending.alignment?.release();
    this.isAligned = false;
    this.aligning = null;
  }

  // From the barrier to the end. The pipelines go on meanwhile, and the cut stays what it was.

  /** Something has come in that was missing. What comes for one that is over is late, and discarded. */
  private collected(pending: PendingCheckpoint): void {
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
    pending.phase = 'storage';
    this.options.journals.prepared(pending.id, written.state.journals, written.cut.facts.journals.over);
    written.prepared.write().then(
      () => this.complete(pending, written),
      (error: unknown) => this.fail(pending, failures.notWritten(pending.id, error)),
    );
  }

  private complete(pending: PendingCheckpoint, { state, prepared }: WrittenCheckpoint): void {
    // One that expired may turn out durable after all. A later one has been promised to nobody, so it may stay, unused.
    if (pending.isOver) return;
    const { history, store, journals, scheduler, onCompleted } = this.options;
    const { id } = pending;
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
      ...{ timestamp: this.completedAt, sizeBytes: prepared.sizeBytes, writtenBytes: prepared.writtenBytes },
      entrySizeBytes: sizeOf,
      hasWritten: (name) => prepared.writes(name),
    });
    // Whoever asked for an older one has more than that now.
    for (const { requests } of [...subsumed, pending]) for (const request of requests) request.resolve(checkpoint);
    onCompleted(checkpoint);
    for (const older of subsumed) this.tellFailed(older, failures.subsumed(older.id, id));
    this.pump();
  }

  private describe(
    { id, timestamp }: PendingCheckpoint,
    { operators, pipelines, prepared }: Pick<Checkpoint, 'operators' | 'pipelines'> & { prepared: PreparedCheckpoint },
  ): Checkpoint {
    const { sizeBytes, writtenBytes } = prepared;
    const durationMs = this.options.scheduler.now() - timestamp;
    return Object.freeze({
      ...{ id, timestamp, durationMs, sizeBytes, writtenBytes, operators },
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

  /** Gives up all that is on its way or waits: the pipelines end with this error. */
  abort(cause: unknown): void {
    const requests = this.waiting.clear();
    if (requests.length > 0) this.reject(requests, failures.aborted(undefined, cause));
    for (const pending of [...this.pending]) this.fail(pending, failures.aborted(pending.id, cause));
    this.pump();
  }

  private expire(pending: PendingCheckpoint): void {
    const { phase, missing } = pending;
    const { timeoutMs } = this.options.policies;
    this.fail(pending, failures.expired(pending.id, { timeoutMs, waitedFor: phase, missing }));
  }

  private fail(pending: PendingCheckpoint, error: CheckpointFailedError): void {
    if (pending.isOver) return;
    this.settle(pending, true);
    this.releaseInputs(pending);
    for (const request of pending.requests) request.reject(error);
    this.tellFailed(pending, error);
    if (failures.countsAsFailure(error.reason)) this.count(error);
    this.pump();
  }

  private tellFailed({ id }: PendingCheckpoint, error: CheckpointFailedError): void {
    this.options.listener.failed(id, error, this.options.scheduler.now());
    this.options.onFailed(error);
  }

  private count(error: CheckpointFailedError): void {
    if (++this.failuresInARow <= this.options.policies.tolerableFailures) return;
    const intolerable = new TooManyFailedCheckpointsError(this.failuresInARow, error);
    this.failuresInARow = 0;
    this.abort(intolerable);
    this.options.onIntolerable(intolerable);
  }

  private reject(requests: readonly CheckpointRequest[], error: CheckpointFailedError): void {
    for (const request of requests) request.reject(error);
    this.options.onFailed(error);
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
