import { CheckpointError } from './CheckpointError.js';
import { shownName } from './invalidOption.js';

/** A name that a savepoint cannot have. */
export class InvalidSavepointNameError extends CheckpointError {
  readonly code = 'invalid-savepoint-name';

  constructor(readonly savepoint: unknown) {
    super(
      `${shownName(savepoint)} is no name for a savepoint: it would be refused or confused with something else. ` +
        "Use 1 to 54 of a-z, 0-9, - and ., beginning and ending with a letter or digit, for example 'before-deploy'. " +
        "Digits alone, 'latest', 'savepoint-…' and a checkpoint's name in the storage mean something else already.",
    );
  }
}
