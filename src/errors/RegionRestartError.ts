import { CheckpointError } from './CheckpointError.js';

/** Pipelines that share a part can be restarted together only. */
export class RegionRestartError extends CheckpointError {
  readonly code = 'region-restart';

  constructor(
    readonly pipeline: string,
    readonly others: readonly string[],
    cause?: unknown,
  ) {
    const names = others.map((name) => `'${name}'`).join(', ');
    super(
      cause === undefined
        ? `Pipeline '${pipeline}' cannot be restored while ${names} runs: they share a part, which has moved on since the checkpoint. ` +
            `Unsubscribe ${names} too, then subscribe all of them.`
        : `Pipeline '${pipeline}' was stopped because ${names} failed: they share a part, and can only restart from a checkpoint together. ` +
            'Put the same retry() after each recover().',
      { cause },
    );
  }
}
