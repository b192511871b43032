import type { CheckpointStorage } from '../storage/CheckpointStorage.js';
import { ClaimedStorage } from '../storage/ClaimedStorage.js';

/**
 * Runs what changes a storage while nobody else does.
 *
 * @param work - gets the storage as the owner of its lock has it.
 * @throws StorageLockedError when a job has it, ClaimLostError when somebody has taken it meanwhile
 */
export async function withLock<R>(
  storage: CheckpointStorage,
  work: (claimed: CheckpointStorage) => Promise<R>,
): Promise<R> {
  const claimed = await ClaimedStorage.claim(storage, false);
  try {
    return await work(claimed);
  } finally {
    await claimed.release();
  }
}
