/**
 * Savepoints in a storage, beside the checkpoints of a job. They are the user's: nothing here or in the retention of
 * checkpoints ever removes or overwrites one unasked.
 */
import { RestorePointNotFoundError } from '../../errors/RestorePointNotFoundError.js';
import { SavepointExistsError } from '../../errors/SavepointExistsError.js';
import { attempt } from '../../storage/attempt.js';
import { ClaimedStorage } from '../../storage/ClaimedStorage.js';
import type { CheckpointStorage } from '../../storage/CheckpointStorage.js';
import { checkpointIdOf } from './checkpointName.js';
import { decompressPack } from './compressedPack.js';
import type { CodecTypes } from './CodecType.js';
import { savepointName, savepointNameOf } from './savepointName.js';
import type { LoadedSavepoint } from './savepointPack.js';
import { parseSavepoint } from './savepointPack.js';

/** The names of the savepoints in the storage, sorted. */
export async function listSavepoints(storage: CheckpointStorage): Promise<string[]> {
  return savepointsAmong(await listNames(storage));
}

function savepointsAmong(names: readonly string[]): string[] {
  return names.flatMap((name) => savepointNameOf(name) ?? []).sort();
}

function listNames(storage: CheckpointStorage): Promise<string[]> {
  return attempt({ storage: storage.description, operation: 'list' }, () => storage.list());
}

/**
 * Reads a savepoint and checks all of it.
 *
 * @throws InvalidSavepointNameError, RestorePointNotFoundError, DamagedSavepointError, NewerFormatError, StorageError
 */
export async function readSavepoint(
  storage: CheckpointStorage,
  name: string,
  types: CodecTypes,
): Promise<LoadedSavepoint> {
  return parseSavepoint(await readSavepointBytes(storage, name), types, describeSavepoint(storage, name));
}

/**
 * The pack, decompressed.
 *
 * @throws InvalidSavepointNameError, RestorePointNotFoundError, CompressionUnavailableError, StorageError
 */
export async function readSavepointBytes(storage: CheckpointStorage, name: string): Promise<Uint8Array> {
  const target = savepointName(name);
  const what = { storage: storage.description, operation: 'read', target } as const;
  const bytes = await attempt(what, () => storage.read(target));
  if (bytes !== undefined) return decompressPack(bytes);
  throw await notFound(storage, name);
}

/** Says what there is instead. */
export async function notFound(storage: CheckpointStorage, from: string | number): Promise<RestorePointNotFoundError> {
  const names = await listNames(storage);
  const checkpoints = names.flatMap((name) => checkpointIdOf(name) ?? []).sort((a, b) => b - a);
  return new RestorePointNotFoundError({
    from,
    storage: storage.description,
    savepoints: savepointsAmong(names),
    checkpoints,
  });
}

/**
 * Stores a savepoint under a name that is free.
 *
 * @param bytes - of `buildSavepoint`, or that `parseSavepoint` found intact.
 * @throws InvalidSavepointNameError, SavepointExistsError, StorageError
 */
export async function writeSavepoint(storage: CheckpointStorage, name: string, bytes: Uint8Array): Promise<void> {
  const release = await claimName(storage, name);
  try {
    await writeClaimed(storage, name, bytes);
  } finally {
    release();
  }
}

/** The same under a name that was claimed. */
export async function writeClaimed(storage: CheckpointStorage, name: string, bytes: Uint8Array): Promise<void> {
  const target = savepointName(name);
  const what = { storage: storage.description, operation: 'write', target } as const;
  await attempt(what, () => storage.write(target, bytes));
}

/**
 * Keeps a name for a savepoint that is still to be taken.
 *
 * @returns what gives the name free again.
 * @throws InvalidSavepointNameError, SavepointExistsError, StorageError
 */
export async function claimName(storage: CheckpointStorage, name: string): Promise<() => void> {
  const target = savepointName(name);
  const release = reserve(storage, name);
  try {
    if ((await listNames(storage)).includes(target))
      throw new SavepointExistsError({ savepoint: name, storage: storage.description });
    return release;
  } catch (error) {
    release();
    throw error;
  }
}

/** Removing one that is not there is no error. */
export async function removeSavepoint(storage: CheckpointStorage, name: string): Promise<void> {
  const target = savepointName(name);
  await attempt({ storage: storage.description, operation: 'remove', target }, () => storage.remove(target));
}

export function describeSavepoint(storage: CheckpointStorage, name: string): string {
  return `Savepoint '${name}' in the storage (${storage.description})`;
}

/** The names that are claimed, by storage: of two that begin at once, one has to fail. */
const reserved = new WeakMap<CheckpointStorage, Set<string>>();

function reserve(storage: CheckpointStorage, name: string): () => void {
  const key = storage instanceof ClaimedStorage ? storage.base : storage;
  let names = reserved.get(key);
  if (names === undefined) reserved.set(key, (names = new Set()));
  if (names.has(name))
    throw new SavepointExistsError({ savepoint: name, storage: storage.description, isUnderWay: true });
  names.add(name);
  return () => names.delete(name);
}
