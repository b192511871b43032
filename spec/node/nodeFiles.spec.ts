import { chmod, mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { describe, expect, it } from '@jest/globals';

import { FileMissingError } from '../../src/errors/FileMissingError.js';
import { FileReadError } from '../../src/errors/FileReadError.js';
import { nodeFiles } from '../../src/node/nodeFiles.js';
import { FileReader } from '../../src/sources/FileReader.js';
import { lines } from '../../src/sources/lines.js';
import { fileSystemContract } from '../io/fileSystemContract.js';
import { temporaryDirectory } from './temporaryDirectory.js';

fileSystemContract('nodeFiles', async () => {
  const directory = await temporaryDirectory();
  return {
    fileSystem: nodeFiles,
    put: async (name, bytes) => {
      await writeFile(join(directory, name), bytes);
      return join(directory, name);
    },
  };
});

const read = (path: string): Promise<FileReader<string>> =>
  FileReader.open({ fileSystem: nodeFiles, path, format: lines() });

/** Where the system shows them. */
const descriptors = (): Promise<string[]> => readdir('/proc/self/fd').catch(() => []);

describe('a path', () => {
  it('without a file is an error that says so', async () => {
    const path = join(await temporaryDirectory(), 'none.txt');
    await expect(read(path)).rejects.toThrow(FileMissingError);
    await expect(read(path)).rejects.toThrow(`There is no file '${path}'`);
  });

  it('of a directory is an error that says so, and nothing stays open', async () => {
    const path = join(await temporaryDirectory(), 'folder');
    await mkdir(path);
    const before = await descriptors();
    const error: unknown = await read(path).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(FileReadError);
    expect(error).toMatchObject({ path, offset: 0, message: expect.stringContaining('it is a directory') as unknown });
    expect((await descriptors()).length).toBe(before.length);
  });

  it('through a file is an error that says so', async () => {
    const file = join(await temporaryDirectory(), 'file');
    await writeFile(file, '');
    await expect(read(join(file, 'below'))).rejects.toThrow(/cannot be read at byte 0: ENOTDIR/);
  });

  it('without permission is an error that says so', async () => {
    const directory = await temporaryDirectory();
    await chmod(directory, 0o755);
    const path = join(directory, 'secret');
    await writeFile(path, '');
    await chmod(path, 0);
    const nobody = 65_534;
    const isRoot = process.getuid?.() === 0; // Root may read everything: be somebody else meanwhile.
    if (isRoot) process.seteuid!(nobody);
    try {
      await expect(read(path)).rejects.toThrow(/cannot be read at byte 0: EACCES/);
    } finally {
      if (isRoot) process.seteuid!(0);
    }
  });
});

describe('a file', () => {
  it('is given back, also while it is being read', async () => {
    const path = join(await temporaryDirectory(), 'file');
    await writeFile(path, 'line\n'.repeat(500_000));
    const before = await descriptors();
    for (let i = 0; i < 20; i++) {
      const reader = await read(path);
      const refill = i % 2 === 0 ? reader.refill() : null;
      await Promise.all([reader.close(), reader.close()]);
      if (refill) expect(await refill).toBe(false);
      expect(await reader.refill()).toBe(false);
    }
    expect((await descriptors()).length).toBe(before.length);
  });

  it('larger than a read is read to its last line', async () => {
    const path = join(await temporaryDirectory(), 'file');
    const expected = Array.from({ length: 100_000 }, (_, index) => `line ${index}${index % 1000 === 0 ? ' ü€😀' : ''}`);
    await writeFile(path, expected.join('\r\n'));
    const reader = await read(path);
    const actual: string[] = [];
    do while (reader.next()) actual.push(reader.record);
    while (await reader.refill());
    expect(actual).toEqual(expected);
    await reader.close();
  });
});
