import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';

import { CheckpointStore } from '../../src/checkpoint/store/CheckpointStore.js';
import { InvalidNameError } from '../../src/errors/InvalidNameError.js';
import { StorageLockedError } from '../../src/errors/StorageLockedError.js';
import type { CheckpointStorage } from '../../src/storage/CheckpointStorage.js';

export interface StorageUnderTest {
  /** Another object for the same place, as the next run of a job makes one. */
  reopen(): CheckpointStorage;
  dispose?(): Promise<void>;
}

/** What every `CheckpointStorage` promises. */
export function storageContract(name: string, create: () => Promise<StorageUnderTest>): void {
  describe(`${name} keeps the contract of CheckpointStorage:`, () => {
    let place: StorageUnderTest;
    let storage: CheckpointStorage;

    beforeEach(async () => {
      place = await create();
      storage = place.reopen();
    });
    afterEach(() => place.dispose?.());

    const bytes = (...values: number[]): Uint8Array => Uint8Array.from(values);
    const allBytes = Uint8Array.from({ length: 256 }, (_, i) => i);

    it('is empty at first', async () => {
      expect(await storage.list()).toEqual([]);
      expect(await storage.read('a')).toBeUndefined();
    });

    it('gives back what was written, every byte, as a plain Uint8Array', async () => {
      await storage.write('a', allBytes);
      await storage.write('empty', bytes());
      await storage.write('large', new Uint8Array(3_000_000).fill(7));
      const read = await storage.read('a');
      expect(Object.getPrototypeOf(read)).toBe(Uint8Array.prototype);
      expect(read).toEqual(allBytes);
      expect(await storage.read('empty')).toEqual(bytes());
      expect((await storage.read('large'))?.length).toBe(3_000_000);
    });

    it('gives it to the next run too', async () => {
      await storage.write('a', allBytes);
      const next = place.reopen();
      expect(await next.read('a')).toEqual(allBytes);
      expect(await next.list()).toEqual(['a']);
    });

    it('replaces what has the same name', async () => {
      await storage.write('a', bytes(1, 2, 3));
      await storage.write('a', bytes(4));
      expect(await storage.read('a')).toEqual(bytes(4));
      expect(await storage.list()).toEqual(['a']);
    });

    it('lists what is there, and not what was removed', async () => {
      for (const name of ['b', 'a', 'c']) await storage.write(name, bytes(1));
      await storage.remove('b');
      expect((await storage.list()).sort()).toEqual(['a', 'c']);
      expect(await storage.read('b')).toBeUndefined();
    });

    it('removes what is not there without complaint', async () => {
      await expect(storage.remove('a')).resolves.toBeUndefined();
    });

    it('takes every name that is allowed', async () => {
      const names = ['a', '0', '-', 'a.b-c', 'checkpoint-000000000001', 'x'.repeat(64), 'a.tmp', 'lock'];
      for (const name of names) await storage.write(name, new TextEncoder().encode(name));
      expect((await storage.list()).sort()).toEqual([...names].sort());
      for (const name of names) expect(await storage.read(name)).toEqual(new TextEncoder().encode(name));
    });

    it.each(['', '.', '..', '.a', 'A', 'a/b', '../a', 'a\\b', 'a b', 'ä', 'a\0', 'x'.repeat(65), 'a\n'])(
      'refuses the name %j',
      async (name) => {
        await expect(storage.write(name, bytes(1))).rejects.toThrow(InvalidNameError);
        await expect(storage.read(name)).rejects.toThrow(InvalidNameError);
        await expect(storage.remove(name)).rejects.toThrow(InvalidNameError);
        expect(await storage.list()).toEqual([]);
      },
    );

    it('has a copy of its own of what was written', async () => {
      const mine = bytes(1, 2, 3);
      await storage.write('a', mine);
      mine[0] = 9;
      expect(await storage.read('a')).toEqual(bytes(1, 2, 3));
    });

    it('hands out bytes that the caller may change', async () => {
      await storage.write('a', bytes(1, 2, 3));
      (await storage.read('a'))![0] = 9;
      expect(await storage.read('a')).toEqual(bytes(1, 2, 3));
    });

    it('writes what a view shows, not what is behind it', async () => {
      await storage.write('a', allBytes.subarray(10, 12));
      await storage.write('b', Buffer.from(allBytes.buffer, 20, 2));
      expect(await storage.read('a')).toEqual(bytes(10, 11));
      expect(await storage.read('b')).toEqual(bytes(20, 21));
      expect(Object.getPrototypeOf(await storage.read('b'))).toBe(Uint8Array.prototype);
    });

    it('keeps writes apart that are under way at the same time', async () => {
      const names = Array.from({ length: 20 }, (_, i) => `n${i}`);
      await Promise.all(names.map((name, i) => storage.write(name, bytes(i))));
      expect(await Promise.all(names.map((name) => storage.read(name)))).toEqual(names.map((_, i) => bytes(i)));
    });

    it('shows all of one write or all of another, never a mixture', async () => {
      const versions = Array.from({ length: 8 }, (_, i) => new Uint8Array(100_000 + i).fill(i));
      await storage.write('a', versions[0]!);
      const writes = Promise.all(versions.map((version) => storage.write('a', version)));
      for (let i = 0; i < 20; i++) {
        const seen = (await storage.read('a'))!;
        expect(Buffer.compare(seen, versions[seen[0]!]!)).toBe(0);
      }
      await writes;
      const last = (await storage.read('a'))!;
      expect(Buffer.compare(last, versions[last[0]!]!)).toBe(0);
    });

    it('describes itself', () => {
      expect(storage.description).toMatch(/\w/);
    });

    it('is locked by one at a time', async () => {
      const lock = await storage.lock!();
      await expect(storage.lock!()).rejects.toThrow(StorageLockedError);
      await expect(place.reopen().lock!()).rejects.toThrow(StorageLockedError);
      await lock.release();
      const next = await place.reopen().lock!();
      await lock.release(); // a second time, and now it is another's
      await expect(storage.lock!()).rejects.toThrow(StorageLockedError);
      await next.release();
      await (await storage.lock!()).release();
    });

    it('gives the lock to one of many that ask at once', async () => {
      const results = await Promise.allSettled(Array.from({ length: 10 }, () => place.reopen().lock!()));
      const winners = results.filter((result) => result.status === 'fulfilled');
      expect(winners).toHaveLength(1);
      await winners[0]!.value.release();
    });

    it('does not show its lock among the names, and keeps what is there when it is locked', async () => {
      await storage.write('a', bytes(1));
      const lock = await storage.lock!();
      expect(await storage.list()).toEqual(['a']);
      await storage.write('b', bytes(2));
      await lock.release();
      expect((await storage.list()).sort()).toEqual(['a', 'b']);
      expect(await storage.read('a')).toEqual(bytes(1));
    });

    it('carries checkpoints', async () => {
      const options = { retained: 2, types: {}, onDamaged: () => undefined };
      const store = new CheckpointStore(storage, options);
      await store.load();
      for (let id = 1; id <= 4; id++) {
        const entries = new Map([['sum', { state: new Map([[id, 2n]]) }]]);
        await store.prepare({ id, timestamp: id, meta: null, entries }).write();
      }
      await store.idle();
      expect(await storage.list()).toHaveLength(2);
      const loaded = await new CheckpointStore(place.reopen(), options).load();
      expect(loaded?.entries.get('sum')?.decode()).toEqual({ state: new Map([[4, 2n]]) });
    });
  });
}
