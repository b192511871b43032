import { describe, expect, it } from '@jest/globals';
import crc32 from 'crc-32';
import fc from 'fast-check';

import { FileMissingError } from '../../src/errors/FileMissingError.js';
import { FileReadError } from '../../src/errors/FileReadError.js';
import { FileReplacedError } from '../../src/errors/FileReplacedError.js';
import { LineTooLongError } from '../../src/errors/LineTooLongError.js';
import { nodeFiles } from '../../src/node/nodeFiles.js';
import type { FilePosition } from '../../src/sources/FilePosition.js';
import { FileReader } from '../../src/sources/FileReader.js';
import { lines } from '../../src/sources/lines.js';
import { MemoryFileSystem } from '../io/MemoryFileSystem.js';
import { caseCount, seed } from '../support/seed.js';
import { naiveLines } from './naiveLines.js';
import { readAll } from './readAll.js';
import { textBytes } from './textBytes.js';

const path = 'file';
const encode = (text: string): Uint8Array => new TextEncoder().encode(text);

function fileOf(content: string | Uint8Array): MemoryFileSystem {
  const fileSystem = new MemoryFileSystem();
  fileSystem.files.set(path, typeof content === 'string' ? encode(content) : content);
  return fileSystem;
}

function open(
  fileSystem: MemoryFileSystem,
  options: { position?: FilePosition; readBytes?: number; maxLineBytes?: number } = {},
): Promise<FileReader<string>> {
  const { position, readBytes, maxLineBytes = 1e6 } = options;
  return FileReader.open({ fileSystem, path, format: lines({ maxLineBytes }), position, readBytes });
}

/** What a fingerprint has to be, from the whole file. */
function fingerprintBefore(bytes: Uint8Array, offset: number): FilePosition['fingerprint'] {
  const checksum = (part: Uint8Array): number => crc32.buf(part) >>> 0;
  return {
    head: checksum(bytes.subarray(0, Math.min(4096, offset))),
    tail: checksum(bytes.subarray(Math.max(0, offset - 4096), offset)),
  };
}

const file = textBytes({ maxPieces: 30 });
const readBytes = fc.oneof(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: 20_000 }));
const mostBytes = fc.constantFrom(1, 7, 1000, Infinity);

describe('reading', () => {
  it('gives each record and the position after it, for any bytes and reads', async () => {
    await fc.assert(
      fc.asyncProperty(file, readBytes, mostBytes, fc.boolean(), async (bytes, size, most, isNode) => {
        const fileSystem = new MemoryFileSystem(isNode ? nodeFiles.decodeAscii : undefined);
        fileSystem.files.set(path, bytes);
        fileSystem.mostBytes = most;
        const expected = naiveLines(bytes).map(({ record, offset }) => ({
          record,
          position: { offset, recordsAfterOffset: 0, fingerprint: fingerprintBefore(bytes, offset) },
        }));
        expect(await readAll(await open(fileSystem, { readBytes: size }))).toEqual(expected);
        expect(fileSystem.openHandles).toBe(0);
      }),
      { seed, numRuns: caseCount(150) },
    );
  }, 60_000);

  it('goes on with exactly the rest after any record', async () => {
    await fc.assert(
      fc.asyncProperty(file, readBytes, readBytes, async (bytes, size, sizeOnResume) => {
        const fileSystem = fileOf(bytes);
        const all = await readAll(await open(fileSystem, { readBytes: size }));
        const start = await open(fileSystem);
        await start.close();
        const positions = [start.position(), ...all.map(({ position }) => position)];
        for (const [count, position] of positions.entries()) {
          const rest = await readAll(await open(fileSystem, { position, readBytes: sizeOnResume }));
          expect(rest).toEqual(all.slice(count));
        }
        expect(fileSystem.openHandles).toBe(0);
      }),
      { seed, numRuns: caseCount(100) },
    );
  }, 60_000);

  it('goes on where it stopped when the reader before had resumed, too', async () => {
    const bytes = encode(Array.from({ length: 3000 }, (_, index) => `line ${index}\n`).join(''));
    const fileSystem = fileOf(bytes);
    const found: string[] = [];
    let position: FilePosition | undefined;
    for (let isEnded = false; !isEnded;) {
      const reader = await open(fileSystem, { position, readBytes: 1000 });
      for (let count = 0; count < 70 && !isEnded;) {
        if (reader.next()) count = found.push(reader.record) % 70 === 0 ? 70 : count + 1;
        else isEnded = !(await reader.refill());
      }
      position = reader.position();
      expect(position.fingerprint).toEqual(fingerprintBefore(bytes, position.offset));
      await reader.close();
    }
    expect(found).toEqual(naiveLines(bytes).map(({ record }) => record));
  });

  it('knows its position when it is first asked for it far into the file', async () => {
    const bytes = encode(Array.from({ length: 3000 }, (_, index) => `line ${index}\n`).join(''));
    const fileSystem = fileOf(bytes);
    const [early] = await readAll(await open(fileSystem));
    for (const position of [undefined, early!.position]) {
      const reader = await open(fileSystem, { position, readBytes: 500 });
      do while (reader.next());
      while (await reader.refill());
      expect(reader.position().fingerprint).toEqual(fingerprintBefore(bytes, bytes.length));
      await reader.close();
    }
  });

  it('of an empty file, and of one with nothing but a byte order mark, ends at once', async () => {
    expect(await readAll(await open(fileOf('')))).toEqual([]);
    expect(await readAll(await open(fileOf('\uFEFF')))).toEqual([]);
  });

  it('sees what is appended before the end was reached', async () => {
    const fileSystem = fileOf('a\nb\n');
    const reader = await open(fileSystem, { readBytes: 2 });
    await reader.refill();
    expect([reader.next(), reader.record]).toEqual([true, 'a']);
    fileSystem.files.set(path, encode('a\nb\nc\nd'));
    expect((await readAll(reader)).map(({ record }) => record)).toEqual(['b', 'c', 'd']);
  });

  it('goes on in a file that has grown', async () => {
    const fileSystem = fileOf('a\nb\n');
    const position = (await readAll(await open(fileSystem))).at(-1)!.position;
    fileSystem.files.set(path, encode('a\nb\nc\n'));
    expect((await readAll(await open(fileSystem, { position }))).map(({ record }) => record)).toEqual(['c']);
  });

  it('gives the same records to one who asks at every moment of a refill', async () => {
    const expected = Array.from({ length: 40 }, (_, index) => `line number ${index}`);
    const reader = await open(fileOf(expected.join('\n')), { readBytes: 25 });
    const found: string[] = [];
    for (let isEnded = false, isPending = true; !isEnded; isPending = true) {
      const refill = reader.refill().finally(() => (isPending = false));
      while (isPending) {
        while (reader.next()) found.push(reader.record);
        await Promise.resolve();
      }
      isEnded = !(await refill);
    }
    expect(found).toEqual(expected);
    await reader.close();
  });

  it('of a line of many reads copies it a few times only', async () => {
    const long = `${'x'.repeat(3_000_000)}ü`;
    const short = 'y'.repeat(40_000);
    const expected = ['a', long, ...Array.from({ length: 200 }, () => short)];
    const fileSystem = fileOf(expected.join('\n'));
    const records = (await readAll(await open(fileSystem, { readBytes: 50_000, maxLineBytes: 4e6 }))).map(
      (r) => r.record,
    );
    expect(records.length).toBe(expected.length);
    expect(records.every((record, index) => record === expected[index])).toBe(true);
    // With reads of the same size, its first bytes would be copied once for each of 60 reads.
    expect(fileSystem.asked.filter((length) => length > 50_000).length).toBeLessThan(15);
    expect(fileSystem.asked.filter((length) => length > 1e6).length).toBeGreaterThan(0);
    // And the memory is given back.
    expect(fileSystem.asked.at(-1)).toBe(50_000);
  });
});

describe('a failure', () => {
  it('to find the file says where reading was to start', async () => {
    const fileSystem = new MemoryFileSystem();
    const first: unknown = await open(fileSystem).catch((error: unknown) => error);
    expect(first).toBeInstanceOf(FileMissingError);
    expect((first as Error).message).toBe(
      "There is no file 'file': an empty result would look as if it had been read. Create it, or correct the path.",
    );
    const position = { offset: 12, recordsAfterOffset: 0, fingerprint: { head: 1, tail: 1 } };
    await expect(open(fileSystem, { position })).rejects.toThrow(
      /no file 'file' any more, and the checkpoint goes on at byte 12/,
    );
  });

  it('to read reaches the next refill, after the records in memory, and not the process', async () => {
    const unhandled: unknown[] = [];
    const record = (reason: unknown): void => void unhandled.push(reason);
    process.on('unhandledRejection', record);
    const fileSystem = fileOf('a\nb\n');
    const reader = await open(fileSystem, { readBytes: 2 });
    fileSystem.failure = new Error('the disk is gone');
    await reader.refill();
    // The second read is under way, and fails while nobody waits for it.
    await new Promise((resolve) => setTimeout(resolve, 5));
    expect([reader.next(), reader.record]).toEqual([true, 'a']);
    const error: unknown = await reader.refill().catch((reason: unknown) => reason);
    process.off('unhandledRejection', record);
    expect(error).toBeInstanceOf(FileReadError);
    expect(error).toMatchObject({ path, offset: 2, cause: fileSystem.failure, code: 'file-unreadable' });
    expect((error as Error).message).toMatch(/^'file' cannot be read at byte 2: the disk is gone\. /);
    expect(unhandled).toEqual([]);
    expect(reader.position().offset).toBe(2);
    await reader.close();
    expect(fileSystem.openHandles).toBe(0);
  });

  it('to decode leaves the position after the last good record', async () => {
    const reader = await open(fileOf(`good\n${'x'.repeat(100)}`), { readBytes: 10, maxLineBytes: 50 });
    await expect(readAll(reader)).rejects.toThrow(LineTooLongError);
    expect(reader.position().offset).toBe(5);
    await reader.close();
  });
});

describe('closing', () => {
  it('waits for the read under way, and may be asked for again', async () => {
    const fileSystem = fileOf('a\nb\n');
    let release = (): void => undefined;
    fileSystem.gate = new Promise((resolve) => (release = resolve));
    const reader = await open(fileSystem);
    const refill = reader.refill();
    const closings = [reader.close(), reader.close()];
    await new Promise((resolve) => setTimeout(resolve, 5));
    expect(fileSystem.openHandles).toBe(1);
    release();
    expect(await refill).toBe(false);
    await Promise.all(closings);
    expect(fileSystem).toMatchObject({ openHandles: 0, readsAfterClose: 0 });
    // The unread rest is not mistaken for the end of the file.
    expect([reader.next(), reader.position().offset, await reader.refill()]).toEqual([false, 0, false]);
  });

  it('keeps the position, and an unfinished line is no record', async () => {
    const reader = await open(fileOf('a\nbc'), { readBytes: 3 });
    await reader.refill();
    expect([reader.next(), reader.next()]).toEqual([true, false]);
    await reader.close();
    expect([await reader.refill(), reader.next()]).toEqual([false, false]);
    expect(reader.position()).toMatchObject({ offset: 2, recordsAfterOffset: 0 });
  });

  it('happens when the file is not the right one', async () => {
    const fileSystem = fileOf('a\nb\n');
    const position = { offset: 2, recordsAfterOffset: 0, fingerprint: { head: 1, tail: 1 } };
    await expect(open(fileSystem, { position })).rejects.toThrow();
    fileSystem.failure = new Error('the disk is gone');
    await expect(open(fileSystem, { position })).rejects.toThrow(FileReadError);
    expect(fileSystem.openHandles).toBe(0);
  });

  it.each([
    ['fails', () => Promise.reject(new Error('EIO'))],
    ['never ends', () => new Promise<void>(() => {})],
  ])('that %s does not hide that the file is not the right one', async (_, close) => {
    const position = { offset: 4, recordsAfterOffset: 0, fingerprint: fingerprintBefore(encode('old\n'), 4) };
    const handle = {
      read: async (buffer: Uint8Array, offset: number, length: number, from: number) => {
        const bytes = encode('new\n').subarray(from, from + length);
        buffer.set(bytes, offset);
        return bytes.length;
      },
      size: async () => 4,
      close,
    };
    const opening = FileReader.open({ fileSystem: { open: async () => handle }, path, format: lines(), position });
    await expect(opening).rejects.toBeInstanceOf(FileReplacedError);
  });
});
