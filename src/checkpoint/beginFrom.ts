import type { ClaimedStorage } from '../storage/ClaimedStorage.js';
import { findRestorePoint } from './findRestorePoint.js';
import type { Beginning, JobStart, RestoreFrom } from './RestorePoint.js';
import type { CheckpointStore } from './store/CheckpointStore.js';
import type { LoadedCheckpoint } from './store/LoadedCheckpoint.js';
import { ReturnPoint } from './store/ReturnPoint.js';
import { savepointName } from './store/savepointName.js';

export interface BeginOptions {
  readonly from: RestoreFrom;
  readonly claim: boolean | undefined;
}

/** Finds what a job begins with that was told what to, and tells the store when that is not the newest checkpoint. */
export async function beginFrom(
  storage: ClaimedStorage,
  store: CheckpointStore,
  newest: LoadedCheckpoint | undefined,
  options: BeginOptions,
): Promise<Beginning> {
  const start = await findRestorePoint(storage, newest, options.from);
  return { start, loaded: await begin(store, start, options) };
}

async function begin(
  store: CheckpointStore,
  { checkpoint, returnsTo }: JobStart,
  { from, claim }: BeginOptions,
): Promise<LoadedCheckpoint | undefined> {
  if (checkpoint === undefined || returnsTo === null) return checkpoint;
  // One of this storage is the job's own already, unless somebody says that it is not.
  if (returnsTo === 'checkpoint')
    return store.load({ from: new ReturnPoint(checkpoint.id, claim === false ? 'no-claim' : 'claim') });
  store.beginWith(checkpoint.id);
  if (claim === true && typeof from === 'string') await store.claim(savepointName(from));
  return checkpoint;
}
