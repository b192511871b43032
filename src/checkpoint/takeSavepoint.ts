import type { SchedulerLike } from 'rxjs';

import { ClaimLostError } from '../errors/ClaimLostError.js';
import { CheckpointFailedError } from '../errors/CheckpointFailedError.js';
import { reasonOf } from '../errors/reasonOf.js';
import type { CheckpointStorage } from '../storage/CheckpointStorage.js';
import type { Checkpoint } from './Checkpoint.js';
import { journalFacts } from './CheckpointMeta.js';
import { codecTypes } from './codecTypes.js';
import type { Savepoint } from './Savepoint.js';
import { savepointFrom } from './Savepoint.js';
import type { CheckpointStore } from './store/CheckpointStore.js';
import type { Compression } from './store/compressedPack.js';
import { compressPack } from './store/compressedPack.js';
import { savepointOf } from './store/savepointOf.js';
import { parseSavepoint } from './store/savepointPack.js';
import { claimName, writeClaimed } from './store/storedSavepoints.js';
import { inTime } from './within.js';

export interface SavepointOptions {
  readonly storage: CheckpointStorage;
  readonly store: CheckpointStore;
  readonly journals: { idle(): Promise<void> };
  /** For the copy; the checkpoint has as long for itself. */
  readonly timeoutMs: number;
  readonly scheduler: SchedulerLike;
  readonly compression: Compression;
}

/**
 * Takes a checkpoint and copies it into a savepoint, out of the storage: what is copied is durable, and is not encoded a
 * second time. A crash in between leaves the checkpoint, and no savepoint.
 *
 * @param take - takes the checkpoint.
 * @throws InvalidSavepointNameError, SavepointExistsError, CheckpointFailedError
 */
export async function takeSavepoint(
  options: SavepointOptions,
  name: string,
  take: () => Promise<Checkpoint>,
): Promise<Savepoint> {
  const { storage, store, timeoutMs, scheduler } = options;
  const claim = claimName(storage, name);
  const freeName = await inTime(timeoutMs, scheduler, claim, () => unanswered(options, name)).catch(
    (error: unknown) => {
      // It may be answered after all.
      claim.then(
        (free) => free(),
        () => {},
      );
      throw error;
    },
  );
  const release = store.hold();
  let copying: Promise<unknown> = Promise.resolve();
  let isGivenUp = false;
  try {
    const { id } = await take();
    const copied = copy(options, name, id, () => isGivenUp);
    copying = copied;
    return await inTime(timeoutMs, scheduler, copied, () => expired(options, name, id));
  } finally {
    isGivenUp = true;
    release();
    // A write that was given up may land yet: until then the name is not free.
    copying.then(freeName, freeName);
  }
}

async function copy(
  { storage, journals, compression }: SavepointOptions,
  name: string,
  id: number,
  isGivenUp: () => boolean,
): Promise<Savepoint> {
  try {
    // What a journaled source has emitted is in it, as far as it is being written already.
    await journals.idle();
    const bytes = await savepointOf(storage, id, codecTypes, journalFacts);
    const stored = compression === 'none' ? bytes : await compressPack(bytes);
    // Nobody waits for it any more, and what it was copied from may be gone.
    if (isGivenUp()) throw new Error('It was given up.');
    await writeClaimed(storage, name, stored);
    return savepointFrom(name, parseSavepoint(bytes, codecTypes, name), stored.length);
  } catch (cause) {
    const message = `Checkpoint ${id} is complete, but savepoint '${name}' of it could not be written. ${reasonOf(cause)}.`;
    const reason = cause instanceof ClaimLostError ? 'claim-lost' : 'storage-failed';
    throw new CheckpointFailedError({ reason, checkpointId: id, cause, message });
  }
}

function unanswered({ timeoutMs, storage }: SavepointOptions, name: string): CheckpointFailedError {
  const message = `Savepoint '${name}' was not taken: the storage (${storage.description}) was asked whether the name is free, and did not answer within ${timeoutMs} ms.`;
  return new CheckpointFailedError({ reason: 'storage-failed', message });
}

function expired({ timeoutMs }: SavepointOptions, name: string, checkpointId: number): CheckpointFailedError {
  const message = `Checkpoint ${checkpointId} is complete, but savepoint '${name}' of it was given up after ${timeoutMs} ms of waiting for the storage. It may turn up there all the same.`;
  return new CheckpointFailedError({ reason: 'expired', checkpointId, waitedFor: 'storage', missing: [], message });
}
