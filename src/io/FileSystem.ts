/** What file sources need of a platform: `src/node` binds it to `node:fs`, a browser can bind it to a `File`. */
export interface FileSystem {
  /**
   * Opens a file for reading. Undefined when there is none at `path`; rejects when it cannot be read
   * (no permission, a directory).
   */
  open(path: string): Promise<FileHandle | undefined>;

  /** Where the platform has a faster way than TextDecoder. */
  readonly decodeAscii?: DecodeAscii;
}

/** The text of bytes that are all ASCII, so that byte and character indexes are the same; null for any others. */
export type DecodeAscii = (bytes: Uint8Array) => string | null;

/** An open file. */
export interface FileHandle {
  /**
   * Reads up to `length` bytes from `position` in the file into `buffer` at `offset`. Resolves with their number, which
   * may be less than asked for; it is 0 at the end of the file only.
   */
  read(buffer: Uint8Array, offset: number, length: number, position: number): Promise<number>;

  /** The size of the file at this moment, in bytes. */
  size(): Promise<number>;

  /** Gives the file back. Called once, when no read is under way. */
  close(): Promise<void>;
}
