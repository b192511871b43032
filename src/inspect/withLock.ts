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
  let result: R;
  try {
    result = await work(claimed);
  } catch (error) {
    await claimed.release().catch(() => undefined); // which would hide what went wrong first
    throw error;
  }
  await claimed.release();
  return result;
}
