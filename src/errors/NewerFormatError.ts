import { CheckpointError } from './CheckpointError.js';

/** A checkpoint was written by a newer version of this library. */
export class NewerFormatError extends CheckpointError {
  readonly code = 'newer-format';
  /** The storage's description; undefined for a savepoint that was given as bytes. */
  readonly storage: string | undefined;
  /** The checkpoint's name in the storage. */
  readonly checkpoint: string;
  readonly formatVersion: number;
  /** The newest version that this library reads. */
  readonly supportedVersion: number;

  constructor(details: {
    storage?: string | undefined;
    checkpoint: string;
    formatVersion: number;
    supportedVersion: number;
  }) {
    const { storage, checkpoint, formatVersion, supportedVersion } = details;
    const what = storage === undefined ? checkpoint : `${checkpoint} in the storage (${storage})`;
    super(
      `${what} has format version ${formatVersion}, and this rxjs-checkpoint reads ` +
        `versions up to ${supportedVersion}: a newer one wrote it. Going back to an older checkpoint would lose ` +
        'what the newer one processed. Upgrade rxjs-checkpoint, or give this job a storage of its own.',
    );
    this.storage = storage;
    this.checkpoint = checkpoint;
    this.formatVersion = formatVersion;
    this.supportedVersion = supportedVersion;
  }
}
