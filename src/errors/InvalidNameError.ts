import { CheckpointError } from './CheckpointError.js';
import { shownName } from './invalidOption.js';

/** A name that not every storage could keep. */
export class InvalidNameError extends CheckpointError {
  readonly code = 'invalid-name';
  /** The name that was refused. */
  readonly target: string;

  constructor(target: string) {
    super(
      `${shownName(target)} is no name for stored bytes: some storages would refuse it or confuse it with another. ` +
        'Use 1 to 64 of a-z, 0-9, - and ., not starting with a dot.',
    );
    this.target = target;
  }
}
