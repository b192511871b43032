import { describe, expect, it } from '@jest/globals';

import { InvalidNameError } from '../../src/errors/InvalidNameError.js';
import { registerContract } from '../../src/testing/contracts/ContractCase.js';
import type { StorageUnderTest } from '../../src/testing/contracts/storageContract.js';
import { storageContract as casesOf } from '../../src/testing/contracts/storageContract.js';

const refusedNames = ['', '.', '..', '.a', 'A', 'a/b', '../a', 'a\\b', 'a b', 'ä', 'a\0', 'x'.repeat(65), 'a\n'];

/** What every `CheckpointStorage` promises, and that ours refuse names that not all of them could keep. */
export function storageContract(name: string, create: () => Promise<StorageUnderTest>): void {
  registerContract({ describe, it }, `${name} keeps the contract of CheckpointStorage:`, casesOf(create));
  it.each(refusedNames)(`${name} refuses the name %j`, async (refused) => {
    const place = await create();
    const storage = place.reopen();
    await expect(storage.write(refused, Uint8Array.of(1))).rejects.toThrow(InvalidNameError);
    await expect(storage.read(refused)).rejects.toThrow(InvalidNameError);
    await expect(storage.remove(refused)).rejects.toThrow(InvalidNameError);
    expect(await storage.list()).toEqual([]);
    await place.dispose?.();
  });
}
