import { CheckpointError } from './CheckpointError.js';

/** `recover()` was given something whose state it could not restore. */
export class NotAPipelineError extends CheckpointError {
  readonly code = 'not-a-pipeline';

  constructor(
    /** The last operator of ours before the stock one, if there is one. */
    readonly after: string | undefined,
  ) {
    super(
      after === undefined
        ? 'recover() was given something that is not a CheckpointedObservable: it has no state that could be restored. ' +
            'Start the pipeline with a source of this library (fromFile, fromArray, fromObservable(source$) …).'
        : `recover() was given a pipeline with an operator of RxJS itself right after ${after}: its state would be lost at every restart. ` +
            "Import the operator from 'rxjs-checkpoint' instead of 'rxjs', or wrap it in transparent() if it is synchronous and keeps no state.",
    );
  }
}
