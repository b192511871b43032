import { CheckpointError } from './CheckpointError.js';

/** A name that a savepoint cannot have. */
export class InvalidSavepointNameError extends CheckpointError {
  readonly code = 'invalid-savepoint-name';

  constructor(readonly savepoint: unknown) {
    super(
      `${JSON.stringify(savepoint)} is no name for a savepoint: some storages would refuse it or confuse it with another. ` +
        "Use 1 to 54 of a-z, 0-9, - and ., beginning and ending with a letter or digit, and not digits alone, which are a checkpoint's id. For example 'before-deploy'.",
    );
  }
}
