import { CheckpointError } from './CheckpointError.js';

/** Bytes that should be a savepoint and are none, or not all of one any more. */
export class DamagedSavepointError extends CheckpointError {
  readonly code = 'damaged-savepoint';
  /** What was read, e.g. `Savepoint 'before-deploy' in the storage (…)`. */
  readonly source: string;
  /** E.g. `is cut off: it has 12 bytes`. */
  readonly problem: string;

  constructor(details: { source: string; problem: string }) {
    const { source, problem } = details;
    super(
      `${source} cannot be used: it ${problem}. Restoring a part of it would lose state. ` +
        'Take it from a backup or export it again; a file has to be copied in binary mode.',
    );
    this.source = source;
    this.problem = problem;
  }
}
