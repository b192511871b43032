import { CheckpointError } from './CheckpointError.js';

/** An operator in `transparent()` emitted at a time of its own, so it keeps state that no checkpoint has. */
export class NotTransparentError extends CheckpointError {
  readonly code = 'not-transparent';

  constructor(readonly operator: string) {
    super(
      `The operator in transparent() ('${operator}') emitted outside of the call that gave it a value: it holds values back or starts timers, ` +
        "which would be lost at a restart. Use this library's operator of that kind instead.",
    );
  }
}
