import { CheckpointError } from './CheckpointError.js';

/** Why a checkpoint failed, or was not started. */
export type CheckpointFailureReason =
  /** No pipeline is running. */
  | 'not-running'
  /** The one before is still being written. */
  | 'too-many-pending'
  /** Pipelines that share a part were not stopped together, so what they hold does not belong together any more. */
  | 'region-broken'
  /** A participant could not hand over its snapshot; `operator` says which. */
  | 'declined'
  /** A snapshot could not be turned into bytes. */
  | 'encoding-failed'
  /** The storage refused or broke. */
  | 'storage-failed'
  /** Somebody else has claimed the storage; the pipelines end with the `ClaimLostError` that is its cause. */
  | 'claim-lost'
  /** It took longer than `timeoutMs`. */
  | 'expired'
  /** The job ended before it was taken. */
  | 'cancelled'
  /** A committer could not be told that a checkpoint is durable, which it is; it will be told again. */
  | 'commit-failed'
  /** The trigger Observable ended with an error; `next()` and `checkpoint()` still work. */
  | 'trigger-failed'
  /** A stored checkpoint is damaged, an older one was restored. */
  | 'damaged-checkpoint'
  /** The last segment of a journal is damaged, and was taken for its end. */
  | 'damaged-journal'
  /** A superseded checkpoint, or what was journaled before it, could not be removed from the storage. */
  | 'cleanup-failed';

export interface CheckpointFailure {
  readonly reason: CheckpointFailureReason;
  readonly message: string;
  readonly checkpointId?: number | undefined;
  readonly operator?: string | undefined;
  readonly cause?: unknown;
}

/** A checkpoint was not completed. The pipelines go on; the next one may succeed. */
export class CheckpointFailedError extends CheckpointError {
  readonly code = 'checkpoint-failed';
  readonly reason: CheckpointFailureReason;
  readonly checkpointId: number | undefined;
  /** The participant that is to blame, when there is one. */
  readonly operator: string | undefined;

  constructor(failure: CheckpointFailure) {
    super(failure.message, { cause: failure.cause });
    this.reason = failure.reason;
    this.checkpointId = failure.checkpointId;
    this.operator = failure.operator;
  }
}
