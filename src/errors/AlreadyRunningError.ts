import { CheckpointError } from './CheckpointError.js';

/** A pipeline of that name is running on the same CheckpointSubject. */
export class AlreadyRunningError extends CheckpointError {
  readonly code = 'already-running';

  constructor(readonly pipeline: string) {
    super(
      `Pipeline '${pipeline}' is already running: its state can be restored into one subscription at a time. ` +
        "Put share() after recover() to have several subscribers, or give a second pipeline a name: recover(pipeline$, { name: 'other' }).",
    );
  }
}
