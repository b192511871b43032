import { CheckpointError } from './CheckpointError.js';

/** A `connector` makes a Subject whose content a job cannot store. */
export class UnsupportedConnectorError extends CheckpointError {
  readonly code = 'unsupported-connector';

  constructor(
    readonly operator: string,
    /** The classes of RxJS that it may make. */
    supported: readonly string[] = ['Subject', 'BehaviorSubject', 'ReplaySubject', 'AsyncSubject'],
  ) {
    super(
      `The connector of '${operator}' makes a Subject whose content cannot be stored, so a restart would lose it. ` +
        `In a job let it make a ${supported.slice(0, -1).join(', ')} or ${supported[supported.length - 1]} of RxJS, not of a subclass.`,
    );
  }
}
