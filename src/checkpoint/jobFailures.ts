/** The failures that a job finds beside its coordinator, each with its message. */
import type { CheckpointFailure } from '../errors/CheckpointFailedError.js';
import { CheckpointFailedError } from '../errors/CheckpointFailedError.js';
import { ClaimLostError } from '../errors/ClaimLostError.js';
import type { CheckpointDamage } from '../errors/DamagedCheckpointError.js';
import { pipelinesNamed } from '../errors/pipelinesNamed.js';
import { reasonOf } from '../errors/reasonOf.js';

/** The last pipeline was unsubscribed. */
export function cancelled(): CheckpointFailure {
  const message =
    'No checkpoint was taken: the last pipeline was stopped before its turn came. A restart begins with the checkpoint before.';
  return { reason: 'cancelled', message };
}

/** The last pipeline failed. */
export function abortedBefore(cause: unknown): CheckpointFailure {
  const message = `No checkpoint was taken: the last pipeline ended with an error before its turn came. A restart begins with the checkpoint before. ${reasonOf(cause)}.`;
  return { reason: 'aborted', cause, message };
}

export function beingDrained(): CheckpointFailure {
  const message = 'No checkpoint was taken: the job is being drained, and the next checkpoint is of its end.';
  return { reason: 'cancelled', message };
}

/** @param left - the pipelines that were unsubscribed while `goOn` share a part with them. */
export function brokenRegion(left: readonly string[], goOn: readonly string[]): CheckpointFailure {
  return {
    reason: 'region-broken',
    message:
      `No checkpoint can be taken: ${pipelinesNamed(goOn)} went on without ${pipelinesNamed(left)} after sharing a part, ` +
      'so their states do not belong together any more. Unsubscribe them together, and recover() them together: the newest checkpoint has all of them. ' +
      `If ${pipelinesNamed(left)} is not to come back: new CheckpointSubject({ …, dropPipelines: [${left.map((name) => `'${name}'`).join(', ')}] }).`,
  };
}

export function damaged({ checkpointId, name, problem }: CheckpointDamage): CheckpointFailedError {
  return new CheckpointFailedError({
    reason: 'damaged-checkpoint',
    checkpointId,
    message: `Stored checkpoint ${checkpointId} (${name}) is damaged and was passed over: it ${problem}. An older one was restored, so more records are read again.`,
  });
}

export function damagedJournal({ name, problem }: Omit<CheckpointDamage, 'checkpointId'>): CheckpointFailedError {
  return new CheckpointFailedError({
    reason: 'damaged-journal',
    message:
      `${name} in the storage, the last that a journaled source wrote, is damaged and was taken for the journal's end: it ${problem}. ` +
      'If it was being written when the process ended, nothing is missing that had been emitted.',
  });
}

/** The lock of the storage could not be released. */
export function notGivenBack(cause: unknown): CheckpointFailedError {
  const message = `The storage could not be given back. ${reasonOf(cause)}.`;
  return new CheckpointFailedError({ reason: 'storage-failed', cause, message });
}

/** A lost claim is told by what it does to the pipelines; what is there is not ours to remove any more. */
export function reportCleanup(onFailed: (failure: CheckpointFailedError) => void): (error: unknown) => void {
  return (error) => {
    if (!(error instanceof ClaimLostError)) onFailed(cleanupFailed(error));
  };
}

/** A cancelled job could not remove its checkpoints, or not in time. Nobody tries again. */
export function notLeft(cause: unknown): CheckpointFailedError {
  const message =
    'The checkpoints of this job, which was cancelled, could not be removed. They are still in the storage, and a restart ' +
    `goes on with them; remove what is there if it is not to. ${reasonOf(cause)}.`;
  return new CheckpointFailedError({ reason: 'cleanup-failed', cause, message });
}

export function cleanupFailed(cause: unknown): CheckpointFailedError {
  return new CheckpointFailedError({
    reason: 'cleanup-failed',
    cause,
    message: `What is no longer needed could not be removed, which is tried again later. ${reasonOf(cause)}.`,
  });
}
