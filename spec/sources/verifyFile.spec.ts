import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import { FileReplacedError } from '../../src/errors/FileReplacedError.js';
import { FileShrunkError } from '../../src/errors/FileShrunkError.js';
import { FileReader } from '../../src/sources/FileReader.js';
import { lines } from '../../src/sources/lines.js';
import { MemoryFileSystem } from '../io/MemoryFileSystem.js';
import { caseCount, seed } from '../support/seed.js';
import { readAll } from './readAll.js';

const content = (length: number): Uint8Array =>
  new TextEncoder().encode(Array.from({ length }, (_, index) => `line ${index}`).join('\n'));

/** Takes a position in the `before` file and resumes there in the `after` one. Undefined when that is accepted. */
async function resume(before: Uint8Array, records: number, after: Uint8Array): Promise<unknown> {
  const fileSystem = new MemoryFileSystem();
  const read = { fileSystem, path: 'file', format: lines() };
  fileSystem.files.set('file', before);
  const { position } = (await readAll(await FileReader.open(read)))[records - 1]!;
  fileSystem.files.set('file', after);
  fileSystem.mostBytes = 1000;
  try {
    const reader = await FileReader.open({ ...read, position });
    await reader.close();
    return undefined;
  } catch (error) {
    return error;
  } finally {
    expect(fileSystem.openHandles).toBe(0);
  }
}

function changedAt(bytes: Uint8Array, index: number): Uint8Array {
  const changed = bytes.slice();
  changed[index]! ^= 1;
  return changed;
}

describe('a file at resume', () => {
  // "line 1000\n" is past 4 KiB twice over.
  const before = content(2000);
  const offset = new TextDecoder().decode(before).indexOf('line 1000\n');

  it('is accepted when it is the same, or has grown', async () => {
    expect(await resume(before, 1000, before)).toBeUndefined();
    expect(await resume(before, 2000, before)).toBeUndefined();
    expect(await resume(before, 1000, content(3000))).toBeUndefined();
    expect(await resume(before, 1000, before.slice(0, offset))).toBeUndefined();
  });

  it('is refused when it is shorter than the position', async () => {
    const error = await resume(before, 1000, before.slice(0, offset - 1));
    expect(error).toBeInstanceOf(FileShrunkError);
    expect(error).toMatchObject({ path: 'file', offset, sizeBytes: offset - 1, code: 'file-shrunk' });
    expect((error as Error).message).toContain(
      `'file' has ${offset - 1} bytes, and the checkpoint goes on at byte ${offset}`,
    );
    expect(await resume(before, 1, new Uint8Array(0))).toBeInstanceOf(FileShrunkError);
  });

  it('is refused when its first 4 KiB differ', async () => {
    for (const index of [0, 1, 4095]) {
      const error = await resume(before, 1000, changedAt(before, index));
      expect(error).toBeInstanceOf(FileReplacedError);
      expect(error).toMatchObject({ path: 'file', offset, part: 'head', code: 'file-replaced' });
    }
  });

  it('is refused when the 4 KiB before the position differ', async () => {
    for (const index of [offset - 4096, offset - 1]) {
      const error = await resume(before, 1000, changedAt(before, index));
      expect(error).toBeInstanceOf(FileReplacedError);
      expect(error).toMatchObject({ path: 'file', offset, part: 'tail' });
    }
  });

  it('is accepted when it differs only after the position, or in what the fingerprint leaves out', async () => {
    expect(await resume(before, 1000, changedAt(before, offset))).toBeUndefined();
    expect(await resume(before, 1000, changedAt(before, 4096))).toBeUndefined();
    expect(await resume(before, 1000, changedAt(before, offset - 4097))).toBeUndefined();
  });

  it('near its start is refused for any changed byte before the position, and for none after it', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 400 }), fc.nat(), async (records, random) => {
        const small = content(500);
        const { length } = new TextEncoder().encode(
          Array.from({ length: records }, (_, index) => `line ${index}\n`).join(''),
        );
        const index = random % small.length;
        const error = await resume(small, records, changedAt(small, index));
        if (index < length) expect(error).toBeInstanceOf(FileReplacedError);
        else expect(error).toBeUndefined();
      }),
      { seed, numRuns: caseCount(100) },
    );
  }, 60_000);
});
