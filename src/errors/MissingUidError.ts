import { CheckpointError } from './CheckpointError.js';

/** `requireUids` is set, and operators with state have none. */
export class MissingUidError extends CheckpointError {
  readonly code = 'missing-uid';

  constructor(readonly operators: readonly string[]) {
    super(
      `Operators with state have no uid: ${operators.join(', ')}. Their snapshots would be found by their place in the pipeline, ` +
        "which an edit changes. Put uid('a-name') after each, or leave out requireUids.",
    );
  }
}
