import { CheckpointError } from './CheckpointError.js';

/** There is a savepoint of that name already, or one is being taken. */
export class SavepointExistsError extends CheckpointError {
  readonly code = 'savepoint-exists';
  readonly savepoint: string;
  /** The storage's description. */
  readonly storage: string;

  /** Whether it is not there yet: it is being taken, imported or written. */
  readonly isUnderWay: boolean;

  constructor(details: { savepoint: string; storage: string; isUnderWay?: boolean }) {
    const { savepoint, storage, isUnderWay = false } = details;
    super(
      isUnderWay
        ? `A savepoint '${savepoint}' is on its way to the storage (${storage}) already, and a savepoint is never overwritten. ` +
            'Choose another name, or wait for that one: if it fails, the name is free again.'
        : `There is a savepoint '${savepoint}' in the storage (${storage}) already, and a savepoint is never overwritten. ` +
            'Choose another name, or remove the old one first: removeSavepoint(storage, name).',
    );
    this.isUnderWay = isUnderWay;
    this.savepoint = savepoint;
    this.storage = storage;
  }
}
