import { CheckpointError } from './CheckpointError.js';

/** `retryWhen` or `repeatWhen` in a job: what its notifier remembers of the signals cannot be restored. */
export class NotifierInJobError extends CheckpointError {
  readonly code = 'notifier-in-job';

  constructor(readonly operator: 'retryWhen' | 'repeatWhen') {
    super(
      `'${operator}' cannot be restored, so a job does not take it. ` +
        `Use ${operator === 'retryWhen' ? 'retry' : 'repeat'}({ delay }) instead: its delay may be a number of ms, or a function that gives a notifier.`,
    );
  }
}
