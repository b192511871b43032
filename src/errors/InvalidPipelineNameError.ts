import { CheckpointError } from './CheckpointError.js';
import { shownName } from './invalidOption.js';

/** A pipeline's name that could be mistaken for one that this library makes, or of one that is to be dropped. */
export class InvalidPipelineNameError extends CheckpointError {
  readonly code = 'invalid-pipeline-name';

  constructor(
    readonly pipeline: unknown,
    readonly kind: 'malformed' | 'dropped' = 'malformed',
  ) {
    super(
      kind === 'dropped'
        ? `Pipeline '${String(pipeline)}' is in dropPipelines, so its state would be lost at every start. Take it out there, or do not recover() it.`
        : `${shownName(pipeline)} cannot be the name of a pipeline: it has to be a text of 1 to 200 characters without ` +
            "/ : [ ] # @ and control characters, which structural names use. Choose one like 'totals'.",
    );
  }
}
