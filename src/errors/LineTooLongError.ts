import { CheckpointError } from './CheckpointError.js';

/** A file has no line end where one was due. */
export class LineTooLongError extends CheckpointError {
  readonly code = 'line-too-long';
  readonly path: string;
  /** The byte where the line starts. */
  readonly offset: number;
  readonly maxLineBytes: number;

  constructor(details: { path: string; offset: number; maxLineBytes: number }) {
    const { path, offset, maxLineBytes } = details;
    super(
      `The line at byte ${offset} of '${path}' is longer than ${maxLineBytes} bytes: the file may not be text, and reading on ` +
        'until a line ends could fill the memory. If such lines are expected, allow them with lines({ maxLineBytes }).',
    );
    this.path = path;
    this.offset = offset;
    this.maxLineBytes = maxLineBytes;
  }
}
