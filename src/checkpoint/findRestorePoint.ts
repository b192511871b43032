import { RestorePointNotFoundError } from '../errors/RestorePointNotFoundError.js';
import type { CheckpointStorage } from '../storage/CheckpointStorage.js';
import { journalFacts } from './CheckpointMeta.js';
import { codecTypes } from './codecTypes.js';
import type { Snapshot } from './protocol/Snapshot.js';
import type { JobStart, RestoreFrom } from './RestorePoint.js';
import { describeFrom, goOnWith, keyPrefix } from './RestorePoint.js';
import type { SavepointBytes } from './savepoints.js';
import { bytesOf, checkedSavepoint } from './savepoints.js';
import type { CarriedEntries } from './store/Journals.js';
import { decodeEntries } from './store/journalSegment.js';
import type { LoadedCheckpoint } from './store/LoadedCheckpoint.js';
import { savepointOf } from './store/savepointOf.js';
import type { LoadedSavepoint } from './store/savepointPack.js';
import { describeSavepoint, notFound, readSavepointBytes } from './store/storedSavepoints.js';

/**
 * Finds what a job begins with that was told to begin with `from`. A restart of a job that began with `from` goes on with
 * its newest checkpoint: `from` stays in the program, and a crash must not undo what was done since.
 *
 * @throws RestorePointNotFoundError, DamagedSavepointError, DamagedJournalError, UnreadableSnapshotError, NewerFormatError, StorageError
 */
export async function findRestorePoint(
  storage: CheckpointStorage,
  newest: LoadedCheckpoint | undefined,
  from: RestoreFrom,
): Promise<JobStart> {
  const goOn = goOnWith(newest);
  const began = goOn.origin?.from;
  if (typeof from === 'number') {
    const key = `checkpoint ${from}`;
    return began === key ? goOn : beginWith(await readCheckpoint(storage, from), key, key);
  }
  const savepoint = await readSavepoint(storage, from, began);
  if (savepoint === null) return goOn;
  const key = `${keyPrefix(from)}${savepoint.digest}`;
  return began === key ? goOn : beginWith(savepoint, key, `${describeFrom(from)} (checkpoint ${savepoint.id})`);
}

function beginWith(checkpoint: LoadedSavepoint, from: string, description: string): JobStart {
  const origin = { from, generation: 0 };
  const returnsTo = from.startsWith('checkpoint ') ? 'checkpoint' : 'savepoint';
  return { checkpoint, origin, returnsTo, description, carried: carriedBy(checkpoint) };
}

function carriedBy({ journals, entries, meta }: LoadedSavepoint): Map<string, CarriedEntries> {
  const all = Object.keys((meta as { pipelines: object }).pipelines);
  return new Map(
    Array.from(journals, ([source, encoded]) => {
      const snapshot = entries.get(source)?.decode() as Snapshot | undefined;
      return [source, { entries: decodeEntries(encoded, codecTypes), pipelines: snapshot?.pipelines ?? all }];
    }),
  );
}

/** @returns null when the savepoint is gone, and the job has begun with it and gone on. */
async function readSavepoint(
  storage: CheckpointStorage,
  from: string | SavepointBytes,
  began: string | undefined,
): Promise<LoadedSavepoint | null> {
  if (typeof from !== 'string') return checkedSavepoint(await bytesOf(from), 'The savepoint to begin with');
  try {
    return checkedSavepoint(await readSavepointBytes(storage, from), describeSavepoint(storage, from));
  } catch (error) {
    if (error instanceof RestorePointNotFoundError && began?.startsWith(keyPrefix(from)) === true) return null;
    throw error;
  }
}

/** With what was journaled since: going back to it, all of that is emitted again. */
async function readCheckpoint(storage: CheckpointStorage, id: number): Promise<LoadedSavepoint> {
  if (!Number.isSafeInteger(id) || id < 0 || id >= 1e12) throw await notFound(storage, id);
  const source = `Checkpoint ${id} in the storage (${storage.description})`;
  return checkedSavepoint(await savepointOf(storage, id, codecTypes, journalFacts), source);
}
