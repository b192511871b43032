import { CheckpointError } from './CheckpointError.js';

/** A storage does not have the checkpoint or savepoint that was asked for. */
export class CheckpointNotFoundError extends CheckpointError {
  readonly code = 'checkpoint-not-found';
  /** The storage's description. */
  readonly storage: string;
  /** What was asked for. */
  readonly wanted: string;
  /** What there is: ids of checkpoints, the newest first, then names of savepoints. */
  readonly available: readonly string[];

  constructor(details: { storage: string; wanted: string; available: readonly string[] }) {
    const { storage, wanted, available } = details;
    super(
      available.length === 0
        ? `The storage (${storage}) holds no checkpoint. Look at the place that was given to CheckpointSubject as its storage.`
        : `The storage (${storage}) has no ${wanted === 'latest' ? 'intact checkpoint' : `checkpoint or savepoint '${wanted}'`}. ` +
            `It has: ${shown(available)}. A running job removes old checkpoints: 'latest' always is the newest intact one.`,
    );
    this.storage = storage;
    this.wanted = wanted;
    this.available = available;
  }
}

function shown(names: readonly string[]): string {
  const first = names.slice(0, 20).join(', ');
  return names.length > 20 ? `${first} and ${names.length - 20} more` : first;
}
