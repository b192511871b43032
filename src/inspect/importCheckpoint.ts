import type { Savepoint } from '../checkpoint/Savepoint.js';
import type { SavepointBytes } from '../checkpoint/savepoints.js';
import { importSavepoint } from '../checkpoint/savepoints.js';
import type { CheckpointStorage } from '../storage/CheckpointStorage.js';
import { withLock } from './withLock.js';

/**
 * `importSavepoint`, under the storage's lock: adds what `exportCheckpoint` gave as a savepoint, after it was checked.
 *
 * @throws what `importSavepoint` does, StorageLockedError
 */
export function importCheckpoint(
  storage: CheckpointStorage,
  bytes: SavepointBytes,
  options: { readonly name: string },
): Promise<Savepoint> {
  return withLock(storage, (claimed) => importSavepoint(claimed, bytes, options));
}
