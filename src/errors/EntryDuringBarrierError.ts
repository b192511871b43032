import { CheckpointError } from './CheckpointError.js';

/** Something was emitted into a job while its snapshots were being taken. */
export class EntryDuringBarrierError extends CheckpointError {
  readonly code = 'entry-during-barrier';

  constructor() {
    super(
      'A value entered the job while a barrier was passing: it would be in some snapshots of the checkpoint and not in others. ' +
        'Do not emit from snapshotState() or from a subscriber of the barrier; emit later, e.g. with queueMicrotask().',
    );
  }
}
