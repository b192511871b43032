import { describe, expect, test } from '@jest/globals';

import type { CheckpointStorage } from '../../src/index.js';
import { ClaimLostError, memoryStorage } from '../../src/index.js';
import { ClaimedStorage } from '../../src/storage/ClaimedStorage.js';

/** A storage whose claim can only be asked for; the answers are told one after the other. */
async function claimed(answers: readonly boolean[]): Promise<{ storage: ClaimedStorage; base: CheckpointStorage }> {
  const base = memoryStorage();
  await base.write('old', new Uint8Array([1]));
  const left = [...answers];
  const confirm = (): Promise<void> =>
    left.shift() === true
      ? Promise.resolve()
      : Promise.reject(new ClaimLostError({ storage: base.description, owner: undefined }));
  const lock = (): Promise<{ confirm: typeof confirm; release: () => Promise<void> }> =>
    Promise.resolve({ confirm, release: () => Promise.resolve() });
  const { description } = base;
  const read = (name: string): Promise<Uint8Array | undefined> => base.read(name);
  const asked: CheckpointStorage = {
    description,
    read,
    list: () => base.list(),
    write: (name, bytes) => base.write(name, bytes),
    remove: (name) => base.remove(name),
    lock,
  };
  return { storage: await ClaimedStorage.claim(asked, false), base };
}

describe('a storage whose claim can only be asked for', () => {
  test('is not written to, nor anything removed, once the claim is lost', async () => {
    const ways: ((storage: ClaimedStorage) => Promise<void>)[] = [
      (storage) => storage.write('new', new Uint8Array([2])),
      (storage) => storage.remove('old'),
    ];
    for (const way of ways) {
      const { storage, base } = await claimed([false]);
      await expect(way(storage)).rejects.toBeInstanceOf(ClaimLostError);
      expect(await base.list()).toEqual(['old']);
      expect(storage.loss).toBeInstanceOf(ClaimLostError);
    }
  });

  test('has not done what was under way when the claim was lost, as far as its owner is told', async () => {
    const { storage, base } = await claimed([true, false]);
    await expect(storage.write('new', new Uint8Array([2]))).rejects.toBeInstanceOf(ClaimLostError);
    expect((await base.list()).sort()).toEqual(['new', 'old']);
    await expect(storage.write('newer', new Uint8Array([3]))).rejects.toBeInstanceOf(ClaimLostError);
    expect((await base.list()).sort()).toEqual(['new', 'old']);
  });
});
