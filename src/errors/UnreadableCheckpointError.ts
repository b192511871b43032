import { CheckpointError } from './CheckpointError.js';

/** One checkpoint, savepoint or exported file that was asked for is damaged, incomplete, or none. */
export class UnreadableCheckpointError extends CheckpointError {
  readonly code = 'unreadable-checkpoint';
  /** Its name in the storage, or of the file. */
  readonly checkpoint: string;
  /** E.g. `has a damaged manifest (checksum)`. */
  readonly problem: string;

  constructor(details: { checkpoint: string; problem: string }) {
    const { checkpoint, problem } = details;
    super(`${checkpoint} cannot be used: it ${problem}. Take another one, or restore its bytes from a backup.`);
    this.checkpoint = checkpoint;
    this.problem = problem;
  }
}
