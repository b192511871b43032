import { journalFacts } from '../checkpoint/CheckpointMeta.js';
import { codecTypes } from '../checkpoint/codecTypes.js';
import { exportSavepoint } from '../checkpoint/savepoints.js';
import { savepointNameOf } from '../checkpoint/store/savepointName.js';
import { savepointOf } from '../checkpoint/store/savepointOf.js';
import type { CheckpointStorage } from '../storage/CheckpointStorage.js';
import { openCheckpoint } from './openCheckpoint.js';
import type { CheckpointReference } from './packNames.js';

const ATTEMPTS = 5;

/**
 * A checkpoint or savepoint in one piece: the bytes of a savepoint, for `importSavepoint` into another storage. Every byte
 * was checked. Takes no lock; of a running job better take `'latest'`, since older checkpoints are removed meanwhile.
 *
 * @throws RestorePointNotFoundError, UnreadableCheckpointError, DamagedCheckpointError, DamagedSavepointError,
 *   DamagedJournalError, NewerFormatError, CheckpointTooLargeError, StorageError
 */
export async function exportCheckpoint(
  storage: CheckpointStorage,
  reference: CheckpointReference,
): Promise<Uint8Array> {
  for (let attempt = 1; ; attempt++) {
    const { name, manifest } = await openCheckpoint(storage, reference);
    const savepoint = savepointNameOf(name);
    try {
      if (savepoint !== undefined) return await exportSavepoint(storage, savepoint);
      return await savepointOf(storage, manifest.id, codecTypes, journalFacts);
    } catch (error) {
      // It may have been removed while it was read: then the newest is another one.
      if (attempt === ATTEMPTS || (await storage.read(name)) !== undefined) throw error;
    }
  }
}
