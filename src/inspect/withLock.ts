import type { CheckpointStorage } from '../storage/CheckpointStorage.js';

/**
 * Runs what changes a storage while nobody else does.
 *
 * @throws StorageLockedError when a job has it
 */
export async function withLock<R>(storage: CheckpointStorage, work: () => Promise<R>): Promise<R> {
  const lock = await storage.lock?.();
  try {
    return await work();
  } finally {
    await lock?.release();
  }
}
