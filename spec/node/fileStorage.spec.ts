import { crashingAfter, simulate } from './simulatedProcess.js';

import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join, sep } from 'node:path';

import { describe, expect, it } from '@jest/globals';

import { StorageError } from '../../src/errors/StorageError.js';
import { StorageLockedError } from '../../src/errors/StorageLockedError.js';
import { DirectoryStorage } from '../../src/node/DirectoryStorage.js';
import { fileStorage } from '../../src/node/fileStorage.js';
import { fromFile } from '../../src/node/fromFile.js';
import { nodePosixFiles } from '../../src/node/nodePosixFiles.js';
import { lines } from '../../src/sources/lines.js';
import { storageContract } from '../storage/storageContract.js';
import { temporaryDirectory } from './temporaryDirectory.js';

storageContract('fileStorage', async () => {
  const directory = join(await temporaryDirectory(), 'state');
  return { reopen: () => fileStorage(directory) };
});

const bytes = (...values: number[]): Uint8Array => Uint8Array.from(values);

describe('the directory', () => {
  it('is created with its parents', async () => {
    const directory = join(await temporaryDirectory(), 'a', 'b', 'c');
    await fileStorage(directory).write('x', bytes(1));
    expect([...(await readFile(join(directory, 'x')))]).toEqual([1]);
  });

  it('may have other things in it', async () => {
    const directory = await temporaryDirectory();
    await mkdir(join(directory, 'folder'));
    await writeFile(join(directory, '.hidden'), '');
    await writeFile(join(directory, 'Not a name'), '');
    const storage = fileStorage(directory);
    const lock = await storage.lock!();
    await lock.release();
    expect(await storage.list()).toEqual([]);
    expect((await readdir(directory)).sort()).toEqual(['.hidden', 'Not a name', 'folder']);
  });

  it('that cannot be created is an error that says so, and is tried again', async () => {
    const parent = await temporaryDirectory();
    await writeFile(join(parent, 'file'), '');
    const storage = fileStorage(join(parent, 'file', 'state'));
    for (const attempt of [storage.lock!(), storage.list(), storage.write('a', bytes(1))]) {
      const error: unknown = await attempt.catch((reason: unknown) => reason);
      expect(error).toBeInstanceOf(StorageError);
      expect((error as StorageError).message).toMatch(
        /^The storage \(files in .*state\) could not (lock|list|write 'a'): there is a file where/,
      );
    }
    await rm(join(parent, 'file'));
    await expect(storage.write('a', bytes(1))).resolves.toBeUndefined();
  });

  it('that vanishes under a running job fails the next write, instead of being replaced by an empty one', async () => {
    const directory = join(await temporaryDirectory(), 'state');
    const storage = fileStorage(directory);
    await storage.write('a', bytes(1));
    await rm(directory, { recursive: true });
    await expect(storage.write('b', bytes(1))).rejects.toThrow(/could not write 'b': ENOENT/);
  });
});

describe('a write', () => {
  it('that fails leaves nothing behind', async () => {
    const directory = await temporaryDirectory();
    await mkdir(join(directory, 'a'));
    const storage = fileStorage(directory);
    await expect(storage.write('a', bytes(1))).rejects.toThrow(StorageError);
    expect(await readdir(directory)).toEqual(['a']);
    await expect(storage.read('a')).rejects.toThrow(StorageError);
  });

  it('survives a crash between any two system calls: what is read then is the old or the new', async () => {
    const [old, new_] = [new Uint8Array(5_000).fill(1), new Uint8Array(6_000).fill(2)];
    const outcomes: string[] = [];
    for (let limit = 0; ; limit++) {
      const directory = join(await temporaryDirectory(), 'state');
      await fileStorage(directory).write('a', old);
      const process = crashingAfter(limit);
      const written = simulate(process, () => fileStorage(directory).write('a', new_));
      const isDone = await Promise.race([process.crashed.then(() => false), written.then(() => true)]);
      const next = fileStorage(directory);
      const read = (await next.read('a'))!;
      expect([Buffer.compare(read, old), Buffer.compare(read, new_)]).toContain(0);
      expect(await next.list()).toEqual(['a']);
      outcomes.push(read[0] === 1 ? 'old' : 'new');
      if (isDone) {
        const syncedParents = directory
          .split(sep)
          .flatMap(() => ['open', 'sync'])
          .slice(2);
        const write = ['open', 'write', 'write the rest', 'sync', 'rename', 'open', 'sync'];
        expect(process.calls).toEqual(['mkdir', ...syncedParents, ...write]);
        break;
      }
    }
    expect(outcomes.join(' ')).toMatch(/^(old ){6,}new new new$/);
  });

  it('that is still under way when the lock is given back keeps other processes out until it has landed', async () => {
    const directory = await temporaryDirectory();
    const storage = fileStorage(directory);
    let goOn!: () => void;
    const held = new Promise<void>((resolve) => (goOn = resolve));
    const first = await storage.lock!();
    const beforeCall = (call: string): Promise<void> => (call === 'rename' ? held : Promise.resolve());
    const writing = simulate({ beforeCall }, () => storage.write('a', bytes(1)));
    await first.release();
    await expect(fileStorage(directory).lock!()).rejects.toThrow(StorageLockedError);
    const second = await storage.lock!();
    await first.release(); // a second time
    await expect(storage.lock!()).rejects.toThrow(StorageLockedError);
    await second.release();
    goOn();
    await writing;
    while ((await readdir(directory)).includes('.lock')) await new Promise((resolve) => setTimeout(resolve, 5));
    await (await fileStorage(directory).lock!()).release();
    expect(await readdir(directory)).toEqual(['a']);
  });

  it('of a dead process is cleared away when the lock is taken, and not one that is under way', async () => {
    const directory = await temporaryDirectory();
    await writeFile(join(directory, '.checkpoint-000000000001.another-process.0.tmp'), 'half of i');
    const storage = fileStorage(directory);
    let goOn!: () => void;
    const held = new Promise<void>((resolve) => (goOn = resolve));
    const writing = simulate({ beforeCall: (call) => (call === 'rename' ? held : Promise.resolve()) }, () =>
      storage.write('a', bytes(1)),
    );
    while ((await readdir(directory)).length < 2) await new Promise((resolve) => setTimeout(resolve, 5));
    const lock = await storage.lock!();
    goOn();
    await writing;
    await lock.release();
    expect(await readdir(directory)).toEqual(['a']);
  });
});

it('gives the lock back when the directory cannot be made durable, so that a second attempt gets it', async () => {
  const directory = await temporaryDirectory();
  let isBroken = true;
  const open: typeof nodePosixFiles.open = (path, ...rest) =>
    isBroken && path === directory
      ? Promise.reject(Object.assign(new Error('EIO: i/o error, open'), { code: 'EIO' }))
      : nodePosixFiles.open(path, ...rest);
  const storage = new DirectoryStorage(directory, { ...nodePosixFiles, open });
  await expect(storage.lock()).rejects.toBeInstanceOf(StorageError);
  isBroken = false;
  await (await storage.lock()).release();
});

it('says what is missing when JavaScript leaves out a path or a format', () => {
  expect(() => fileStorage(undefined as never)).toThrow(
    "fileStorage needs the path of a directory, e.g. fileStorage('./state').",
  );
  expect(() => fileStorage('')).toThrow(TypeError);
  expect(() => fromFile(undefined as never, lines())).toThrow('fromFile needs the path of a file.');
  expect(() => fromFile('flights.csv', undefined as never)).toThrow(
    "fromFile needs a format, e.g. fromFile('flights.csv', lines()).",
  );
});

it('says that its path is that of a file', async () => {
  const path = join(await temporaryDirectory(), 'file');
  await writeFile(path, '');
  await expect(fileStorage(path).lock!()).rejects.toThrow('could not lock: there is a file where this directory');
  await expect(fileStorage(join(path, 'below')).list()).rejects.toThrow('or one above it');
});
