import type { CheckpointStorage } from '../storage/CheckpointStorage.js';
import { openCheckpoint } from './openCheckpoint.js';
import type { CheckpointReference } from './packNames.js';
import { contentOf, savepointBytes } from './writeSavepoint.js';

/**
 * A checkpoint or savepoint in one piece, for `importCheckpoint` into another storage. Every byte was checked. Entries of
 * journals are not in it: a restore elsewhere goes on with what its journaled sources emit from then on.
 *
 * @throws CheckpointNotFoundError, UnreadableCheckpointError, CheckpointTooLargeError, StorageError
 */
export async function exportCheckpoint(
  storage: CheckpointStorage,
  reference: CheckpointReference,
): Promise<Uint8Array> {
  return savepointBytes(await contentOf(await openCheckpoint(storage, reference)));
}
