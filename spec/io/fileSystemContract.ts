import { describe, expect, it } from '@jest/globals';

import type { FileHandle, FileSystem } from '../../src/io/FileSystem.js';

export interface FileSystemUnderTest {
  readonly fileSystem: FileSystem;
  /** Makes or replaces a file, and tells its path. */
  readonly put: (name: string, bytes: Uint8Array) => Promise<string>;
}

/** What every `FileSystem` promises. */
export function fileSystemContract(name: string, create: () => Promise<FileSystemUnderTest>): void {
  const content = Uint8Array.from({ length: 1000 }, (_, index) => index % 251);

  async function opened(): Promise<{ handle: FileHandle } & FileSystemUnderTest> {
    const underTest = await create();
    const handle = await underTest.fileSystem.open(await underTest.put('file', content));
    return { ...underTest, handle: handle! };
  }

  describe(`${name} as a file system`, () => {
    it('reads at a position, into a part of the buffer, and leaves the rest of it alone', async () => {
      const { handle } = await opened();
      const buffer = new Uint8Array(10).fill(255);
      const count = await handle.read(buffer, 2, 5, 300);
      expect(count).toBeGreaterThan(0);
      const expected = new Uint8Array(10).fill(255);
      expected.set(content.subarray(300, 300 + count), 2);
      expect(buffer).toEqual(expected);
      await handle.close();
    });

    it('reads less than asked for before the end of the file, and nothing at it', async () => {
      const { handle } = await opened();
      const buffer = new Uint8Array(100);
      expect(await handle.read(buffer, 0, 100, 999)).toBe(1);
      expect(buffer[0]).toBe(content[999]);
      expect(await handle.read(buffer, 0, 100, 1000)).toBe(0);
      expect(await handle.read(buffer, 0, 100, 5000)).toBe(0);
      await handle.close();
    });

    it('sees what is appended to an open file', async () => {
      const { handle, put } = await opened();
      await put('file', Uint8Array.from([...content, 42]));
      expect(await handle.size()).toBe(1001);
      const buffer = new Uint8Array(5);
      expect(await handle.read(buffer, 0, 5, 1000)).toBe(1);
      expect(buffer[0]).toBe(42);
      await handle.close();
    });

    it('opens nothing where there is no file', async () => {
      const { fileSystem, put } = await create();
      expect(await fileSystem.open(`${await put('file', content)}-not`)).toBeUndefined();
    });

    it('decodes ASCII only', async () => {
      const { fileSystem } = await create();
      const { decodeAscii } = fileSystem;
      if (decodeAscii === undefined) return;
      const bytes = Uint8Array.from({ length: 200 }, (_, index) => index);
      expect(decodeAscii(bytes.subarray(3, 128))).toBe(String.fromCharCode(...bytes.subarray(3, 128)));
      expect(decodeAscii(bytes.subarray(3, 129))).toBeNull();
      expect(decodeAscii(bytes.subarray(0, 0))).toBe('');
    });
  });
}
