import type { DecoderStart, FileFormat } from './FileFormat.js';
import { LineDecoder } from './LineDecoder.js';

export interface LinesOptions {
  /**
   * The longest line to accept, in bytes, its line end included; 64 MiB by default. A longer one is a
   * `LineTooLongError`: most likely the file is not text, and waiting for its first line end would fill the memory.
   */
  readonly maxLineBytes?: number;
}

const MIB = 1024 * 1024;
const DEFAULT_MAX_LINE_BYTES = 64 * MIB;
/** Engines have no longer strings: 2^29 - 24 characters in V8. */
const MOST_LINE_BYTES = 511 * MIB;

/**
 * The lines of a UTF-8 text file, for `fromFile`.
 *
 * A line ends with `\n` or `\r\n`, which are not part of it; a `\r` elsewhere is. An empty line is an empty string, the
 * end of the file ends its last line too, and a final line end starts no further one. A byte order mark at the start of
 * the file is skipped. Bytes that are not UTF-8 become U+FFFD.
 *
 * **Checkpoint:** the position is the exact byte after the last line end. A file may grow between a checkpoint and the
 * restore, by whole lines: the rest of a line that was the last one, without a line end, would be a line of its own.
 *
 * **Memory:** engines cut a string out of a larger one without copying it, so a line, or a field cut from it, that is
 * kept for long keeps up to 32 KiB of its neighbours alive. What `JSON.parse` makes of a line does not.
 *
 * @throws RangeError when `maxLineBytes` is not an integer between 1 and 511 MiB.
 */
export function lines(options: LinesOptions = {}): FileFormat<string> {
  const { maxLineBytes = DEFAULT_MAX_LINE_BYTES } = options;
  if (!Number.isInteger(maxLineBytes) || maxLineBytes < 1 || maxLineBytes > MOST_LINE_BYTES) {
    throw new RangeError(`maxLineBytes is ${maxLineBytes}, and has to be an integer from 1 to ${MOST_LINE_BYTES}.`);
  }
  return {
    name: 'lines',
    createDecoder: (start: DecoderStart) => new LineDecoder({ ...start, maxLineBytes }),
  };
}
