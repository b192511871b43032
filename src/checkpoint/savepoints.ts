/** Savepoints outside of a job: these need no lock, and work beside a running one. */
import { DamagedSavepointError } from '../errors/DamagedSavepointError.js';
import type { CheckpointStorage } from '../storage/CheckpointStorage.js';
import { codecTypes } from './codecTypes.js';
import type { Savepoint } from './Savepoint.js';
import { savepointFrom } from './Savepoint.js';
import { decompressPack } from './store/compressedPack.js';
import { decodeEntries } from './store/journalSegment.js';
import { savepointName } from './store/savepointName.js';
import type { LoadedSavepoint } from './store/savepointPack.js';
import { parseSavepoint } from './store/savepointPack.js';
import {
  describeSavepoint,
  listSavepoints as listNames,
  readSavepointBytes,
  removeSavepoint as remove,
  writeSavepoint,
} from './store/storedSavepoints.js';

/** The bytes of an exported savepoint, as a file, a network or a browser gives them. */
export type SavepointBytes = Uint8Array | ArrayBuffer | Blob;

/**
 * The bytes of a savepoint, to be kept as a file or sent somewhere. They are checked first.
 *
 * @example
 * await writeFile('before-deploy.savepoint', await exportSavepoint(storage, 'before-deploy'));
 * @throws InvalidSavepointNameError, RestorePointNotFoundError, DamagedSavepointError, NewerFormatError, StorageError
 */
export async function exportSavepoint(storage: CheckpointStorage, name: string): Promise<Uint8Array<ArrayBuffer>> {
  const bytes = await readSavepointBytes(storage, name);
  checkedSavepoint(bytes, describeSavepoint(storage, name));
  // A copy of its own: what a storage gives may be a view of something bigger.
  return new Uint8Array(bytes);
}

/**
 * Puts an exported savepoint into a storage, whatever storage it was taken in. It is checked before: every byte, and
 * that this version can read all of it.
 *
 * @example
 * await importSavepoint(localForageStorage({ name: 'app' }), file, { name: 'from-server' });
 * @throws InvalidSavepointNameError, SavepointExistsError, DamagedSavepointError, UnreadableSnapshotError, NewerFormatError, StorageError
 */
export async function importSavepoint(
  storage: CheckpointStorage,
  bytes: SavepointBytes,
  options: { readonly name: string },
): Promise<Savepoint> {
  const write = await preparedImport(bytes, options);
  return write(storage);
}

/** Checks what is to be imported, before anything is done to a storage. @returns what writes it. */
export async function preparedImport(
  bytes: SavepointBytes,
  options: { readonly name: string },
): Promise<(storage: CheckpointStorage) => Promise<Savepoint>> {
  const { name = '' }: { name?: string } = { ...options }; // JavaScript may have none
  savepointName(name);
  const own = await bytesOf(bytes);
  const loaded = checkedSavepoint(own, 'The savepoint to be imported');
  return async (storage) => {
    await writeSavepoint(storage, name, own);
    return savepointFrom(name, loaded, own.length);
  };
}

/** The names of the savepoints in a storage, sorted. */
export function listSavepoints(storage: CheckpointStorage): Promise<string[]> {
  return listNames(storage);
}

/** Removes a savepoint. That there is none of that name is no error. */
export function removeSavepoint(storage: CheckpointStorage, name: string): Promise<void> {
  return remove(storage, name);
}

/** A copy, so that nobody changes them while they are being stored, and decompressed. */
export async function bytesOf(bytes: SavepointBytes): Promise<Uint8Array> {
  return decompressPack(await copyOf(bytes));
}

async function copyOf(bytes: SavepointBytes): Promise<Uint8Array> {
  if (bytes instanceof Uint8Array) return new Uint8Array(bytes);
  // By structure: an ArrayBuffer may come from another realm, an iframe for example.
  if (typeof (bytes as Partial<Blob> | null)?.arrayBuffer === 'function')
    return new Uint8Array(await (bytes as Blob).arrayBuffer());
  if (ArrayBuffer.isView(bytes)) {
    const { buffer, byteOffset, byteLength } = bytes as ArrayBufferView;
    return new Uint8Array(buffer, byteOffset, byteLength).slice();
  }
  if (Object.prototype.toString.call(bytes) === '[object ArrayBuffer]')
    return new Uint8Array(bytes as ArrayBuffer).slice();
  throw new TypeError('The bytes of a savepoint are to be a Uint8Array, an ArrayBuffer or a Blob.');
}

/** @throws DamagedSavepointError, UnreadableSnapshotError, NewerFormatError */
export function checkedSavepoint(bytes: Uint8Array, source: string): LoadedSavepoint {
  const loaded = parseSavepoint(bytes, codecTypes, source);
  const { pipelines, serial } = (loaded.meta ?? {}) as Record<string, unknown>;
  if (typeof pipelines !== 'object' || pipelines === null || typeof serial !== 'number')
    throw new DamagedSavepointError({ source, problem: 'says nothing of pipelines, so no job has written it' });
  for (const entry of loaded.entries.values()) entry.decode();
  for (const entries of loaded.journals.values()) decodeEntries(entries, codecTypes);
  return loaded;
}
