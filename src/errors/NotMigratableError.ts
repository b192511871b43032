import { CheckpointError } from './CheckpointError.js';

/** A version was given to an operator that keeps no state of the user's making. */
export class NotMigratableError extends CheckpointError {
  readonly code = 'not-migratable';

  constructor(
    readonly uid: string,
    readonly operator: string,
  ) {
    super(
      `uid('${uid}') has a version, but what ${operator} keeps is not a state that you define, so there is nothing to migrate. ` +
        'Versions are for scan, reduce and the like, mergeScan, switchScan, distinct and operators made with operate(). Leave the version out.',
    );
  }
}
