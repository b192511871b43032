import { CheckpointError } from './CheckpointError.js';

/** Somebody else has claimed the storage since this job did, so this one may not write to it any more. */
export class ClaimLostError extends CheckpointError {
  readonly code = 'claim-lost';
  /** The storage's description. */
  readonly storage: string;
  /** Who has it now, as far as is known, e.g. `process 4711 of host 'web-1'`; undefined when nobody is there. */
  readonly owner: string | undefined;

  constructor({ storage, owner }: { storage: string; owner: string | undefined }) {
    const now = owner === undefined ? 'its lock was removed' : `${owner} has it now`;
    super(
      `This job has lost its claim on the storage (${storage}): ${now}. It was stopped, since two jobs would overwrite ` +
        "each other's checkpoints; what it has done since the last completed one is the new owner's to do again. " +
        'Let one of the two go on, or give each a storage of its own.',
    );
    this.storage = storage;
    this.owner = owner;
  }
}
