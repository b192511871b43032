import { CheckpointError } from './CheckpointError.js';
import { reasonOf } from './reasonOf.js';

/** A part of this library that few jobs need could not be loaded when one did. Nothing was done. */
export class PartNotLoadedError extends CheckpointError {
  readonly code = 'part-not-loaded';
  /** What it is for, e.g. `savepoints`. */
  readonly part: string;

  constructor(part: string, cause: unknown) {
    super(
      `The part of rxjs-checkpoint for ${part} could not be loaded, so nothing was done. Bundlers put it into a file of its own: ` +
        'an offline page needs that one stored as well, and a new version of a page has to leave the files of the old one in their ' +
        `place as long as somebody has it open. Try again online, or reload the page. ${reasonOf(cause)}.`,
      { cause },
    );
    this.part = part;
  }
}
