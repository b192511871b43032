import { CheckpointError } from './CheckpointError.js';

/** This runtime has no `CompressionStream` and `DecompressionStream`. */
export class CompressionUnavailableError extends CheckpointError {
  readonly code = 'compression-unavailable';

  /** @param operation - what was to be done with a compressed checkpoint. */
  constructor(readonly operation: 'write' | 'read') {
    super(
      operation === 'write'
        ? "compression is 'gzip', and this runtime has no CompressionStream. Leave the option out, or use Node 20.19 or a " +
            'current browser (the jsdom of test runners is none: use their node environment).'
        : 'A checkpoint is compressed, and this runtime has no DecompressionStream. Use Node 20.19 or a current browser ' +
            '(the jsdom of test runners is none: use their node environment).',
    );
  }
}
