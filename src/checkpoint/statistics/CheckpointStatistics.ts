import type { CheckpointFailedError } from '../../errors/CheckpointFailedError.js';

/** What is known of the checkpoints of a CheckpointSubject since it was made. Immutable. */
export interface CheckpointStatistics {
  readonly counts: CheckpointCounts;
  /** The newest of each kind; null when there was none. */
  readonly latest: LatestCheckpoints;
  /** Of all completed checkpoints. Null when there was none. */
  readonly summary: CheckpointSummary | null;
  /** The newest checkpoints, the newest first: those in progress, completed and failed. As many as `historySize`. */
  readonly history: readonly CheckpointRecord[];
}

/** How many checkpoints there were. */
export interface CheckpointCounts {
  /** All that got an id: in progress, completed and failed. */
  readonly triggered: number;
  readonly inProgress: number;
  readonly completed: number;
  readonly failed: number;
  /** What was asked for and refused before it began: with one on its way, say, or with no pipeline running. */
  readonly refused: number;
  /** How often the job began with a checkpoint. */
  readonly restored: number;
}

export interface LatestCheckpoints {
  readonly completed: CheckpointRecord | null;
  readonly failed: CheckpointRecord | null;
  readonly savepoint: CheckpointRecord | null;
  /** Why the newest was refused that never began. */
  readonly refusal: CheckpointFailedError | null;
  readonly restored: RestoreRecord | null;
}

/** What a start began with. */
export interface RestoreRecord {
  readonly checkpointId: number;
  /** When, in ms since the epoch. */
  readonly timestamp: number;
}

export interface CheckpointSummary {
  /** From the trigger until it was durable. */
  readonly durationMs: Distribution;
  /** From the trigger until the barrier began: the rest of a turn, and the alignment of asynchronous inputs. */
  readonly startDelayMs: Distribution;
  /** How long the pipelines stood still for handing over their states. */
  readonly synchronousMs: Distribution;
  /** From then until it was durable, while the pipelines ran. */
  readonly asynchronousMs: Distribution;
  readonly sizeBytes: Distribution;
  readonly writtenBytes: Distribution;
}

/** Minimum, average and maximum are of all values, median and 99th percentile of the newest 1,000. */
export interface Distribution {
  readonly min: number;
  readonly average: number;
  readonly median: number;
  readonly p99: number;
  readonly max: number;
}

/** One checkpoint, as far as it has come. What is not known yet is null. */
export interface CheckpointRecord {
  readonly id: number;
  readonly status: 'in-progress' | 'completed' | 'failed';
  /** Why it failed. */
  readonly failure: CheckpointFailedError | null;
  /** The name of the savepoint that it was taken for. */
  readonly savepoint: string | null;
  /** When it was triggered, in ms since the epoch. */
  readonly timestamp: number;
  /** When the last participant had handed over its state, in ms since the epoch. */
  readonly acknowledgedAt: number | null;
  /** From the trigger until it was durable, or had failed. */
  readonly durationMs: number | null;
  readonly startDelayMs: number | null;
  readonly synchronousMs: number | null;
  readonly asynchronousMs: number | null;
  /** All of it, whichever checkpoint wrote it. */
  readonly sizeBytes: number | null;
  /** What this one wrote. */
  readonly writtenBytes: number | null;
  /** Of the states of those who held values back when the barrier came: in buffers, delays, queues. */
  readonly inFlightBytes: number | null;
  /** By the names of the participants that have handed over their states. */
  readonly participants: Readonly<Record<string, ParticipantRecord>>;
}

/** One participant's part in a checkpoint. */
export interface ParticipantRecord {
  /** When it had handed over its state, in ms since the epoch; null while a Promise of it is awaited. */
  readonly acknowledgedAt: number | null;
  /** How long it took to hand over its state, in ms of the CPU's time. */
  readonly synchronousMs: number;
  /** How long the Promise of its state took; 0 without one. */
  readonly asynchronousMs: number | null;
  /** How long it was held until the other asynchronous inputs had delivered their barriers; 0 for all others. */
  readonly alignmentMs: number;
  /** From the trigger until the barrier came to it. */
  readonly startDelayMs: number;
  /** As `sizeBytes` if it held values back, else 0. */
  readonly inFlightBytes: number | null;
  /** Of its state in the storage, in bytes; null before it is durable. */
  readonly sizeBytes: number | null;
  /** What of that this checkpoint wrote: all, or 0 for a state that had not changed. */
  readonly writtenBytes: number | null;
}
