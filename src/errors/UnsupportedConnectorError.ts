import { CheckpointError } from './CheckpointError.js';

/** A `connector` makes a Subject whose content a job cannot store. */
export class UnsupportedConnectorError extends CheckpointError {
  readonly code = 'unsupported-connector';

  constructor(readonly operator: string) {
    super(
      `The connector of '${operator}' makes a Subject whose content cannot be stored, so a restart would lose it. ` +
        'In a job use a plain Subject (the default) or a BehaviorSubject.',
    );
  }
}
