import type { CheckpointStorage } from '../../src/index.js';

/** As a process has the storage after so many others that may still write. */
export function asked(disk: CheckpointStorage, contested: number): CheckpointStorage {
  return {
    description: 'a disk whose claim can be asked for only',
    read: (name) => disk.read(name),
    write: (name, bytes) => disk.write(name, bytes),
    remove: (name) => disk.remove(name),
    list: () => disk.list(),
    lock: () => Promise.resolve({ contested, confirm: () => Promise.resolve(), release: () => Promise.resolve() }),
  };
}
