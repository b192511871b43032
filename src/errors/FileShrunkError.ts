import { CheckpointError } from './CheckpointError.js';

/** A file ends before the byte at which a checkpoint goes on. */
export class FileShrunkError extends CheckpointError {
  readonly code = 'file-shrunk';
  readonly path: string;
  /** The byte at which reading was to go on. */
  readonly offset: number;
  readonly sizeBytes: number;

  constructor(details: { path: string; offset: number; sizeBytes: number }) {
    const { path, offset, sizeBytes } = details;
    super(
      `'${path}' has ${sizeBytes} bytes, and the checkpoint goes on at byte ${offset} of it: it was truncated or replaced, so the ` +
        'state in the checkpoint counts records that are not in it. Put back the file as it was (it may have grown), or, to ' +
        'read this one from its start, begin with an empty storage: its records cannot be added to a state that counts others.',
    );
    this.path = path;
    this.offset = offset;
    this.sizeBytes = sizeBytes;
  }
}
