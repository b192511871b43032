import { CheckpointError } from './CheckpointError.js';

/** What a checkpoint was waiting for when its time was over. */
export type AwaitedPart =
  /** Asynchronous inputs, for their barriers. */
  | 'barriers'
  /** Participants, for the Promises that they gave as their states. */
  | 'snapshots'
  /** What was collected was still being encoded. */
  | 'encoding'
  /** What was encoded was still being compressed. */
  | 'compression'
  /** The storage had not written it. */
  | 'storage';

/** Why a checkpoint failed, was not begun, or what else went wrong around checkpoints. A closed set; `reason` tells them apart. */
export type CheckpointFailure = { readonly message: string; readonly cause?: unknown } & (
  BeforeItBegan | WhileItWasOnItsWay | AroundCheckpoints
);

/** No checkpoint was begun. */
type BeforeItBegan =
  /** No pipeline is running. */
  | { readonly reason: 'not-running' }
  /** All pipelines have completed: there is nothing left to take a checkpoint of. */
  | { readonly reason: 'finished' }
  /** `maxConcurrent` checkpoints are on their way. */
  | { readonly reason: 'too-many-pending' }
  /** A trigger came sooner after the last completed checkpoint than `minPauseMs`. */
  | { readonly reason: 'min-pause'; readonly remainingMs: number };

/** It had been asked for, or begun. The one before is still what a restart begins with. */
type WhileItWasOnItsWay =
  /** Pipelines that share a part were not stopped together, so what they hold does not belong together any more. */
  | { readonly reason: 'region-broken'; readonly checkpointId?: number | undefined; readonly operator?: string }
  /** A participant could not hand over its snapshot: `cause` is what its code threw, or what is wrong with its state. */
  | {
      readonly reason: 'declined';
      readonly checkpointId: number;
      readonly operator: string;
      readonly path?: string | undefined;
    }
  /** It took longer than `timeoutMs`; `missing` names the participants or inputs that it waited for. */
  | {
      readonly reason: 'expired';
      readonly checkpointId: number;
      readonly waitedFor: AwaitedPart;
      readonly missing: readonly string[];
    }
  /** A later one was completed first. */
  | { readonly reason: 'subsumed'; readonly checkpointId: number; readonly by: number }
  /** The storage refused or broke. */
  | { readonly reason: 'storage-failed'; readonly checkpointId?: number | undefined }
  /** Somebody else has claimed the storage; the pipelines end with the `ClaimLostError` that is its cause. */
  | { readonly reason: 'claim-lost'; readonly checkpointId?: number | undefined }
  /** A snapshot could not be turned into bytes; `path` leads to what it is in there, e.g. `state.value[3].name`. */
  | {
      readonly reason: 'encoding-failed';
      readonly checkpointId: number;
      readonly operator?: string | undefined;
      readonly path?: string | undefined;
    }
  /** The job was given up while it was on its way: its last pipeline failed, or too many checkpoints did. */
  | { readonly reason: 'aborted'; readonly checkpointId?: number | undefined }
  /** All pipelines were unsubscribed before it was taken. */
  | { readonly reason: 'cancelled'; readonly checkpointId?: number | undefined };

/** No checkpoint failed by this. */
type AroundCheckpoints =
  /** The trigger Observable ended with an error; `next()` and `checkpoint()` still work. */
  | { readonly reason: 'trigger-failed' }
  /** A participant threw when it was told of a checkpoint, which is complete nevertheless. */
  | { readonly reason: 'notification-failed'; readonly checkpointId: number; readonly operator: string }
  /** A committer could not be told that a checkpoint is durable, which it is, and is told again; or it hangs. */
  | { readonly reason: 'commit-failed'; readonly checkpointId?: number | undefined }
  /** A stored checkpoint is damaged, an older one was restored. */
  | { readonly reason: 'damaged-checkpoint'; readonly checkpointId: number }
  /** The last segment of a journal is damaged, and was taken for its end. */
  | { readonly reason: 'damaged-journal' }
  /** A superseded checkpoint, or what was journaled before it, could not be removed from the storage. */
  | { readonly reason: 'cleanup-failed' };

export type CheckpointFailureReason = CheckpointFailure['reason'];

/**
 * A checkpoint was not completed, or something around it went wrong. The pipelines go on; the next one may succeed.
 *
 * `failure` is the whole of it, to be narrowed by its `reason`; the other fields are there for a quick look.
 */
export class CheckpointFailedError extends CheckpointError {
  readonly code = 'checkpoint-failed';
  readonly failure: CheckpointFailure;
  readonly reason: CheckpointFailureReason;
  /** None for one that was never begun. */
  readonly checkpointId: number | undefined;
  /** The participant that is to blame, when there is one. */
  readonly operator: string | undefined;
  /** Where in the state of `operator`, when that is what is wrong. */
  readonly path: string | undefined;
  /** Of one that expired: the names of all participants or inputs that it still waited for. Empty otherwise. */
  readonly missing: readonly string[];

  constructor(failure: CheckpointFailure) {
    super(failure.message, { cause: failure.cause });
    const { checkpointId, operator, path, missing = [] } = failure as Partial<Facts>;
    this.failure = failure;
    this.reason = failure.reason;
    this.checkpointId = checkpointId;
    this.operator = operator ?? missing[0];
    this.path = path;
    this.missing = missing;
  }
}

/** What only some failures have. */
interface Facts {
  readonly checkpointId: number;
  readonly operator: string;
  readonly path: string;
  readonly missing: readonly string[];
}
