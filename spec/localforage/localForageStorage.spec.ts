import 'fake-indexeddb/auto';

import { afterEach, describe, expect, it } from '@jest/globals';
import localforage from 'localforage';

import { StorageError } from '../../src/errors/StorageError.js';
import { StorageLockedError } from '../../src/errors/StorageLockedError.js';
import type { LocalForageInstance } from '../../src/localforage/localForageStorage.js';
import { localForageStorage } from '../../src/localforage/localForageStorage.js';
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

  it('of which there is none says so at every call', async () => {
    const storage = localForageStorage({ name: newName(), driver: 'no such driver' });
    await expect(storage.list()).rejects.toThrow(StorageError);
    await expect(storage.lock!()).rejects.toThrow(StorageError);
  });
});

describe('where there are Web Locks', () => {
  const original = Object.getOwnPropertyDescriptor(globalThis, 'navigator');
  afterEach(() => {
    if (original === undefined) delete (globalThis as { navigator?: unknown }).navigator;
    else Object.defineProperty(globalThis, 'navigator', original);
  });

  /** What other tabs see: which locks are held. */
  function installLocks(): Set<string> {
    const held = new Set<string>();
    const locks = {
      async request(name: string, options: object, whileHeld: (lock: object | null) => Promise<void>): Promise<void> {
        expect(options).toEqual({ ifAvailable: true });
        await Promise.resolve();
        if (held.has(name)) return whileHeld(null);
        held.add(name);
        try {
          await whileHeld({ name });
        } finally {
          held.delete(name);
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
    expect([...held]).toEqual([`rxjs-checkpoint/["asyncStorage","${name}","keyvaluepairs"]`]);
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
    held.add(`rxjs-checkpoint/["asyncStorage","${name}","keyvaluepairs"]`);
    await expect(localForageStorage({ name }).lock!()).rejects.toThrow(/in use by another job, in this or another tab/);
  });

  it('a refusal of the browser is an error', async () => {
    const locks = { request: () => Promise.reject(new Error('The operation is insecure.')) };
    Object.defineProperty(globalThis, 'navigator', { value: { locks }, configurable: true });
    await expect(localForageStorage({ name: newName() }).lock!()).rejects.toThrow(
      /could not lock: The operation is insecure/,
    );
  });
});
