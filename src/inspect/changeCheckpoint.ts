import { codecTypes } from '../checkpoint/codecTypes.js';
import { checkedSavepoint } from '../checkpoint/savepoints.js';
import type { Savepoint } from '../checkpoint/Savepoint.js';
import { savepointFrom } from '../checkpoint/Savepoint.js';
import type { SavepointContent } from '../checkpoint/store/savepointPack.js';
import { buildSavepoint } from '../checkpoint/store/savepointPack.js';
import { savepointName } from '../checkpoint/store/savepointName.js';
import { claimName, writeClaimed } from '../checkpoint/store/storedSavepoints.js';
import type { CheckpointStorage } from '../storage/CheckpointStorage.js';
import { exportCheckpoint } from './exportCheckpoint.js';
import type { CheckpointReference } from './packNames.js';
import { withLock } from './withLock.js';

/** A checkpoint's content, to make another one of. */
export interface ChangeableContent extends SavepointContent {
  /** Encoded snapshots, by the names of their operators. */
  readonly entries: ReadonlyMap<string, Uint8Array>;
  readonly journals: ReadonlyMap<string, Uint8Array>;
}

/**
 * Makes a new savepoint of a checkpoint or savepoint, which stays as it is. Under the storage's lock.
 *
 * @param change - gives what the new one is to hold.
 * @throws what `exportCheckpoint` does, SavepointExistsError, InvalidSavepointNameError, StorageLockedError
 */
export async function changeCheckpoint(
  storage: CheckpointStorage,
  reference: CheckpointReference,
  savepoint: string,
  change: (content: ChangeableContent) => SavepointContent,
): Promise<Savepoint> {
  savepointName(savepoint); // before anything is waited for
  return withLock(storage, async (claimed) => {
    const release = await claimName(claimed, savepoint);
    try {
      return await makeSavepoint(claimed, reference, savepoint, change);
    } finally {
      release();
    }
  });
}

async function makeSavepoint(
  storage: CheckpointStorage,
  reference: CheckpointReference,
  savepoint: string,
  change: (content: ChangeableContent) => SavepointContent,
): Promise<Savepoint> {
  const source = `What was to become savepoint '${savepoint}'`;
  const { id, timestamp, meta, journals, entries } = checkedSavepoint(
    await exportCheckpoint(storage, reference),
    source,
  );
  const encoded = new Map(Array.from(entries, ([name, entry]) => [name, entry.bytes]));
  const bytes = buildSavepoint(change({ id, timestamp, meta, journals, entries: encoded }), codecTypes);
  const loaded = checkedSavepoint(bytes, source);
  await writeClaimed(storage, savepoint, bytes);
  return savepointFrom(savepoint, loaded, bytes.length);
}
