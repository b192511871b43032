import { CheckpointError } from './CheckpointError.js';

/** A JSON text is not what `toReadable` writes, or not what was edited may become. */
export class UnreadableNotationError extends CheckpointError {
  readonly code = 'unreadable-notation';
  /** Where in the document, e.g. `state.groups[3].key`. */
  readonly path: string;

  constructor(details: { path: string; problem: string; cause?: unknown }) {
    const { path, problem, cause } = details;
    super(`${path === '' ? 'The document' : path} ${problem}`, { cause });
    this.path = path;
  }
}
