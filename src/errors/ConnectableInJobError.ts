import { CheckpointError } from './CheckpointError.js';

/** A stream that is connected by hand stands in a job. */
export class ConnectableInJobError extends CheckpointError {
  readonly code = 'connectable-in-job';

  constructor() {
    super(
      'A stream of multicast() or publish() is used in a job: whether it was connected is decided by calls from outside, ' +
        'so a restart could not bring it back as it was. ' +
        'Use share() or shareReplay() in place of refCount(), and connectable(source$) or connect(selector) in place of connect().',
    );
  }
}
