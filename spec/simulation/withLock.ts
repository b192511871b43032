import type { CheckpointStorage } from '../../src/storage/CheckpointStorage.js';

/** The same storage, locked in another way. */
export function withLock(storage: CheckpointStorage, lock: NonNullable<CheckpointStorage['lock']>): CheckpointStorage {
  return {
    description: storage.description,
    read: (name) => storage.read(name),
    write: (name, bytes) => storage.write(name, bytes),
    remove: (name) => storage.remove(name),
    list: () => storage.list(),
    lock,
  };
}
