import { CheckpointError } from './CheckpointError.js';

/** An operator that takes no part in checkpoints stands in the middle of a pipeline. */
export class ForeignOperatorError extends CheckpointError {
  readonly code = 'foreign-operator';

  constructor(
    /** The last operator before it. */
    readonly after: string,
    cause?: unknown,
  ) {
    super(
      `An operator that takes no part in checkpoints stands after ${after}: its state would be lost at every restart. ` +
        "Import the operator from 'rxjs-checkpoint' instead of 'rxjs', or wrap it in transparent() if it is synchronous and keeps no state.",
      { cause },
    );
  }
}
