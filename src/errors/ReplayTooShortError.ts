import { CheckpointError } from './CheckpointError.js';

/** A source that starts over at a restore had less to give than it had given before. */
export class ReplayTooShortError extends CheckpointError {
  readonly code = 'replay-too-short';

  constructor(
    /** The source. */
    readonly operator: string,
    /** How many records it had emitted before the checkpoint. */
    readonly expected: number,
    /** How many it had this time. */
    readonly actual: number,
  ) {
    super(
      `Source '${operator}' had emitted ${expected} values at the checkpoint, and this time has only ${actual}: it is not the same stream again, ` +
        'so going on would lose or repeat values. A source that starts over has to repeat what it emitted; ' +
        'for one that does not repeat (a Subject, events) use fromObservable(source$, { hot: true }).',
    );
  }
}
