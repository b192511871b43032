import { FileMissingError } from '../errors/FileMissingError.js';
import { FileReadError } from '../errors/FileReadError.js';
import type { FileHandle, FileSystem } from '../io/FileSystem.js';

/** An open file whose failures say which file, and which byte of it. */
export class SourceFile {
  /** @param offset - where reading will start; for the message, if there is no such file. */
  static async open(fileSystem: FileSystem, path: string, offset: number): Promise<SourceFile> {
    let handle: FileHandle | undefined;
    try {
      handle = await fileSystem.open(path);
    } catch (cause) {
      throw new FileReadError({ path, offset, cause });
    }
    if (handle === undefined) throw new FileMissingError({ path, offset });
    return new SourceFile(path, handle);
  }

  private constructor(
    readonly path: string,
    private readonly handle: FileHandle,
  ) {}

  /** Reads what the file has at `position` into `buffer` from `start` on: some bytes, or none at the end of the file. */
  async read(buffer: Uint8Array, start: number, position: number): Promise<number> {
    try {
      return await this.handle.read(buffer, start, buffer.length - start, position);
    } catch (cause) {
      throw new FileReadError({ path: this.path, offset: position, cause });
    }
  }

  /** The bytes from `from` to `to`, or to the end of the file where that comes first. */
  async readRange(from: number, to: number): Promise<Uint8Array> {
    const bytes = new Uint8Array(to - from);
    let length = 0;
    while (length < bytes.length) {
      const count = await this.read(bytes, length, from + length);
      if (count === 0) break;
      length += count;
    }
    return bytes.subarray(0, length);
  }

  async size(): Promise<number> {
    try {
      return await this.handle.size();
    } catch (cause) {
      throw new FileReadError({ path: this.path, offset: 0, cause });
    }
  }

  close(): Promise<void> {
    return this.handle.close();
  }
}
