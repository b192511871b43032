import { CheckpointError } from './CheckpointError.js';

/** The checkpoint has a newer version of an operator's state than the program knows. */
export class NewerStateError extends CheckpointError {
  readonly code = 'newer-state';

  /**
   * @param operator - its full name.
   * @param stored - the version in the checkpoint.
   * @param known - the version in the program.
   */
  constructor(
    readonly operator: string,
    readonly stored: number,
    readonly known: number,
  ) {
    super(
      `The checkpoint has version ${stored} of the state of operator '${operator}', and this program has version ${known}: a newer program wrote it. ` +
        'Reading it as the older one could corrupt it. Start the newer program, or go back to a savepoint from before: recover(pipeline$, { from }).',
    );
  }
}
