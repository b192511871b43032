import { CheckpointError } from './CheckpointError.js';
import { shownName } from './invalidOption.js';

/** A pipeline's name that could be mistaken for one that this library makes. */
export class InvalidPipelineNameError extends CheckpointError {
  readonly code = 'invalid-pipeline-name';

  constructor(readonly pipeline: unknown) {
    super(
      `${shownName(pipeline)} cannot be the name of a pipeline: it has to be a text of 1 to 200 characters without ` +
        "/ : [ ] # @ and control characters, which structural names use. Choose one like 'totals'.",
    );
  }
}
