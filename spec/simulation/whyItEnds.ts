import { CheckpointFailedError } from '../../src/errors/CheckpointFailedError.js';
import { ClaimLostError } from '../../src/errors/ClaimLostError.js';
import { DamagedCheckpointError } from '../../src/errors/DamagedCheckpointError.js';
import { DamagedSavepointError } from '../../src/errors/DamagedSavepointError.js';
import { DrainTimeoutError } from '../../src/errors/DrainTimeoutError.js';
import { NewerStateError } from '../../src/errors/NewerStateError.js';
import { OrphanedSnapshotError } from '../../src/errors/OrphanedSnapshotError.js';
import { RenameConflictError } from '../../src/errors/RenameConflictError.js';
import { RestorePointNotFoundError } from '../../src/errors/RestorePointNotFoundError.js';
import { StorageError } from '../../src/errors/StorageError.js';
import { StorageLockedError } from '../../src/errors/StorageLockedError.js';
import type { Refusal } from './Deployments.js';
import type { From, Ledger } from './Ledger.js';
import type { Track } from './Track.js';

/** What is known of a life when one of its pipelines ends with an error. */
export interface Circumstances {
  readonly track: Track;
  readonly from: From | undefined;
  readonly ledger: Ledger;
  readonly hadFault: boolean;
  /** Whether there was somebody else on the disk. */
  readonly hadCompany: boolean;
  readonly isStopping: boolean;
  readonly isDraining: boolean;
}

export interface Why {
  /** Undefined for an error that the pipeline itself has to have. */
  readonly how?: string;
  /** For the report of what was covered. */
  readonly step?: string;
  /** Nothing could be begun with what is stored. */
  readonly isRefusal?: boolean;
  /** The job is over, and its process with it. */
  readonly isFailure?: boolean;
  /** It has no reason to. */
  readonly violation?: boolean;
}

export const MISFIT = 'a program that does not fit';

/** Why a life may end with this error. */
export function whyItEnds(error: unknown, circumstances: Circumstances): Why {
  const { track, hadFault, hadCompany, isStopping, isDraining, ledger } = circumstances;
  if (hadCompany && (error instanceof ClaimLostError || error instanceof StorageLockedError)) {
    const step = error instanceof ClaimLostError ? 'a claim that was lost' : 'a lock that was taken';
    return { how: 'a claim that was lost', step };
  }
  // Whatever was wrong before that is why.
  if (error instanceof StorageError && error.operation === 'release') return { violation: true };
  // What it was about to read is removed by whoever has the storage now.
  if (hadCompany && !track.hasStarted && (error instanceof StorageError || isDamage(error)))
    return { how: 'a start in the midst of a theft' };
  if (isDraining && error instanceof CheckpointFailedError)
    return { how: 'a drain that could not be stored', isFailure: true, violation: error.reason === 'cancelled' };
  if (isStopping && error instanceof CheckpointFailedError)
    return { how: 'a stop that could not be stored', isFailure: true };
  if (track.draining !== null && error instanceof DrainTimeoutError)
    return { how: 'a drain that took too long', step: 'a drain that took too long', isFailure: true };
  if (isGone(error, circumstances)) return { how: 'a restore point that is gone' };
  const refusal = refusalIn(error);
  if (refusal !== null && track.fit.refusals.includes(refusal)) return { how: MISFIT, step: `refused: ${refusal}` };
  if (hadFault && track.plot.mayFailWith?.(error) === true)
    return { how: 'a journal that could not be written', isFailure: true };
  if (track.hasStarted) return {};
  if (hadFault && error instanceof StorageError) return { how: 'a start that the storage refused' };
  if (error instanceof DamagedCheckpointError && ledger.hasNothing)
    return { how: 'a start that was refused, with nothing durable', isRefusal: true };
  return {};
}

/**
 * A savepoint goes when it was claimed. A checkpoint goes when enough have come after it, and of those nobody may have heard;
 * first goes what it refers to.
 */
function isGone(error: unknown, { from, ledger }: Circumstances): boolean {
  const isMissing = error instanceof RestorePointNotFoundError;
  if (typeof from === 'string') return isMissing && ledger.mayBeClaimed.has(from);
  if (from === undefined || ledger.foreign.has(from)) return false;
  return isMissing || error instanceof DamagedSavepointError;
}

function refusalIn(error: unknown): Refusal | null {
  if (error instanceof OrphanedSnapshotError) return 'orphaned-snapshot';
  if (error instanceof NewerStateError) return 'newer-state';
  return error instanceof RenameConflictError ? 'rename-conflict' : null;
}

function isDamage(error: unknown): boolean {
  return error instanceof DamagedCheckpointError || error instanceof DamagedSavepointError;
}
