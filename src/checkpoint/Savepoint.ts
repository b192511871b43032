import type { PipelineStatus } from './Checkpoint.js';
import type { CheckpointMeta } from './CheckpointMeta.js';
import type { LoadedSavepoint } from './store/savepointPack.js';

/** A stored savepoint. It is complete in itself, and nobody removes it but the user. */
export interface Savepoint {
  readonly name: string;
  /** Of the checkpoint that it is of. */
  readonly checkpointId: number;
  /** When that was triggered, in ms since the epoch. */
  readonly timestamp: number;
  /** What it takes in the storage, in bytes; exported it is as long, or longer if it is compressed there. */
  readonly sizeBytes: number;
  /** By name. */
  readonly pipelines: Readonly<Record<string, PipelineStatus>>;
}

export function savepointFrom(
  name: string,
  { id, timestamp, meta }: Pick<LoadedSavepoint, 'id' | 'timestamp' | 'meta'>,
  sizeBytes: number,
): Savepoint {
  const { pipelines } = meta as CheckpointMeta;
  return Object.freeze({ name, checkpointId: id, timestamp, sizeBytes, pipelines: Object.freeze({ ...pipelines }) });
}
