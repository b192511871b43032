/** What one operator, source or sink contributed to a checkpoint. Immutable, and the same object while nothing changed. */
export interface OperatorCheckpoint {
  /** The operator's state; each operator documents its shape. */
  readonly state: unknown;
  /** For sources: where they resume. */
  readonly position?: unknown;
  /** Its size in the storage, in bytes. */
  readonly sizeBytes: number;
}

/** A completed checkpoint: it is durable, and what a restart would begin with. Immutable. */
export interface Checkpoint {
  /** Ascends strictly, across restarts too. */
  readonly id: number;
  /** When it was triggered, in ms since the epoch. */
  readonly timestamp: number;
  /** From the trigger until it was durable. */
  readonly durationMs: number;
  /** All of it, in bytes: what it refers to in the storage, whichever checkpoint wrote it. */
  readonly sizeBytes: number;
  /** What this one wrote, in bytes. */
  readonly writtenBytes: number;
  /** By uid, or structural name for operators without one. An operator that did not change is `===` to the one before. */
  readonly operators: Readonly<Record<string, OperatorCheckpoint>>;
  /** By name. */
  readonly pipelines: Readonly<Record<string, PipelineStatus>>;
}

export type PipelineStatus = 'running' | 'completed';
