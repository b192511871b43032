import { CheckpointError } from './CheckpointError.js';
import { reasonOf } from './reasonOf.js';

/** A file is there and cannot be read: no permission, a directory, a device that fails. */
export class FileReadError extends CheckpointError {
  readonly code = 'file-unreadable';
  readonly path: string;
  /** The byte at which reading failed. */
  readonly offset: number;

  constructor(details: { path: string; offset: number; cause: unknown }) {
    const { path, offset, cause } = details;
    super(
      `'${path}' cannot be read at byte ${offset}: ${reasonOf(cause)}. Going on without the rest of it would lose records. ` +
        'Make it readable for this process and start again: it resumes from the newest checkpoint.',
      { cause },
    );
    this.path = path;
    this.offset = offset;
  }
}
