import { attempt } from '../storage/attempt.js';
import type { CheckpointStorage } from '../storage/CheckpointStorage.js';
import type { Orphan } from './findOrphans.js';
import { verifyStorage } from './verifyStorage.js';
import { withLock } from './withLock.js';

export interface CollectGarbageOptions {
  /**
   * How many of the newest intact checkpoints to keep, as `CheckpointSubject` does: older ones that they do not refer to
   * are garbage. Default: all intact ones are kept.
   */
  readonly retained?: number;
  /** Tells what would be removed, and removes nothing; needs no lock. Default: false. */
  readonly dryRun?: boolean;
}

export interface Garbage {
  readonly removed: readonly Orphan[];
  readonly sizeBytes: number;
}

/**
 * Removes what nobody needs: what a process had begun to remove when it died, segments of journals that all checkpoints
 * have behind them, and with `retained` older checkpoints. Everything is verified before; savepoints, damaged checkpoints
 * and foreign names are never touched. Under the storage's lock.
 *
 * @throws StorageLockedError, StorageError
 */
export async function collectGarbage(
  storage: CheckpointStorage,
  options: CollectGarbageOptions = {},
): Promise<Garbage> {
  const { dryRun = false, retained } = options;
  const find = async (): Promise<readonly Orphan[]> => {
    return (await verifyStorage(storage, retained === undefined ? {} : { retained })).orphans;
  };
  if (dryRun) return garbage(await find());
  return withLock(storage, async (claimed) => {
    const removed: Orphan[] = [];
    // Segments that were written in vain go before those that tell so.
    for (let found = await find(); found.length > 0; found = await find()) {
      for (const { name } of found) {
        const what = { storage: storage.description, operation: 'remove', target: name } as const;
        await attempt(what, () => claimed.remove(name));
      }
      removed.push(...found);
    }
    return garbage(removed);
  });
}

function garbage(removed: readonly Orphan[]): Garbage {
  return { removed, sizeBytes: removed.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0) };
}
