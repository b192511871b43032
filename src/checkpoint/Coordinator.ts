import type { CheckpointFailure } from '../errors/CheckpointFailedError.js';
import { CheckpointFailedError } from '../errors/CheckpointFailedError.js';
import type { TooManyFailedCheckpointsError } from '../errors/TooManyFailedCheckpointsError.js';
import { stopwatch } from '../io/stopwatch.js';
import { Alignment } from './Alignment.js';
import type { Checkpoint, PipelineStatus } from './Checkpoint.js';
import * as failures from './checkpointFailures.js';
import { Cut } from './Cut.js';
import type { CheckpointKind, TriggerDecision } from './decideTrigger.js';
import { decideTrigger } from './decideTrigger.js';
import type { CheckpointRequest } from './PendingCheckpoint.js';
import { PendingCheckpoint } from './PendingCheckpoint.js';
import type { PendingOptions } from './PendingCheckpoints.js';
import { PendingCheckpoints } from './PendingCheckpoints.js';
import type { AsynchronousInput, AsynchronousInputListener } from './protocol/AsynchronousInput.js';
import { Capture } from './protocol/Capture.js';
import type { JobClock } from './protocol/JobClock.js';
import type { ErrorType } from './protocol/StoredError.js';
import type { JournalUsers } from './store/Journals.js';
import type { Origin } from './store/Origin.js';
import { Sweep } from './Sweep.js';
import { WaitingLine } from './WaitingLine.js';

export interface CoordinatorOptions extends PendingOptions {
  readonly errorTypes: readonly ErrorType[];
  readonly clock: JobClock;
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
  private readonly pending: PendingCheckpoints;
  /** The one whose barriers have not all come, and whether they have but for its sweep. */
  private aligning: PendingCheckpoint | null = null;
  private isAligned = false;
  private readonly waiting = new WaitingLine();
  /** Also of those that were given up: an answer that comes late must not be taken for one to the next. */
  private lastId = 0;
  private onIdle: (() => void)[] = [];

  constructor(private readonly options: CoordinatorOptions) {
    this.pending = new PendingCheckpoints(options, {
      failing: (pending) => this.releaseInputs(pending),
      progressed: () => this.pump(),
      intolerable: (error) => {
        this.abort(error);
        options.onIntolerable(error);
      },
    });
  }

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
    return failures.refused(decision, this.pending.newestId);
  }

  private decide(kind: CheckpointKind): TriggerDecision {
    const { policies } = this.options;
    const accepted = this.waiting.hasShared ? 1 : 0;
    return decideTrigger({
      kind,
      job: this.options.jobStatus(),
      isAligning: this.aligning !== null,
      pending: this.pending.sharedCount + (kind === 'trigger' ? accepted : 0),
      maxConcurrent: policies.maxConcurrent,
      sinceCompletedMs: this.pending.sinceCompletedMs,
      minPauseMs: policies.minPauseMs,
    });
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
    return this.pending.isEmpty && this.waiting.isEmpty;
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
    const pending = new PendingCheckpoint(id, this.options.clock.read(), requests);
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
      const sweep = new Sweep(run, new Capture(errorTypes, pending.id, pending.timestamp, run.formerStates));
      this.cut(pending, sweep);
      // Before the inputs are let go, which may emit.
      for (const { swept } of pending.requests) swept?.();
    } catch (error) {
      failure = failures.notEncoded(pending.id, error);
    } finally {
      this.releaseInputs(pending);
    }
    if (failure !== null) return this.pending.fail(pending, failure);
    this.pending.collected(pending);
    this.pump();
  }

  private cut(pending: PendingCheckpoint, sweep: Sweep): void {
    const begin = stopwatch();
    const { snapshots, late, handOvers } = sweep.collect();
    const { run, journals, listener, scheduler } = this.options;
    const { statuses, running, journalUsers, origin } = this.options.pipelines();
    const { setBackMs } = pending.clock;
    const pipelines = { statuses, running, origin, serial: run.serial, journals: journals.cut(journalUsers) };
    const cut = new Cut({ snapshots, late: late.keys(), setBackMs, ...pipelines }, this.pending.newestCut);
    pending.cut = cut;
    const synchronousMs = stopwatch() - begin;
    listener.swept(pending.id, { timestamp: scheduler.now(), synchronousMs, participants: handOvers });
    this.pending.awaitLate(pending, cut, late);
  }

  /** None begins before all inputs are released: what they hand on may be a trigger. */
  private releaseInputs(pending: PendingCheckpoint): void {
    if (this.aligning !== pending) return;
    pending.alignment?.release();
    this.isAligned = false;
    this.aligning = null;
  }

  // Failing

  /** Gives up all that is on its way or waits: the pipelines end with this error. */
  abort(cause: unknown): void {
    const requests = this.waiting.clear();
    if (requests.length > 0) this.reject(requests, failures.aborted(undefined, cause));
    this.pending.failAll((id) => failures.aborted(id, cause));
    this.pump();
  }

  private reject(requests: readonly CheckpointRequest[], error: CheckpointFailedError): void {
    for (const request of requests) request.reject(error);
    this.options.onFailed(error);
  }
}
