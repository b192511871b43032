import 'fake-indexeddb/auto';

import { afterEach, describe, expect, it, jest } from '@jest/globals';
import localforage from 'localforage';

import { ClaimLostError } from '../../src/errors/ClaimLostError.js';
import { StorageError } from '../../src/errors/StorageError.js';
import { StorageLockedError } from '../../src/errors/StorageLockedError.js';
import type { LocalForageInstance } from '../../src/localforage/localForageStorage.js';
import { localForageStorage } from '../../src/localforage/localForageStorage.js';
import { ClaimedStorage } from '../../src/storage/ClaimedStorage.js';
import { storageContract } from '../storage/storageContract.js';

let databases = 0;
const newName = (): string => `jobs-${databases++}`;

storageContract('localForageStorage, of an instance', async () => {
  const instance = localforage.createInstance({ name: newName() });
  return { reopen: () => localForageStorage(instance) };
});

storageContract('localForageStorage, of options', async () => {
  const options = { name: newName(), storeName: 'checkpoints' };
  return { reopen: () => localForageStorage(options) };
});

describe('an instance that holds other data too', () => {
  it('keeps it as it is', async () => {
    const instance = localforage.createInstance({ name: newName() });
    await instance.setItem('a', 'mine');
    await instance.setItem('rxjs-checkpoint/Not A Name', 'mine too');
    await instance.setItem('another-library/x', 'not mine');
    const storage = localForageStorage(instance);
    expect(await storage.list()).toEqual([]);
    expect(await storage.read('a')).toBeUndefined();
    await storage.write('a', Uint8Array.of(1));
    expect(await storage.list()).toEqual(['a']);
    await storage.remove('a');
    expect(await instance.getItem('a')).toBe('mine');
    expect((await instance.keys()).sort()).toEqual(['a', 'another-library/x', 'rxjs-checkpoint/Not A Name']);
  });

  it('has the bytes of a view, not all that is behind it', async () => {
    const instance = localforage.createInstance({ name: newName() });
    await localForageStorage(instance).write('a', new Uint8Array(1_000).subarray(5, 7));
    const [key] = await instance.keys();
    expect((await instance.getItem<Uint8Array>(key!))?.buffer.byteLength).toBe(2);
  });

  it('gives what is not bytes any more as no bytes, so that the damage is found', async () => {
    const instance = localforage.createInstance({ name: newName() });
    const storage = localForageStorage(instance);
    await storage.write('a', Uint8Array.of(1));
    const [key] = await instance.keys();
    await instance.setItem(key!, 'x');
    expect(await storage.read('a')).toEqual(new Uint8Array(0));
    await instance.setItem(key!, null);
    expect(await storage.read('a')).toBeUndefined();
    expect(await storage.list()).toEqual(['a']);
  });
});

describe('a driver that fails', () => {
  it('is an error that says which storage and what it did', async () => {
    const instance: LocalForageInstance = {
      ...localforage.createInstance({ name: 'full' }),
      config: () => ({ name: 'full', storeName: 's' }),
      setItem: () => Promise.reject(new DOMException('The quota has been exceeded.', 'QuotaExceededError')),
    };
    const error: unknown = await localForageStorage(instance)
      .write('a', Uint8Array.of(1))
      .catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(StorageError);
    expect(error).toMatchObject({ storage: 'localforage full/s', operation: 'write', target: 'a' });
    expect((error as StorageError).message).toMatch(/could not write 'a': The quota has been exceeded\. /);
  });

  it('keeps no lock that is given back, and says that it has failed', async () => {
    const instance = localforage.createInstance({ name: newName() });
    const closing = new DOMException('The database connection is closing.', 'InvalidStateError');
    await instance.ready(); // which gives it its methods
    instance.removeItem = () => Promise.reject(closing);
    const storage = localForageStorage(instance);
    const lock = await storage.lock!();
    const error: unknown = await lock.release().catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(StorageError);
    expect(error).toMatchObject({
      operation: 'release',
      message: expect.stringMatching(/could not release: The data/),
    });
    await expect(storage.lock!()).resolves.toBeDefined();
  });

  it('of which there is none says so at every call', async () => {
    const storage = localForageStorage({ name: newName(), driver: 'no such driver' });
    await expect(storage.list()).rejects.toThrow(StorageError);
    await expect(storage.lock!()).rejects.toThrow(StorageError);
  });
});

describe('where there are no Web Locks', () => {
  it('a job of another realm takes over, and the one before finds out before its next checkpoint is complete', async () => {
    const instance = localforage.createInstance({ name: newName() });
    const here = await ClaimedStorage.claim(localForageStorage(instance), false);
    await here.write('a', Uint8Array.of(1));
    // Another realm has locks of its own, and the same database.
    let there!: ClaimedStorage;
    await jest.isolateModulesAsync(async () => {
      const other = await import('../../src/localforage/localForageStorage.js');
      const lock = await other.localForageStorage(instance).lock!();
      there = new ClaimedStorage(other.localForageStorage(instance), lock);
    });
    expect(there.contested).toBe(1);
    await there.write('b', Uint8Array.of(2));
    await expect(here.write('c', Uint8Array.of(3))).rejects.toBeInstanceOf(ClaimLostError);
    expect(here.loss).toBeInstanceOf(ClaimLostError);
    expect((await there.list()).sort()).toEqual(['a', 'b']);
    await here.release();
    await there.write('d', Uint8Array.of(4));
    await there.release();
  });
});

describe('where there are Web Locks', () => {
  const original = Object.getOwnPropertyDescriptor(globalThis, 'navigator');
  afterEach(() => {
    if (original === undefined) delete (globalThis as { navigator?: unknown }).navigator;
    else Object.defineProperty(globalThis, 'navigator', original);
  });

  /** What other tabs see: which locks are held. Each can be stolen. */
  function installLocks(): Map<string, (reason: unknown) => void> {
    const held = new Map<string, (reason: unknown) => void>();
    const locks = {
      async request(
        name: string,
        { ifAvailable = false, steal = false }: { ifAvailable?: boolean; steal?: boolean },
        whileHeld: (lock: object | null) => Promise<void>,
      ): Promise<void> {
        expect(ifAvailable).toBe(!steal);
        await Promise.resolve();
        if (steal) held.get(name)?.(new DOMException('The lock was stolen.', 'AbortError'));
        else if (held.has(name)) return whileHeld(null);
        let end!: (reason: unknown) => void;
        const stolen = new Promise<never>((_, reject) => (end = reject));
        held.set(name, end);
        try {
          await Promise.race([stolen, whileHeld({ name })]);
        } finally {
          if (held.get(name) === end) held.delete(name);
        }
      },
    };
    Object.defineProperty(globalThis, 'navigator', { value: { locks }, configurable: true });
    return held;
  }

  it('one is held until the release, and named after the instance', async () => {
    const held = installLocks();
    const [name, other] = [newName(), newName()];
    const lock = await localForageStorage({ name }).lock!();
    expect([...held.keys()]).toEqual([`rxjs-checkpoint/["asyncStorage","${name}","keyvaluepairs"]`]);
    await expect(localForageStorage({ name }).lock!()).rejects.toThrow(StorageLockedError);
    const otherLock = await localForageStorage({ name: other }).lock!();
    await lock.release();
    await otherLock.release();
    expect(held.size).toBe(0);
    await lock.release();
    await (await localForageStorage({ name }).lock!()).release();
  });

  it('one that another tab has is respected', async () => {
    const held = installLocks();
    const name = newName();
    held.set(`rxjs-checkpoint/["asyncStorage","${name}","keyvaluepairs"]`, () => {});
    await expect(localForageStorage({ name }).lock!()).rejects.toThrow(/in use by another job, in this or another tab/);
  });

  it('one that another tab steals is told at once, and what is on record afterwards', async () => {
    const held = installLocks();
    const name = newName();
    const lock = await localForageStorage({ name }).lock!();
    const [steal] = held.values();
    const told = new Promise((resolve) => lock.lost!.addEventListener('abort', resolve));
    steal!(new DOMException('The lock was stolen.', 'AbortError'));
    await told;
    expect(lock.lost!.reason).toBeInstanceOf(ClaimLostError);
    await expect(lock.confirm!()).rejects.toBe(lock.lost!.reason);
    await lock.release();
  });

  it('one whose loss nobody told of is noticed by what the new owner has put on record', async () => {
    const held = installLocks();
    const name = newName();
    const former = await localForageStorage({ name }).lock!();
    await former.confirm!();
    held.clear(); // a tab that is frozen hears of nothing
    const next = await localForageStorage({ name }).lock!();
    expect(former.lost!.aborted).toBe(false);
    await expect(former.confirm!()).rejects.toThrow(/another job, in this or another tab or worker has it now/);
    await former.release();
    await next.confirm!();
    await next.release();
  });

  it('a database that was emptied under a job is a lost claim', async () => {
    installLocks();
    const instance = localforage.createInstance({ name: newName() });
    const lock = await localForageStorage(instance).lock!();
    await instance.clear();
    await expect(lock.confirm!()).rejects.toThrow(/: its lock was removed\./);
    await lock.release();
  });

  it('writes of the owner before are reckoned with after a theft, and not after an end', async () => {
    installLocks();
    const storage = localForageStorage({ name: newName() });
    const first = await storage.lock!();
    expect(first.contested).toBe(0);
    const second = await storage.lock!({ steal: true });
    expect(second.contested).toBe(1);
    await second.release(); // before it had completed anything
    const third = await storage.lock!();
    expect(third.contested).toBe(2);
    third.settle!();
    await third.release();
    const fourth = await storage.lock!();
    expect(fourth.contested).toBe(0);
    await fourth.release();
  });

  it('a refusal of the browser is an error', async () => {
    const locks = { request: () => Promise.reject(new Error('The operation is insecure.')) };
    Object.defineProperty(globalThis, 'navigator', { value: { locks }, configurable: true });
    await expect(localForageStorage({ name: newName() }).lock!()).rejects.toThrow(
      /could not lock: The operation is insecure/,
    );
  });
});
