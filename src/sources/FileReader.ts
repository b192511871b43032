import type { FileSystem } from '../io/FileSystem.js';
import { FINGERPRINT_BYTES, fingerprintOf } from './FileFingerprint.js';
import type { FileFormat, RecordDecoder } from './FileFormat.js';
import type { FilePosition } from './FilePosition.js';
import { FileWindow } from './FileWindow.js';
import { SourceFile } from './SourceFile.js';
import type { FingerprintedBytes } from './verifyFile.js';
import { verifyFile } from './verifyFile.js';

/** The checksum of no bytes is 0. */
const START: FilePosition = { offset: 0, recordsAfterOffset: 0, fingerprint: { head: 0, tail: 0 } };

export interface FileReaderOptions<T> {
  readonly fileSystem: FileSystem;
  readonly path: string;
  readonly format: FileFormat<T>;
  /** Where to resume; the start of the file when left out. */
  readonly position?: FilePosition | undefined;
  /** How much to read at once. */
  readonly readBytes?: number | undefined;
}

/**
 * The records of a file, one after the other, with the position after each:
 *
 *     const reader = await FileReader.open({ fileSystem, path, format, position });
 *     do {
 *       while (reader.next()) use(reader.record);
 *     } while (await reader.refill());
 *     await reader.close();
 *
 * The end of the file is where a read finds no more bytes: records that are appended before are still read.
 */
export class FileReader<T> {
  /**
   * @throws FileMissingError, FileReadError; FileShrunkError or FileReplacedError when the file is not the one that
   * `position` was taken of.
   */
  static async open<T>(options: FileReaderOptions<T>): Promise<FileReader<T>> {
    const { fileSystem, path, position = START } = options;
    const file = await SourceFile.open(fileSystem, path, position.offset);
    try {
      return new FileReader(file, options, position.offset, await verifyFile(file, position));
    } catch (error) {
      // Not awaited: what is wrong with the file is to be told, also when it cannot be closed, or not now.
      file.close().catch(() => undefined);
      throw error;
    }
  }

  private readonly decoder: RecordDecoder<T>;
  private readonly window: FileWindow;
  /** The first bytes of the file, as far as they are known and count for the fingerprint. */
  private head: Uint8Array;
  private closed = false;

  private constructor(file: SourceFile, options: FileReaderOptions<T>, offset: number, before: FingerprintedBytes) {
    const { fileSystem, format, path, readBytes } = options;
    this.decoder = format.createDecoder({ path, offset, decodeAscii: fileSystem.decodeAscii });
    this.head = before.head;
    this.window = new FileWindow(file, { bytes: before.tail, offset: offset - before.tail.length, readBytes });
  }

  /** The record that `next()` found last. */
  get record(): T {
    return this.decoder.record;
  }

  /**
   * Moves on to the next record in memory. False when more bytes are needed, or when there is none.
   *
   * @throws what the format finds wrong, e.g. LineTooLongError; the position stays after the last good record.
   */
  next(): boolean {
    return this.decoder.next();
  }

  /**
   * Reads more bytes. False at the end of the file: then there are no more records; and when the reader was closed
   * meanwhile. One at a time.
   *
   * @throws FileReadError
   */
  async refill(): Promise<boolean> {
    const { decoder, window } = this;
    const hasMore = await window.ready();
    if (this.closed) return false;
    if (hasMore) {
      this.keepHead();
      window.moveOn(Math.max(0, decoder.offset - FINGERPRINT_BYTES));
    }
    decoder.feed(window.bytes.subarray(decoder.offset - window.offset), !hasMore);
    return hasMore || decoder.offset < window.end;
  }

  /** The position after the last record, at any time, also after `close()`. */
  position(): FilePosition {
    const { decoder, window } = this;
    const { offset } = decoder;
    this.keepHead();
    const tail = window.bytes.subarray(Math.max(0, offset - FINGERPRINT_BYTES) - window.offset, offset - window.offset);
    const head = this.head.subarray(0, offset);
    return { offset, recordsAfterOffset: 0, fingerprint: fingerprintOf(head, tail) };
  }

  /** Gives the file back, after a read that is under way. May be called at any time, and again. */
  close(): Promise<void> {
    this.closed = true;
    return this.window.close();
  }

  /** Before the window leaves the start of the file. */
  private keepHead(): void {
    if (this.window.offset === 0 && this.head.length < FINGERPRINT_BYTES) {
      this.head = this.window.bytes.slice(0, FINGERPRINT_BYTES);
    }
  }
}
