import { CheckpointFailedError } from '../errors/CheckpointFailedError.js';
import { UnstorableValueError } from '../errors/UnstorableValueError.js';
import type { Capture } from './protocol/Capture.js';
import type { Barrier, Participant } from './protocol/Participant.js';
import type { Run } from './protocol/Run.js';
import type { ParticipantSnapshot, Snapshot } from './protocol/Snapshot.js';

/** One barrier's way through the job: collects the snapshot of every participant, in one synchronous go. */
export class Sweep implements Barrier {
  private readonly acknowledged = new Map<Participant, ParticipantSnapshot | null>();
  private failure: CheckpointFailedError | null = null;

  constructor(
    private readonly run: Run,
    private readonly capture: Capture,
    readonly id: number,
    readonly timestamp: number,
  ) {}

  acknowledge(participant: Participant): void {
    if (this.acknowledged.has(participant) || !this.run.participants.has(participant)) return;
    this.acknowledged.set(participant, null);
    try {
      this.acknowledged.set(participant, participant.snapshotState(this.capture));
    } catch (error) {
      this.failure ??= this.declined(participant.name, error);
    }
    this.run.onAcknowledged?.(participant, this);
  }

  /**
   * Sends the barrier through, and gives the snapshots by participant name.
   *
   * @throws CheckpointFailedError when a participant declined.
   */
  collect(): Map<string, Snapshot> {
    this.run.sweep(this);
    for (const participant of this.run.participants) {
      if (!this.acknowledged.has(participant))
        this.failure ??= this.declined(participant.name, new Error('no barrier reached it. Please report this.'));
    }
    if (this.failure !== null) throw this.failure;
    return this.byName();
  }

  private byName(): Map<string, Snapshot> {
    const snapshots = new Map<string, Snapshot>();
    for (const [participant, snapshot] of this.acknowledged) {
      const { name } = participant;
      if (snapshots.has(name))
        throw this.declined(name, new Error(`two participants are called '${name}': give each a uid of its own`));
      // What is below was frozen when it was captured.
      const { state, position } = snapshot!;
      Object.freeze(state);
      Object.freeze(position);
      snapshots.set(name, { ...snapshot!, pipelines: participant.scope.region.pipelines });
    }
    return snapshots;
  }

  private declined(operator: string, error: unknown): CheckpointFailedError {
    const cause = error instanceof UnstorableValueError ? error.of(operator) : error;
    const why = cause instanceof Error ? cause.message : String(cause);
    return new CheckpointFailedError({
      reason: 'declined',
      checkpointId: this.id,
      operator,
      cause,
      message: `Checkpoint ${this.id} failed: operator '${operator}' declined. ${why}`,
    });
  }
}
