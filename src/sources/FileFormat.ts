import type { DecodeAscii } from '../io/FileSystem.js';

/** How the records lie in a file. Handed to `fromFile`. */
export interface FileFormat<T> {
  /** For messages, e.g. `lines`. */
  readonly name: string;

  /** A decoder for the bytes from `start.offset` on: 0, or the `offset` at which an earlier decoder was left. */
  createDecoder(start: DecoderStart): RecordDecoder<T>;
}

export interface DecoderStart {
  /** For messages. */
  readonly path: string;
  /** The byte where the next record starts. */
  readonly offset: number;
  /** The platform's, if it has one. */
  readonly decodeAscii?: DecodeAscii | undefined;
}

/**
 * Turns bytes into records, without any input of its own. `record` and `offset` are properties, not a result of
 * `next()`, so that a record costs no object.
 */
export interface RecordDecoder<T> {
  /** The record that `next()` found last. */
  readonly record: T;

  /** The byte after that record, where the following one starts; where the decoder started, while there is none. */
  readonly offset: number;

  /**
   * Hands over the bytes of the file from `offset` on: those that no record was made of yet, and what follows them.
   * They stay as they are until the next call. `ended`: nothing follows them.
   */
  feed(bytes: Uint8Array, ended: boolean): void;

  /** Moves on to the next record. False when there is none without more bytes. */
  next(): boolean;
}
