import { CheckpointError } from './CheckpointError.js';
import { shownName } from './invalidOption.js';

/** A uid that could be mistaken for a name that this library makes. */
export class InvalidUidError extends CheckpointError {
  readonly code = 'invalid-uid';

  constructor(readonly uid: unknown) {
    super(
      `${shownName(uid)} cannot be a uid: it has to be a text of 1 to 200 characters without / : [ ] # @ and control characters, ` +
        "which structural names use. Choose one like 'total-delay'.",
    );
  }
}
