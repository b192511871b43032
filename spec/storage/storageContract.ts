import { describe, it } from '@jest/globals';

import { registerContract } from '../../src/testing/contracts/ContractCase.js';
import type { StorageUnderTest } from '../../src/testing/contracts/storageContract.js';
import { storageContract as casesOf } from '../../src/testing/contracts/storageContract.js';

/** What every `CheckpointStorage` promises. */
export function storageContract(name: string, create: () => Promise<StorageUnderTest>): void {
  registerContract({ describe, it }, `${name} keeps the contract of CheckpointStorage:`, casesOf(create));
}
