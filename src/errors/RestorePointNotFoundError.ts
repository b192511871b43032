import { CheckpointError } from './CheckpointError.js';

/** What a job was to begin with is not in the storage. */
export class RestorePointNotFoundError extends CheckpointError {
  readonly code = 'restore-point-not-found';
  /** The savepoint's name, or the checkpoint's id. */
  readonly from: string | number;
  /** The storage's description. */
  readonly storage: string;
  /** The names of the savepoints that are there, sorted. */
  readonly savepoints: readonly string[];
  /** The ids of the checkpoints that are there, the newest first. */
  readonly checkpoints: readonly number[];

  constructor(details: {
    from: string | number;
    storage: string;
    savepoints: readonly string[];
    checkpoints: readonly number[];
  }) {
    const { from, storage, savepoints, checkpoints } = details;
    const what = typeof from === 'number' ? `checkpoint ${from}` : `savepoint '${from}'`;
    super(
      `There is no ${what} in the storage (${storage}), and beginning with anything else would not be what was asked for. ` +
        `It has the savepoints ${list(savepoints)} and the checkpoints ${list(checkpoints)}. ` +
        'Name one of these, import the savepoint first, or leave `from` out to begin with the newest checkpoint.',
    );
    this.from = from;
    this.storage = storage;
    this.savepoints = savepoints;
    this.checkpoints = checkpoints;
  }
}

function list(names: readonly (string | number)[]): string {
  if (names.length === 0) return '(none)';
  const shown = names.slice(0, 20).join(', ');
  return names.length > 20 ? `${shown} and ${names.length - 20} more` : shown;
}
