import { expect, it } from '@jest/globals';

import { memoryStorage } from '../../src/storage/memoryStorage.js';
import { storageContract } from './storageContract.js';

storageContract('memoryStorage', async () => {
  const storage = memoryStorage();
  return { reopen: () => storage };
});

it('a memoryStorage knows nothing of another', async () => {
  const [one, other] = [memoryStorage(), memoryStorage()];
  await one.write('a', Uint8Array.of(1));
  await one.lock!();
  expect(await other.list()).toEqual([]);
  await expect(other.lock!()).resolves.toBeDefined();
});
