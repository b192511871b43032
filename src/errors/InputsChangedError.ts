import { CheckpointError } from './CheckpointError.js';

/** An operator that combines inputs has another number of them than at the checkpoint. */
export class InputsChangedError extends CheckpointError {
  readonly code = 'inputs-changed';

  constructor(
    readonly operator: string,
    /** How many inputs it had at the checkpoint. */
    readonly before: number,
    /** How many it has now. */
    readonly now: number,
  ) {
    super(
      `Operator '${operator}' had ${before} inputs at the checkpoint and has ${now} now: its state could go to the wrong ones. ` +
        'Undo the change, or combine the new input in an operator of its own behind this one.',
    );
  }
}
