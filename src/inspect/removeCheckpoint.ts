import { checkpointIdOf } from '../checkpoint/store/checkpointName.js';
import { notFound } from '../checkpoint/store/storedSavepoints.js';
import { RefusedEditError } from '../errors/RefusedEditError.js';
import { attempt } from '../storage/attempt.js';
import type { CheckpointStorage } from '../storage/CheckpointStorage.js';
import { usersOf } from './findOrphans.js';
import type { CheckpointReference } from './packNames.js';
import { nameFor, shortName } from './packNames.js';
import type { StoredPack } from './StoredPacks.js';
import { StoredPacks } from './StoredPacks.js';
import { withLock } from './withLock.js';

export interface Removed {
  /** In the storage. */
  readonly name: string;
  readonly sizeBytes: number;
}

/**
 * Removes a savepoint or a checkpoint, damaged ones too. Under the storage's lock. A checkpoint that others refer to stays;
 * so does the newest one unless `force` is set: a restart would begin with an older one, or, after the last, from nothing.
 *
 * @throws RefusedEditError, RestorePointNotFoundError, StorageLockedError, StorageError
 */
export async function removeCheckpoint(
  storage: CheckpointStorage,
  reference: CheckpointReference,
  options: { readonly force?: boolean } = {},
): Promise<Removed> {
  return withLock(storage, async (claimed) => {
    const packs = await new StoredPacks(claimed).list();
    const name = reference === 'latest' ? newestOf(packs)?.name : nameFor(reference);
    const pack = packs.find((candidate) => candidate.name === name);
    if (pack === undefined) throw await notFound(storage, reference);
    refuse(pack, packs, options.force ?? false);
    const what = { storage: storage.description, operation: 'remove', target: pack.name } as const;
    await attempt(what, () => claimed.remove(pack.name));
    return { name: pack.name, sizeBytes: pack.sizeBytes };
  });
}

function refuse(pack: StoredPack, packs: readonly StoredPack[], isForced: boolean): void {
  const users = usersOf(pack.name, packs).map(shortName);
  const what = `Checkpoint ${shortName(pack.name)}`;
  if (users.length > 0)
    throw new RefusedEditError(
      `${what} holds snapshots that ${users.join(', ')} ${users.length === 1 ? 'refers' : 'refer'} to, which would be lost. Remove those first, or leave it to the job, which removes what nobody needs.`,
    );
  if (newestOf(packs) !== pack || isForced) return;
  const next = packs.find((other) => other !== pack && other.status === 'intact' && isCheckpoint(other));
  throw new RefusedEditError(
    `${what} is the newest one: without it a restart would begin ${next === undefined ? 'from nothing' : `with checkpoint ${shortName(next.name)}`}, ` +
      'and its id would be given again. Export it first, and then force the removal, if that is meant.',
  );
}

function newestOf(packs: readonly StoredPack[]): StoredPack | undefined {
  return packs.find((pack) => pack.status === 'intact' && isCheckpoint(pack));
}

function isCheckpoint({ name }: StoredPack): boolean {
  return checkpointIdOf(name) !== undefined;
}
