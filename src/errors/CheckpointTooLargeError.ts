import { CheckpointError } from './CheckpointError.js';

/** One checkpoint would write more bytes at once than the format can address. */
export class CheckpointTooLargeError extends CheckpointError {
  readonly code = 'checkpoint-too-large';
  readonly checkpointId: number;
  readonly writtenBytes: number;
  readonly limitBytes: number;

  constructor(details: { checkpointId: number; writtenBytes: number; limitBytes: number }) {
    const { checkpointId, writtenBytes, limitBytes } = details;
    super(
      `Checkpoint ${checkpointId} would write ${writtenBytes} bytes at once, and ${limitBytes} is the most that can be ` +
        'addressed: a larger one could not be read back. Keep less state in one job, or split the job.',
    );
    this.checkpointId = checkpointId;
    this.writtenBytes = writtenBytes;
    this.limitBytes = limitBytes;
  }
}
