import { CheckpointError } from './CheckpointError.js';

/** A file is not the one that a checkpoint was taken of: bytes before the position differ. */
export class FileReplacedError extends CheckpointError {
  readonly code = 'file-replaced';
  readonly path: string;
  /** The byte at which reading was to go on. */
  readonly offset: number;
  /** Where the difference is. */
  readonly part: 'head' | 'tail';

  constructor(details: { path: string; offset: number; part: 'head' | 'tail' }) {
    const { path, offset, part } = details;
    const where = part === 'head' ? 'its first bytes' : `the bytes before byte ${offset}`;
    super(
      `'${path}' is not the file that the checkpoint was taken of: ${where} differ. Going on at byte ${offset} would skip records of ` +
        'this one, and may start within a record. Put back the file as it was (it may have grown), or, to read this one ' +
        'from its start, begin with an empty storage: its records cannot be added to a state that counts others.',
    );
    this.path = path;
    this.offset = offset;
    this.part = part;
  }
}
