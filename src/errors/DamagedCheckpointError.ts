import { CheckpointError } from './CheckpointError.js';

/** What is wrong with one stored checkpoint. */
export interface CheckpointDamage {
  readonly checkpointId: number;
  /** Its name in the storage. */
  readonly name: string;
  /** E.g. `is cut off: it has 12 bytes, and even an empty checkpoint has 44`. */
  readonly problem: string;
}

/** There are checkpoints, but none of them is intact. */
export class DamagedCheckpointError extends CheckpointError {
  readonly code = 'damaged-checkpoints';
  /** The storage's description. */
  readonly storage: string;
  /** Every checkpoint that was tried, the newest first. */
  readonly damages: readonly CheckpointDamage[];

  constructor(details: { storage: string; damages: readonly CheckpointDamage[] }) {
    const { storage, damages } = details;
    const list = damages.map(({ name, problem }) => `\n- ${name} ${problem}`).join('');
    super(
      `No checkpoint in the storage (${storage}) is intact:${list}\n` +
        'Starting empty would silently drop the state they held. Restore the files from a backup, ' +
        'or move the storage away to start empty on purpose.',
    );
    this.storage = storage;
    this.damages = damages;
  }
}
