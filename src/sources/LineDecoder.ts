import { LineTooLongError } from '../errors/LineTooLongError.js';
import type { DecodeAscii } from '../io/FileSystem.js';
import { asciiDecoder } from './asciiDecoder.js';
import type { DecoderStart, RecordDecoder } from './FileFormat.js';

export interface LineDecoderOptions extends DecoderStart {
  /** The longest line to accept, its line end included. */
  readonly maxLineBytes: number;
  /** How much is decoded at once. */
  readonly chunkBytes?: number;
}

const LF = 0x0a;
const CR = 0x0d;
/** Larger chunks are hardly faster, and a line that is kept for long keeps its whole chunk (decision 0021). */
const CHUNK_BYTES = 32 * 1024;

/**
 * Cuts lines out of UTF-8 bytes, with the byte offset after each.
 *
 * A chunk of whole lines is decoded at once where it is ASCII, since there a character has the index of its byte, and a
 * call of the decoder takes longer than a short line. Any other chunk is decoded line by line: that is what engines do
 * slowly, and only then does one character outside Latin-1 not double the size of all its neighbours. A line feed is
 * never part of a longer UTF-8 sequence, valid or not, so the lines end where the bytes say so.
 */
export class LineDecoder implements RecordDecoder<string> {
  record = '';
  private readonly path: string;
  private readonly maxLineBytes: number;
  private readonly chunkBytes: number;
  private readonly decodeAscii: DecodeAscii;
  private readonly utf8: InstanceType<typeof TextDecoder> = new TextDecoder('utf-8', { ignoreBOM: true });
  private bytes: Uint8Array = new Uint8Array(0);
  private ended = false;
  /** Where `bytes` start in the file. */
  private base: number;
  /** Where the next line starts, in `bytes`. */
  private at = 0;
  private chunkStart = 0;
  private chunkEnd = 0;
  /** The chunk's text, if it is ASCII. */
  private text: string | null = null;
  /** How many bytes from `at` on are known to hold no line feed. */
  private searched = 0;

  constructor(options: LineDecoderOptions) {
    const { path, offset, maxLineBytes, chunkBytes = CHUNK_BYTES } = options;
    this.path = path;
    this.base = offset;
    this.decodeAscii = options.decodeAscii ?? asciiDecoder();
    this.maxLineBytes = maxLineBytes;
    // A line that is too long then never fits in a chunk, and only lines that do not fit have to be measured.
    this.chunkBytes = Math.min(chunkBytes, maxLineBytes);
  }

  get offset(): number {
    return this.base + this.at;
  }

  feed(bytes: Uint8Array, ended: boolean): void {
    this.base += this.at;
    this.bytes = bytes;
    this.ended = ended;
    this.at = this.chunkStart = this.chunkEnd = 0;
  }

  next(): boolean {
    if (this.at === this.chunkEnd && !this.nextChunk()) return false;
    const { at, bytes } = this;
    const lineFeed = this.lineFeedFrom(at);
    if (lineFeed === -1) {
      // Only the last line of the file has none.
      this.record = this.textOf(at, this.chunkEnd);
      this.at = this.chunkEnd;
    } else {
      // Of an empty line this is the byte before it, which is no \r either.
      const hasReturn = bytes[lineFeed - 1] === CR;
      this.record = this.textOf(at, hasReturn ? lineFeed - 1 : lineFeed);
      this.at = lineFeed + 1;
    }
    return true;
  }

  private lineFeedFrom(start: number): number {
    const { bytes, chunkStart, text } = this;
    if (text === null) return bytes.indexOf(LF, start);
    const index = text.indexOf('\n', start - chunkStart);
    return index === -1 ? -1 : chunkStart + index;
  }

  private textOf(start: number, end: number): string {
    const { bytes, chunkStart, text } = this;
    return text === null
      ? this.utf8.decode(bytes.subarray(start, end))
      : text.slice(start - chunkStart, end - chunkStart);
  }

  private nextChunk(): boolean {
    const end = this.endOfChunk();
    if (end === this.at) return false;
    if (this.offset === 0 && startsWithByteOrderMark(this.bytes)) this.at = 3;
    this.searched = 0;
    this.chunkStart = this.at;
    this.chunkEnd = end;
    this.text = this.decodeAscii(this.bytes.subarray(this.at, end));
    return this.at < end;
  }

  /** After the last line end within reach; after the line if it is a longer one; `at` when its end is still to come. */
  private endOfChunk(): number {
    const { bytes, at, chunkBytes, maxLineBytes } = this;
    const lastLineFeed = bytes.lastIndexOf(LF, at + chunkBytes - 1);
    if (lastLineFeed >= at) return lastLineFeed + 1;
    const lineFeed = bytes.indexOf(LF, at + Math.max(chunkBytes, this.searched));
    const end = lineFeed === -1 ? bytes.length : lineFeed + 1;
    if (end - at > maxLineBytes) throw new LineTooLongError({ path: this.path, offset: this.offset, maxLineBytes });
    if (lineFeed !== -1 || this.ended) return end;
    this.searched = end - at;
    return at;
  }
}

function startsWithByteOrderMark(bytes: Uint8Array): boolean {
  return bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf;
}
