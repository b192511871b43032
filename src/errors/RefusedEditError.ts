import { CheckpointError } from './CheckpointError.js';

/** A change to what is stored that would leave it in a state nobody could restore. */
export class RefusedEditError extends CheckpointError {
  readonly code = 'refused-edit';
}
