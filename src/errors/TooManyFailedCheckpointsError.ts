import { CheckpointError } from './CheckpointError.js';
import type { CheckpointFailedError } from './CheckpointFailedError.js';
import { reasonOf } from './reasonOf.js';

/** More checkpoints failed in a row than `tolerableFailures`, so the pipelines were ended: a crash would cost too much. */
export class TooManyFailedCheckpointsError extends CheckpointError {
  readonly code = 'too-many-failed-checkpoints';
  /** How many failed one after the other. */
  readonly failures: number;
  /** The last of them. */
  readonly last: CheckpointFailedError;

  constructor(failures: number, last: CheckpointFailedError) {
    const times = failures === 1 ? 'A checkpoint failed' : `${failures} checkpoints failed in a row`;
    super(
      `${times}, and tolerableFailures allows ${failures - 1}: a restart would repeat more and more. Do away with the cause, ` +
        `then subscribe again, e.g. with retry(), which goes on from the last completed one. The last failure: ${reasonOf(last)}.`,
      { cause: last },
    );
    this.failures = failures;
    this.last = last;
  }
}
