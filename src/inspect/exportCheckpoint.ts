import { journalFacts } from '../checkpoint/CheckpointMeta.js';
import { codecTypes } from '../checkpoint/codecTypes.js';
import { exportSavepoint } from '../checkpoint/savepoints.js';
import { savepointNameOf } from '../checkpoint/store/savepointName.js';
import { savepointOf } from '../checkpoint/store/savepointOf.js';
import type { CheckpointStorage } from '../storage/CheckpointStorage.js';
import { withCheckpoint } from './openCheckpoint.js';
import type { CheckpointReference } from './packNames.js';

/**
 * A checkpoint or savepoint in one piece: the bytes of a savepoint, for `importSavepoint` into another storage. Every byte
 * was checked. Takes no lock; of a running job better take `'latest'`, since older checkpoints are removed meanwhile.
 *
 * @throws RestorePointNotFoundError, UnreadableCheckpointError, DamagedSavepointError,
 *   DamagedJournalError, NewerFormatError, CheckpointTooLargeError, StorageError
 */
export function exportCheckpoint(storage: CheckpointStorage, reference: CheckpointReference): Promise<Uint8Array> {
  return withCheckpoint(storage, reference, ({ name, manifest }) => {
    const savepoint = savepointNameOf(name);
    if (savepoint !== undefined) return exportSavepoint(storage, savepoint);
    return savepointOf(storage, manifest.id, codecTypes, journalFacts);
  });
}
