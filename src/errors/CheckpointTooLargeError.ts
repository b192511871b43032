import { CheckpointError } from './CheckpointError.js';

/** One checkpoint would write more bytes at once than can be read back. */
export class CheckpointTooLargeError extends CheckpointError {
  readonly code = 'checkpoint-too-large';
  readonly checkpointId: number;
  /** At least; it is not counted further. */
  readonly writtenBytes: number;
  readonly limitBytes: number;

  constructor(details: { checkpointId: number; writtenBytes: number; limitBytes: number }) {
    const { checkpointId, writtenBytes, limitBytes } = details;
    super(
      `Checkpoint ${checkpointId} would write ${writtenBytes} bytes or more at once, and ${limitBytes} is the most that ` +
        'can be read back at once. Keep less state in one job, or split the job.',
    );
    this.checkpointId = checkpointId;
    this.writtenBytes = writtenBytes;
    this.limitBytes = limitBytes;
  }
}
