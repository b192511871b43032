import type { SourceFile } from './SourceFile.js';

/** Reads of this size cost half as much a byte as those of 64 KiB, and larger ones hardly less (decision 0020). */
const READ_BYTES = 256 * 1024;
/** Room in front of the bytes that are read, for those that are kept of the window before. */
const MARGIN_BYTES = 64 * 1024;

export interface FileWindowStart {
  /** Bytes that are known already; the window starts with them and reads on after them. */
  readonly bytes: Uint8Array;
  /** Where they start in the file. */
  readonly offset: number;
  readonly readBytes?: number | undefined;
}

/**
 * The part of a file that is in memory. It moves towards the end of the file, and while it stands, the next bytes are
 * read already.
 *
 * Two buffers change places: one is the window, the other is being read into, behind a margin. To move on, what is to be
 * kept of the one is copied into the margin of the other.
 */
export class FileWindow {
  bytes: Uint8Array;
  /** Where `bytes` start in the file. */
  offset: number;
  private readonly readBytes: number;
  private ahead: { readonly buffer: Uint8Array; readonly count: Promise<number> };
  /** How many bytes are there to move on to: known once `ready()` has resolved. */
  private aheadCount = 0;
  private closing: Promise<void> | null = null;

  constructor(
    private readonly file: SourceFile,
    start: FileWindowStart,
  ) {
    this.bytes = start.bytes;
    this.offset = start.offset;
    this.readBytes = start.readBytes ?? READ_BYTES;
    this.ahead = this.readAhead(new Uint8Array(MARGIN_BYTES + this.readBytes));
  }

  /** Where the window ends in the file. */
  get end(): number {
    return this.offset + this.bytes.length;
  }

  /** Waits for the bytes after the window. False when there are none: the file ended, or was closed. */
  async ready(): Promise<boolean> {
    this.aheadCount = await this.ahead.count;
    return this.aheadCount > 0 && this.closing === null;
  }

  /** Moves the window on to the bytes that are `ready()`. It keeps those from `keepFrom` in the file on. */
  moveOn(keepFrom: number): void {
    const used = this.bytes;
    const kept = used.subarray(keepFrom - this.offset);
    this.bytes = join(kept, this.ahead.buffer, this.aheadCount);
    this.offset = keepFrom;
    // When much is kept (a long record), reading as much again makes its copies add up to twice its size, not its square.
    const size = MARGIN_BYTES + Math.max(this.readBytes, kept.length);
    this.ahead = this.readAhead(used.buffer.byteLength === size ? new Uint8Array(used.buffer) : new Uint8Array(size));
  }

  /** Closes the file once no read is under way: its descriptor could by then belong to another file. */
  close(): Promise<void> {
    this.closing ??= this.ahead.count.then(
      () => this.file.close(),
      () => this.file.close(),
    );
    return this.closing;
  }

  private readAhead(buffer: Uint8Array): { buffer: Uint8Array; count: Promise<number> } {
    const count = this.file.read(buffer, MARGIN_BYTES, this.end);
    // Whoever waits for it in `ready()` sees the failure; until then it is not an unhandled one.
    count.catch(() => undefined);
    return { buffer, count };
  }
}

/** `kept`, and after it the `count` bytes behind the margin of `buffer`; without another copy of these if `kept` fits. */
function join(kept: Uint8Array, buffer: Uint8Array, count: number): Uint8Array {
  const start = MARGIN_BYTES - kept.length;
  if (start >= 0) {
    buffer.set(kept, start);
    return buffer.subarray(start, MARGIN_BYTES + count);
  }
  const joined = new Uint8Array(kept.length + count);
  joined.set(kept);
  joined.set(buffer.subarray(MARGIN_BYTES, MARGIN_BYTES + count), kept.length);
  return joined;
}
