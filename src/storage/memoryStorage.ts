import { ClaimLostError } from '../errors/ClaimLostError.js';
import { StorageLockedError } from '../errors/StorageLockedError.js';
import { checkName } from './checkName.js';
import type { CheckpointStorage, LockOptions, StorageLock } from './CheckpointStorage.js';

/**
 * Keeps checkpoints in memory: for tests, and for pipelines that restart within one process (`retry`). Nothing
 * outlives the process.
 */
export function memoryStorage(): CheckpointStorage {
  return new MemoryStorage();
}

const OTHER = 'another job of this process';

class MemoryStorage implements CheckpointStorage {
  readonly description = 'memory of this process';
  private readonly blobs = new Map<string, { readonly bytes: Uint8Array; readonly serial: number }>();
  private serial = 0;
  private owner: MemoryClaim | undefined;

  async read(name: string): Promise<Uint8Array | undefined> {
    checkName(name);
    return this.blobs.get(name)?.bytes.slice();
  }

  async write(name: string, bytes: Uint8Array): Promise<void> {
    checkName(name);
    // Not bytes.slice(): a Node Buffer's would share the memory.
    this.blobs.set(name, { bytes: new Uint8Array(bytes), serial: ++this.serial });
  }

  async remove(name: string): Promise<void> {
    checkName(name);
    this.blobs.delete(name);
  }

  async list(): Promise<string[]> {
    return [...this.blobs.keys()];
  }

  async identify(name: string): Promise<string | undefined> {
    checkName(name);
    return this.blobs.get(name)?.serial.toString();
  }

  async lock({ steal = false }: LockOptions = {}): Promise<StorageLock> {
    if (this.owner !== undefined) {
      if (!steal) throw new StorageLockedError({ storage: this.description, owner: OTHER });
      this.owner.lose(OTHER);
    }
    return (this.owner = new MemoryClaim(this));
  }

  isOwner(claim: MemoryClaim): boolean {
    return this.owner === claim;
  }

  letGo(): void {
    this.owner = undefined;
  }
}

/** Nothing happens between asking and doing, since both are in one go. */
class MemoryClaim implements StorageLock {
  private readonly controller = new AbortController();

  constructor(private readonly storage: MemoryStorage) {}

  get lost(): AbortSignal {
    return this.controller.signal;
  }

  async confirm(): Promise<void> {
    this.check();
  }

  async write(name: string, bytes: Uint8Array): Promise<void> {
    this.check();
    return this.storage.write(name, bytes);
  }

  async remove(name: string): Promise<void> {
    this.check();
    return this.storage.remove(name);
  }

  async release(): Promise<void> {
    if (this.storage.isOwner(this)) this.storage.letGo();
  }

  lose(owner: string | undefined): void {
    this.controller.abort(new ClaimLostError({ storage: this.storage.description, owner }));
  }

  private check(): void {
    if (!this.storage.isOwner(this)) this.lose(undefined);
    this.lost.throwIfAborted();
  }
}
