import type { DecodeAscii, FileHandle, FileSystem } from '../../src/io/FileSystem.js';

/** Files that specs can change, hold up and break; it counts what is open and what was read. */
export class MemoryFileSystem implements FileSystem {
  readonly files = new Map<string, Uint8Array>();
  openHandles = 0;
  /** The length that each read asked for. */
  readonly asked: number[] = [];
  /** How many of the bytes that a read asks for it gets, at most. */
  mostBytes = Infinity;
  /** Every read waits for it. */
  gate: Promise<void> = Promise.resolve();
  /** What the next reads fail with. */
  failure: Error | null = null;
  /** Bytes that were read into the caller's buffer after the file was closed. */
  readsAfterClose = 0;

  constructor(readonly decodeAscii?: DecodeAscii) {}

  open(path: string): Promise<FileHandle | undefined> {
    if (!this.files.has(path)) return Promise.resolve(undefined);
    this.openHandles++;
    return Promise.resolve(this.handle(path));
  }

  private handle(path: string): FileHandle {
    let isOpen = true;
    const content = (): Uint8Array => this.files.get(path)!;
    return {
      read: async (buffer, offset, length, position) => {
        this.asked.push(length);
        await this.gate;
        if (this.failure) throw this.failure;
        if (!isOpen) this.readsAfterClose++;
        const bytes = content().subarray(position, position + Math.min(length, this.mostBytes));
        buffer.set(bytes, offset);
        return bytes.length;
      },
      size: () => Promise.resolve(content().length),
      close: () => {
        if (!isOpen) throw new Error('closed twice');
        isOpen = false;
        this.openHandles--;
        return Promise.resolve();
      },
    };
  }
}
