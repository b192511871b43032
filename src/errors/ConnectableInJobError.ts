import { CheckpointError } from './CheckpointError.js';

/** A ConnectableObservable that was made by its constructor stands in a job. */
export class ConnectableInJobError extends CheckpointError {
  readonly code = 'connectable-in-job';

  constructor() {
    super(
      'A stream that was made with new ConnectableObservable is used in a job, which knows nothing of its connection, ' +
        'so a restart could not bring it back as it was. ' +
        'Use publish() or multicast(), with refCount() or connect(), or what has replaced them: share() and connectable(source$).',
    );
  }
}
