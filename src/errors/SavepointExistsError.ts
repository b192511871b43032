import { CheckpointError } from './CheckpointError.js';

/** There is a savepoint of that name already. */
export class SavepointExistsError extends CheckpointError {
  readonly code = 'savepoint-exists';
  readonly savepoint: string;
  /** The storage's description. */
  readonly storage: string;

  constructor(details: { savepoint: string; storage: string }) {
    const { savepoint, storage } = details;
    super(
      `There is a savepoint '${savepoint}' in the storage (${storage}) already, and a savepoint is never overwritten. ` +
        'Choose another name, or remove the old one first: removeSavepoint(storage, name).',
    );
    this.savepoint = savepoint;
    this.storage = storage;
  }
}
