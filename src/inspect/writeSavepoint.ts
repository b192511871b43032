import { buildPack } from '../checkpoint/store/buildPack.js';
import type { Manifest } from '../checkpoint/store/Manifest.js';
import { verifyPack } from '../checkpoint/store/verifyPack.js';
import { RefusedEditError } from '../errors/RefusedEditError.js';
import { attempt } from '../storage/attempt.js';
import type { CheckpointStorage } from '../storage/CheckpointStorage.js';
import type { OpenCheckpoint } from './openCheckpoint.js';
import { savepointName, shortName } from './packNames.js';
import { StoredPacks } from './StoredPacks.js';
import { withLock } from './withLock.js';

/** A savepoint that was written. */
export interface WrittenSavepoint {
  /** In the storage. */
  readonly name: string;
  /** By which other functions find it, and `recover()`'s `from`. */
  readonly reference: string;
  readonly sizeBytes: number;
}

/** What a self-contained pack is made of. */
export interface SavepointContent extends Omit<Manifest, 'entries'> {
  /** Encoded snapshots, by the names of their operators. */
  readonly entries: ReadonlyMap<string, Uint8Array>;
}

/** A pack that refers to no other one, read back and checked. @throws CheckpointTooLargeError */
export function savepointBytes(content: SavepointContent): Uint8Array {
  const pack = buildPack(content);
  verifyPack(pack);
  return pack.bytes;
}

/** All of a checkpoint. @throws UnreadableCheckpointError */
export async function contentOf(checkpoint: OpenCheckpoint): Promise<SavepointContent> {
  const { id, timestamp, meta } = checkpoint.manifest;
  const chunks = new Map<string, Uint8Array>();
  for (const name of checkpoint.namesByPack()) chunks.set(name, await checkpoint.chunk(name));
  // In the order of the checkpoint, which people see again.
  const entries = new Map(Array.from(checkpoint.manifest.entries.keys(), (name) => [name, chunks.get(name)!]));
  return { id, timestamp, meta, entries };
}

/**
 * Writes a new savepoint, under the storage's lock.
 *
 * @param make - gives its bytes, or null when there is nothing to be written.
 * @throws RefusedEditError when there is one of that name, StorageLockedError, StorageError
 */
export async function writeSavepoint<B extends Uint8Array | null>(
  storage: CheckpointStorage,
  name: string,
  make: () => Promise<B>,
): Promise<WrittenSavepoint | (B & null)> {
  const target = savepointName(name);
  return withLock(storage, async () => {
    if ((await new StoredPacks(storage).read(target)) !== undefined)
      throw new RefusedEditError(
        `There is a savepoint '${shortName(target)}' in the storage (${storage.description}) already. Choose another name, or remove that one first.`,
      );
    const bytes = await make();
    if (bytes === null) return bytes as B & null;
    const what = { storage: storage.description, operation: 'write', target } as const;
    await attempt(what, () => storage.write(target, bytes));
    return { name: target, reference: shortName(target), sizeBytes: bytes.length };
  });
}
