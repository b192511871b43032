import { CheckpointError } from './CheckpointError.js';

/** A group or window of a plain Observable was handed into a job, where a restore could not make it again. */
export class PlainGroupError extends CheckpointError {
  readonly code = 'plain-group';

  constructor() {
    super(
      'A group or window of a plain Observable is used as an inner pipeline of a job: its values would be in no checkpoint, and a restart would lose it. ' +
        'Start its stream with a source of this library, e.g. fromObservable(source$).pipe(groupBy(…)).',
    );
  }
}
