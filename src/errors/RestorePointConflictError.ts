import { CheckpointError } from './CheckpointError.js';

/** A pipeline asks to begin with something else than the job that it belongs to. */
export class RestorePointConflictError extends CheckpointError {
  readonly code = 'restore-point-conflict';

  /**
   * @param pipeline - the name of the one that asks.
   * @param wanted - what it asks for, e.g. `savepoint 'before-deploy'`.
   * @param actual - what the job began with.
   */
  constructor(
    readonly pipeline: string,
    readonly wanted: string,
    readonly actual: string,
  ) {
    super(
      `Pipeline '${pipeline}' asks to begin with ${wanted}, and its job began with ${actual}: ` +
        'the pipelines of one CheckpointSubject share one state, so they all begin with the same. ' +
        'Give `from` to the pipelines that start first, to all of them the same, or stop the others before.',
    );
  }
}
