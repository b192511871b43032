import { CheckpointError } from './CheckpointError.js';

/** Another job writes to this storage. */
export class StorageLockedError extends CheckpointError {
  readonly code = 'storage-locked';
  /** The storage's description. */
  readonly storage: string;
  /** Who has it, as far as is known, e.g. `process 4711 on host web-1`. */
  readonly owner: string;

  constructor(details: { storage: string; owner: string; remedy?: string; cause?: unknown }) {
    const { storage, owner, cause } = details;
    const remedy = details.remedy ?? 'Stop the other job first, or give this one a storage of its own.';
    super(
      `The storage (${storage}) is in use by ${owner}: two jobs would overwrite each other's checkpoints. ${remedy}`,
      { cause },
    );
    this.storage = storage;
    this.owner = owner;
  }
}
