import type { Savepoint } from '../checkpoint/Savepoint.js';
import type { SavepointBytes } from '../checkpoint/savepoints.js';
import { preparedImport } from '../checkpoint/savepoints.js';
import type { CheckpointStorage } from '../storage/CheckpointStorage.js';
import { withLock } from './withLock.js';

/**
 * `importSavepoint`, under the storage's lock: adds what `exportCheckpoint` gave as a savepoint, after it was checked.
 *
 * @throws what `importSavepoint` does, StorageLockedError
 */
export async function importCheckpoint(
  storage: CheckpointStorage,
  bytes: SavepointBytes,
  options: { readonly name: string },
): Promise<Savepoint> {
  // A storage that is made by being locked is not left behind for something that is none.
  const write = await preparedImport(bytes, options);
  return withLock(storage, write);
}
