import { CheckpointFailedError } from '../errors/CheckpointFailedError.js';
import { UnstorableValueError } from '../errors/UnstorableValueError.js';
import { reasonOf } from '../errors/reasonOf.js';
import { stopwatch } from '../io/stopwatch.js';
import type { Capture } from './protocol/Capture.js';
import { isPromise } from './protocol/isPromise.js';
import type { Barrier, Participant } from './protocol/Participant.js';
import type { Region } from './protocol/Region.js';
import type { Run } from './protocol/Run.js';
import type { ParticipantSnapshot, Snapshot } from './protocol/Snapshot.js';
import type { HandOver } from './statistics/CheckpointListener.js';

/** What a barrier brought in. */
export interface Collected {
  /** By participant name. */
  readonly snapshots: Map<string, Snapshot>;
  /** The participants whose state comes later, as a Promise of theirs says: it puts it into `snapshots`. */
  readonly late: ReadonlyMap<string, Promise<void>>;
  /** How each was handed over, by participant name. */
  readonly handOvers: ReadonlyMap<string, HandOver>;
}

/** One barrier's way through the job: collects the snapshot of every participant, in one synchronous go. */
export class Sweep implements Barrier {
  readonly id: number;
  readonly timestamp: number;
  private readonly acknowledged = new Map<Participant, ParticipantSnapshot | null>();
  private readonly handOvers = new Map<string, HandOver>();
  private failure: CheckpointFailedError | null = null;

  /** @param capture - of this checkpoint. */
  constructor(
    private readonly run: Run,
    private readonly capture: Capture,
  ) {
    this.id = capture.checkpointId;
    this.timestamp = capture.timestamp;
  }

  acknowledge(participant: Participant): void {
    if (this.acknowledged.has(participant) || !this.run.has(participant)) return;
    this.acknowledged.set(participant, null);
    const { capture } = this;
    const { heldCount } = capture;
    const { formerStates } = this.run;
    const begin = stopwatch();
    try {
      formerStates.owner = participant;
      const snapshot = participant.snapshotState(capture);
      this.acknowledged.set(participant, snapshot);
      this.handOvers.set(participant.name, {
        synchronousMs: stopwatch() - begin,
        isHolding: capture.heldCount > heldCount,
        isLate: isPromise(snapshot.state),
      });
      // Somebody else may decline before it is asked for.
      if (isPromise(snapshot.state)) snapshot.state.then(undefined, () => {});
    } catch (error) {
      this.failure ??= this.declined(participant.name, error);
    } finally {
      formerStates.owner = null;
    }
    this.run.onAcknowledged?.(participant, this);
  }

  /**
   * Sends the barrier through, and gives the snapshots.
   *
   * @throws CheckpointFailedError when a participant declined, or took a pipeline away.
   */
  collect(): Collected {
    this.run.sweep(this);
    if (this.run.wasTorn) throw this.torn();
    for (const participant of this.run.participants) {
      if (!this.acknowledged.has(participant))
        this.failure ??= this.declined(participant.name, new Error('no barrier reached it. Please report this.'));
    }
    if (this.failure !== null) throw this.failure;
    return this.byName();
  }

  private byName(): Collected {
    const snapshots = new Map<string, Snapshot>();
    const users = new Map<Region, readonly string[]>();
    const late = new Map<string, Promise<void>>();
    for (const [participant, acknowledged] of this.acknowledged) {
      const { name } = participant;
      if (snapshots.has(name)) throw this.nameTaken(name);
      // What is below was frozen when it was captured.
      const { state, ...others } = acknowledged!;
      Object.freeze(others.position);
      const version = this.run.versionOf(participant);
      const { region } = participant.scope;
      const pipelines = users.get(region) ?? Object.freeze(region.users);
      users.set(region, pipelines);
      const snapshot: Snapshot =
        version === undefined ? { state, ...others, pipelines } : { state, ...others, pipelines, version };
      snapshots.set(name, snapshot);
      if (isPromise(state)) late.set(name, this.awaitState(name, snapshot, state, snapshots));
      else Object.freeze(state);
    }
    for (const [name, snapshot] of this.run.claims.dormant) {
      if (snapshots.has(name)) throw this.nameTaken(name);
      snapshots.set(name, snapshot);
    }
    const isAway = (pipeline: string): boolean => !this.run.isPresent(pipeline);
    for (const [name, { snapshot }] of this.run.claims.reserved)
      if (!snapshots.has(name) && snapshot.pipelines.some(isAway)) snapshots.set(name, snapshot);
    return { snapshots, late, handOvers: this.handOvers };
  }

  private async awaitState(
    name: string,
    snapshot: Snapshot,
    state: PromiseLike<unknown>,
    snapshots: Map<string, Snapshot>,
  ): Promise<void> {
    try {
      snapshots.set(name, { ...snapshot, state: Object.freeze(await state) });
    } catch (error) {
      throw this.declined(name, error);
    }
  }

  private torn(): CheckpointFailedError {
    return new CheckpointFailedError({
      reason: 'cancelled',
      checkpointId: this.id,
      message:
        `Checkpoint ${this.id} was cancelled: a pipeline was unsubscribed by a snapshotState, while its state was taken. ` +
        'A restart begins with the checkpoint before.',
    });
  }

  private nameTaken(name: string): CheckpointFailedError {
    return this.declined(name, new Error(`two participants are called '${name}': give each a uid of its own`));
  }

  private declined(operator: string, error: unknown): CheckpointFailedError {
    const cause = error instanceof UnstorableValueError ? error.of(operator) : error;
    return new CheckpointFailedError({
      reason: 'declined',
      checkpointId: this.id,
      operator,
      path: cause instanceof UnstorableValueError ? cause.path : undefined,
      cause,
      message: `Checkpoint ${this.id} failed: operator '${operator}' declined. ${reasonOf(cause)}.`,
    });
  }
}
