import { CheckpointError } from './CheckpointError.js';

/** A shared stream without a uid is used from different parts of a job, so that its name would depend on who came first. */
export class SharedWithoutUidError extends CheckpointError {
  readonly code = 'shared-without-uid';

  constructor(readonly operator: string) {
    super(
      `A stream made by ${operator}() is used from several pipelines, or inside and outside of an inner pipeline, and has no uid: ` +
        `its snapshot could not be found again reliably. Put uid('a-name') right after ${operator}().`,
    );
  }
}
