/** The failures that the coordinator finds, each with its message: what failed, what it means, what to do. */
import type { AwaitedPart, CheckpointFailureReason } from '../errors/CheckpointFailedError.js';
import { CheckpointFailedError } from '../errors/CheckpointFailedError.js';
import { ClaimLostError } from '../errors/ClaimLostError.js';
import { StorageError } from '../errors/StorageError.js';
import { reasonOf } from '../errors/reasonOf.js';
import type { TriggerDecision } from './decideTrigger.js';

const LEFT_AS_IT_WAS = 'The checkpoint before is still what a restart begins with.';

/** Before it began. @param pendingId - of one that is on its way. */
export function refused(
  decision: TriggerDecision & { readonly action: 'refuse' },
  pendingId: number | undefined,
): CheckpointFailedError {
  switch (decision.reason) {
    case 'not-running': {
      const message =
        'No checkpoint was taken: no pipeline is running, none yet or none any more. Subscribe to recover(pipeline$) first.';
      return new CheckpointFailedError({ reason: 'not-running', message });
    }
    case 'finished': {
      const message =
        'No checkpoint was taken: all pipelines have completed, and there is nothing left that could change. Stop triggering then.';
      return new CheckpointFailedError({ reason: 'finished', message });
    }
    case 'too-many-pending': {
      const which = pendingId === undefined ? 'one' : `checkpoint ${pendingId}`;
      const message = `A checkpoint was asked for while ${which} is on its way. It was left out; trigger less often if this happens a lot.`;
      return new CheckpointFailedError({ reason: 'too-many-pending', message });
    }
    case 'min-pause': {
      const { remainingMs } = decision;
      const message =
        `A checkpoint was asked for ${remainingMs} ms before the pause of minPauseMs after the last completed one was over. ` +
        'It was left out; trigger less often, or ask with checkpoint() for one that is taken nevertheless.';
      return new CheckpointFailedError({ reason: 'min-pause', remainingMs, message });
    }
  }
}

/** A trigger came too soon, or the start hangs. @param ms - how long it was waited for. */
export function starting(ms?: number): CheckpointFailedError {
  const message =
    ms === undefined
      ? 'No checkpoint was taken: the pipelines are still starting. The next trigger is as good; checkpoint() waits until they have started.'
      : `No checkpoint was taken: after ${ms} ms the pipelines are still starting. Raise timeoutMs if the storage only needs longer.`;
  return new CheckpointFailedError({ reason: 'not-running', message });
}

/** Its time was over. */
export function expired(
  checkpointId: number,
  { timeoutMs, waitedFor, missing }: { timeoutMs: number; waitedFor: AwaitedPart; missing: readonly string[] },
): CheckpointFailedError {
  const names = missing.join(', ');
  const culprit = {
    barriers: `the barrier of ${names}`,
    snapshots: `the snapshot of ${names}`,
    encoding: 'its own encoding',
    compression: 'its own compression',
    storage: 'the storage',
  }[waitedFor];
  const next =
    waitedFor === 'storage' || waitedFor === 'compression'
      ? 'a restart begins with the checkpoint before, or with this one if the storage has it after all.'
      : 'the checkpoint before is still the one that a restart begins with.';
  const message =
    `Checkpoint ${checkpointId} was given up after ${timeoutMs} ms of waiting for ${culprit}. ` +
    `The pipelines go on; ${next} Raise timeoutMs if it only needs longer.`;
  return new CheckpointFailedError({ reason: 'expired', checkpointId, waitedFor, missing, message });
}

/** A later one was faster. */
export function subsumed(checkpointId: number, by: number): CheckpointFailedError {
  const message = `Checkpoint ${checkpointId} is not needed any more: checkpoint ${by}, which was begun later, was completed first, and has all that it would have had.`;
  return new CheckpointFailedError({ reason: 'subsumed', checkpointId, by, message });
}

/** The job was given up. */
export function aborted(checkpointId: number | undefined, cause: unknown): CheckpointFailedError {
  const which = checkpointId === undefined ? 'A checkpoint that was asked for' : `Checkpoint ${checkpointId}`;
  const message = `${which} was given up, because the pipelines were ended by an error. ${LEFT_AS_IT_WAS} ${reasonOf(cause)}.`;
  return new CheckpointFailedError({ reason: 'aborted', checkpointId, cause, message });
}

/** The storage did not take it, or whoever writes it did not. */
export function notWritten(checkpointId: number, cause: unknown): CheckpointFailedError {
  if (cause instanceof ClaimLostError) {
    const message = `Checkpoint ${checkpointId} was not completed. ${cause.message}`;
    return new CheckpointFailedError({ reason: 'claim-lost', checkpointId, cause, message });
  }
  const message = `Checkpoint ${checkpointId} could not be written, and the one before is still what a restart begins with. ${reasonOf(cause)}.`;
  return new CheckpointFailedError({ reason: 'storage-failed', checkpointId, cause, message });
}

/** What was thrown between the barrier and the write. */
export function notEncoded(checkpointId: number, cause: unknown): CheckpointFailedError {
  if (cause instanceof CheckpointFailedError) return cause;
  if (cause instanceof StorageError) return notWritten(checkpointId, cause);
  const { operator, path } = (cause ?? {}) as { operator?: unknown; path?: unknown };
  return new CheckpointFailedError({
    reason: 'encoding-failed',
    checkpointId,
    operator: typeof operator === 'string' ? operator : undefined,
    path: typeof path === 'string' ? path : undefined,
    cause,
    message: `Checkpoint ${checkpointId} could not be encoded, and the one before is still what a restart begins with. ${reasonOf(cause)}.`,
  });
}

/** It is complete; somebody who was told of it threw. */
export function notNotified(checkpointId: number, operator: string, cause: unknown): CheckpointFailedError {
  const message = `'${operator}' threw when it was told that checkpoint ${checkpointId} is complete, which it is nevertheless. It is told of the next one too. ${reasonOf(cause)}.`;
  return new CheckpointFailedError({ reason: 'notification-failed', checkpointId, operator, cause, message });
}

/** Whether a failure tells of a job whose checkpoints do not work; the others happen to a healthy one. */
export function countsAsFailure(reason: CheckpointFailureReason): boolean {
  return reason === 'declined' || reason === 'expired' || reason === 'encoding-failed' || reason === 'storage-failed';
}
