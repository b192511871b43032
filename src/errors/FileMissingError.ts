import { CheckpointError } from './CheckpointError.js';

/** There is no file at the path of a source. */
export class FileMissingError extends CheckpointError {
  readonly code = 'file-missing';
  readonly path: string;
  /** The byte at which reading was to start: 0 unless it was to go on from a checkpoint. */
  readonly offset: number;

  constructor(details: { path: string; offset: number }) {
    const { path, offset } = details;
    super(
      offset === 0
        ? `There is no file '${path}': an empty result would look as if it had been read. Create it, or correct the path.`
        : `There is no file '${path}' any more, and the checkpoint goes on at byte ${offset} of it: without it, the records ` +
            'after that byte would be lost. Put it back, or correct the path.',
    );
    this.path = path;
    this.offset = offset;
  }
}
