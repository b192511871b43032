import { readChunk } from '../checkpoint/store/openPack.js';
import { UnreadableCheckpointError } from '../errors/UnreadableCheckpointError.js';
import type { CheckpointStorage } from '../storage/CheckpointStorage.js';
import { decodeSnapshot } from './readSnapshot.js';
import { openStoredPack } from './StoredPacks.js';
import type { WrittenSavepoint } from './writeSavepoint.js';
import { writeSavepoint } from './writeSavepoint.js';

/**
 * Adds what `exportCheckpoint` gave as a savepoint, after it was checked. Takes the storage's lock.
 *
 * @param name - of the savepoint: a-z, 0-9, - and . only.
 * @param source - how messages call it, e.g. the path of the file. Default: `the export`.
 * @throws UnreadableCheckpointError, UnreadableSnapshotError, RefusedEditError when there is one of that name,
 *   StorageLockedError, StorageError
 */
export async function importCheckpoint(
  storage: CheckpointStorage,
  name: string,
  bytes: Uint8Array,
  source: string = 'the export',
): Promise<WrittenSavepoint> {
  checkExport(source, bytes);
  return writeSavepoint(storage, name, () => Promise.resolve(bytes));
}

function checkExport(source: string, bytes: Uint8Array): void {
  const { manifest, problem } = openStoredPack(source, bytes);
  if (manifest === null) throw new UnreadableCheckpointError({ checkpoint: source, problem: problem! });
  for (const [operator, reference] of manifest.entries) {
    const chunk = readChunk(bytes, reference);
    if (typeof chunk === 'string')
      throw new UnreadableCheckpointError({
        checkpoint: source,
        problem: `has a snapshot of '${operator}' that ${chunk}`,
      });
    decodeSnapshot(operator, chunk);
  }
}
