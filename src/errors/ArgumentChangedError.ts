import { CheckpointError } from './CheckpointError.js';

/** An operator cannot go on from its snapshot with the arguments that it has now. */
export class ArgumentChangedError extends CheckpointError {
  readonly code = 'argument-changed';

  constructor(
    readonly operator: string,
    /** E.g. `it waits for value 2, counted from 0, and 5 values had come`. */
    readonly problem: string,
  ) {
    super(
      `Operator '${operator}' has another argument than at the checkpoint, with which it cannot go on: ${problem}. ` +
        'Undo the change, or give the operator another uid, so that it starts anew (with allowNonRestoredState).',
    );
  }
}
