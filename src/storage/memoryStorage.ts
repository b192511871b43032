import { StorageLockedError } from '../errors/StorageLockedError.js';
import { checkName } from './checkName.js';
import type { CheckpointStorage, StorageLock } from './CheckpointStorage.js';

/**
 * Keeps checkpoints in memory: for tests, and for pipelines that restart within one process (`retry`). Nothing
 * outlives the process.
 */
export function memoryStorage(): CheckpointStorage {
  return new MemoryStorage();
}

class MemoryStorage implements CheckpointStorage {
  readonly description = 'memory of this process';
  private readonly blobs = new Map<string, Uint8Array>();
  private owner: StorageLock | undefined;

  async read(name: string): Promise<Uint8Array | undefined> {
    checkName(name);
    return this.blobs.get(name)?.slice();
  }

  async write(name: string, bytes: Uint8Array): Promise<void> {
    checkName(name);
    // Not bytes.slice(): a Node Buffer's would share the memory.
    this.blobs.set(name, new Uint8Array(bytes));
  }

  async remove(name: string): Promise<void> {
    checkName(name);
    this.blobs.delete(name);
  }

  async list(): Promise<string[]> {
    return [...this.blobs.keys()];
  }

  async lock(): Promise<StorageLock> {
    if (this.owner !== undefined) {
      throw new StorageLockedError({ storage: this.description, owner: 'another job of this process' });
    }
    const lock: StorageLock = {
      release: async () => {
        if (this.owner === lock) this.owner = undefined;
      },
    };
    this.owner = lock;
    return lock;
  }
}
