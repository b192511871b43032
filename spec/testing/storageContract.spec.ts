import { describe, expect, it } from '@jest/globals';

import type { CheckpointStorage } from '../../src/storage/CheckpointStorage.js';
import { memoryStorage } from '../../src/storage/memoryStorage.js';
import type { StorageContractOptions } from '../../src/testing/contracts/storageContract.js';
import { storageContract as casesOf } from '../../src/testing/contracts/storageContract.js';
import { FaultyStorage } from '../../src/testing/FaultyStorage.js';
import { storageContract } from '../storage/storageContract.js';
import { failuresOf } from './failuresOf.js';

describe.each([true, false])('with a lock that fences by itself: %s', (fenced) => {
  storageContract('FaultyStorage without faults', async () => {
    const storage = new FaultyStorage({ seed: 1, fenced });
    return { reopen: () => storage.reopen() };
  });
});

/** A storage in memory with something wrong, and the messages of the cases that notice. */
async function failures(wrong: (right: CheckpointStorage) => Partial<CheckpointStorage>): Promise<string[]> {
  return failuresOf(
    casesOf(() => {
      const right = memoryStorage();
      return { reopen: () => ({ ...boundTo(right), ...wrong(right) }) };
    }),
  );
}

function boundTo(right: CheckpointStorage): CheckpointStorage {
  return {
    description: right.description,
    read: (name) => right.read(name),
    write: (name, bytes) => right.write(name, bytes),
    remove: (name) => right.remove(name),
    list: () => right.list(),
    lock: (options) => right.lock!(options),
  };
}

it('finds nothing wrong where nothing is', async () => {
  expect(await failures(() => ({}))).toEqual([]);
});

it('asks for nothing that the description of a storage does not say', async () => {
  const blobs = new Map<string, Uint8Array>();
  const storage: CheckpointStorage = {
    description: 'a map',
    read: async (name) => blobs.get(name)?.slice(),
    write: async (name, bytes) => void blobs.set(name, new Uint8Array(bytes)),
    remove: async (name) => void blobs.delete(name),
    list: async () => [...blobs.keys()],
  };
  const create = () => {
    blobs.clear();
    return { reopen: () => storage };
  };
  expect(await failuresOf(casesOf(create, { locks: false }))).toEqual([]);
});

it('refuses options that there are not', () => {
  const options = { lock: false } as StorageContractOptions;
  expect(() => casesOf(() => ({ reopen: memoryStorage }), options)).toThrow("storageContract has no option 'lock'");
});

describe('it is noticed that a storage', () => {
  it.each<[string, (right: CheckpointStorage) => Partial<CheckpointStorage>, string]>([
    [
      'loses the last byte',
      (right) => ({ write: (name, bytes) => right.write(name, bytes.subarray(0, -1)) }),
      "replaces what has the same name: read('a') gives 0 bytes () instead of 1 byte (4).",
    ],
    [
      'lists what was removed',
      (right) => ({ remove: async (name) => right.write(name, new Uint8Array()) }),
      'lists what is there, and not what was removed: list(), sorted: ["a", "b", "c"] instead of ["a", "c"].',
    ],
    [
      'keeps what slice() gives',
      () => {
        const blobs = new Map<string, Uint8Array>();
        return {
          read: async (name) => blobs.get(name)?.slice(),
          write: async (name, bytes) => void blobs.set(name, bytes.slice()),
        };
      },
      "writes what a view shows, not what is behind it: read('b') gives a BufferLike in place of a plain Uint8Array. What slice() of a Buffer gives is a Buffer, which shares its memory: copy with new Uint8Array(bytes), when writing and when reading.",
    ],
    [
      'keeps the bytes of whoever wrote them',
      () => {
        const blobs = new Map<string, Uint8Array>();
        return { write: async (name, bytes) => void blobs.set(name, bytes), read: async (name) => blobs.get(name) };
      },
      "has a copy of its own of what was written: read('a') gives 3 bytes (9, 2, 3) instead of 3 bytes (1, 2, 3).",
    ],
    [
      'has a lock that everybody gets',
      () => ({ lock: async () => ({ release: async () => undefined }) }),
      'gives the lock to one of many that ask at once: how many of ten have the lock: 10 instead of 1.',
    ],
    [
      'has no lock',
      () => ({ lock: undefined }),
      'is locked by one at a time: The storage has no lock(). If that is on purpose, say so with { locks: false }.',
    ],
    [
      'tears its writes while they are read',
      (right) => ({
        write: async (name, bytes) => {
          await right.write(name, bytes.subarray(0, bytes.length >> 1));
          await Promise.resolve();
          await right.write(name, bytes);
        },
      }),
      "shows all of one write or all of another, never a mixture: read('a') gives 50003 bytes that nobody wrote, while 'a' is written.",
    ],
    [
      'has a lock that cannot be stolen',
      (right) => ({ lock: () => right.lock!() }),
      "lets nobody write whose lock was stolen: The storage (memory of this process) is in use by another job of this process: two jobs would overwrite each other's checkpoints. Stop the other job first, or give this one a storage of its own.",
    ],
    [
      'has a lock that does not tell when it is stolen',
      (right) => ({
        lock: async (options) => {
          const lock = await right.lock!(options);
          return { release: () => lock.release() };
        },
      }),
      'lets nobody write whose lock was stolen: write() of the former owner: it should reject with a ClaimLostError, and resolved with undefined.',
    ],
    [
      'lets a former owner remove things',
      (right) => ({
        lock: async (options) => {
          const lock = await right.lock!(options);
          return {
            release: () => lock.release(),
            write: (name, bytes) => lock.write!(name, bytes),
            remove: (name) => right.remove(name),
          };
        },
      }),
      'lets nobody remove anything whose lock was stolen: remove() of the former owner: it should reject with a ClaimLostError, and resolved with undefined.',
    ],
    [
      'asks before a write only',
      (right) => ({
        write: async (name, bytes) => {
          await new Promise((resolve) => setImmediate(resolve));
          await right.write(name, bytes);
        },
        lock: async (options) => {
          const lock = await right.lock!(options);
          return {
            release: () => lock.release(),
            write: async (name, bytes) => {
              await lock.confirm!();
              await new Promise((resolve) => setImmediate(resolve));
              await right.write(name, bytes);
            },
            remove: (name) => lock.remove!(name),
          };
        },
      }),
      "shows a new owner every write of the former one that succeeds: The new owner has not found 'w0-0', which the former one wrote successfully.",
    ],
    [
      'reads as a Buffer',
      (right) => ({ read: async (name) => right.read(name).then((read) => read && Buffer.from(read)) }),
      "replaces what has the same name: read('a') gives a Buffer in place of a plain Uint8Array. What slice() of a Buffer gives is a Buffer, which shares its memory: copy with new Uint8Array(bytes), when writing and when reading.",
    ],
  ])('%s', async (_, wrong, message) => {
    expect(await failures(wrong)).toContain(message);
  });
});

it('a storage without a lock may say so', async () => {
  const cases = casesOf(() => ({ reopen: () => ({ ...boundTo(memoryStorage()), lock: undefined! }) }), {
    locks: false,
  });
  expect(cases.filter(({ name }) => /lock|owner/.test(name))).toEqual([]);
});

it('each case has a place of its own, and gives it back', async () => {
  let [created, disposed] = [0, 0];
  const cases = casesOf(() => {
    created++;
    return { reopen: memoryStorage, dispose: () => void disposed++ };
  });
  await failuresOf(cases);
  expect([created, disposed]).toEqual([cases.length, cases.length]);
});
