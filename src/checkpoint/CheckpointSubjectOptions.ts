import type { Observable, SchedulerLike } from 'rxjs';

import type { RestoreReport } from '../errors/OrphanedSnapshotError.js';
import type { CheckpointStorage } from '../storage/CheckpointStorage.js';
import type { CheckpointCommitter } from './CheckpointCommitter.js';
import type { CheckpointPolicyOptions } from './CheckpointPolicies.js';
import type { Pipeline } from './protocol/Pipeline.js';
import type { ErrorType } from './protocol/StoredError.js';
import type { RestoreFrom } from './RestorePoint.js';

export interface CheckpointSubjectOptions extends CheckpointPolicyOptions {
  /** Where checkpoints are kept. One job at a time may use it. */
  readonly storage: CheckpointStorage;
  /** Each value takes a checkpoint. Subscribed while pipelines run, so that it does not keep a process alive. */
  readonly trigger?: Observable<unknown>;
  /**
   * Takes the storage from another job that is alive: its pipelines end with a `ClaimLostError`. For a tab that is to
   * go on where another one is, say; not together with `retry()`, or two such jobs take it from each other for ever.
   * Default: false, which leaves this one with a `StorageLockedError`.
   */
  readonly takeOver?: boolean;
  /** Of how many checkpoints `stats$` tells the details, with all of their participants. Default: 10, as many as fit a page. */
  readonly historySize?: number;
  /** External systems that are told of each checkpoint that is durable. Default: none. */
  readonly committers?: readonly CheckpointCommitter[];
  /** Error classes of the user's that `catchError` or `retry` may have to keep, besides the built-in and RxJS's own. */
  readonly errorTypes?: readonly ErrorType[];
  /**
   * The names of pipelines that the program does not have any more. What the checkpoint has of them is dropped at the start, and
   * those that shared a part with them do not wait for them to come back. Default: none, since a pipeline that is away
   * keeps its state until it comes.
   */
  readonly dropPipelines?: readonly string[];
  /**
   * The clock, the timer of `timeoutMs`, and what gives the event loop a turn while a checkpoint is encoded. Default:
   * `asyncScheduler`, and messages for those turns, which no browser delays.
   */
  readonly scheduler?: SchedulerLike;
}

export interface RecoverOptions {
  /** Tells the pipelines of one CheckpointSubject apart. Default: `'main'`. */
  readonly name?: string;
  /**
   * What to begin with in place of the newest checkpoint: the name of a savepoint or the id of a checkpoint in the storage,
   * or an exported savepoint. It is for the whole job, so all pipelines that start together begin with it.
   *
   * A restart goes on with the newest checkpoint of the run that began so, also when `from` is still in the program: what
   * was done since is not lost.
   */
  readonly from?: RestoreFrom | undefined;
  /**
   * Whether `from` is the job's to remove (Flink's claim mode), when it has as many checkpoints of its own as are retained.
   * If not, it stays yours with all that it needs, and the next checkpoint is full, so that you may remove it at any
   * time. What was given as bytes is not concerned. It counts where the job begins with `from`: a restart that goes on with
   * the run keeps to what was decided then, whatever this says. To have a savepoint removed later, use `removeSavepoint`.
   *
   * Default: false for a savepoint, which you have asked for; true for a checkpoint, which the job has written.
   */
  readonly claim?: boolean | undefined;
  /**
   * Drops the snapshots that no operator of the pipeline claims, where otherwise nothing would start. They are listed in
   * the report as `orphaned`, and on the console if nobody takes the report (`onRestore`, `restores$`). Default: false.
   */
  readonly allowNonRestoredState?: boolean | undefined;
  /**
   * The shared streams with a uid that its inner pipelines use and nothing else leads to, in a process that makes several of
   * one uid. One that went on for nobody at the checkpoint is found by its uid otherwise.
   */
  readonly shared?: readonly Pipeline<unknown>[] | undefined;
  /** Told what was restored, before anything flows. What it throws refuses the restore, as an error of the pipeline. */
  readonly onRestore?: ((report: RestoreReport) => void) | undefined;
}

export type CheckOptions = Omit<RecoverOptions, 'claim' | 'onRestore'>;

export interface StopOptions {
  /** Makes a savepoint of the last checkpoint, under this name. Default: undefined, which makes none. */
  readonly savepoint?: string | undefined;
  /**
   * Ends the pipelines in place of interrupting them: their sources complete, what operators hold goes out as at any end
   * (a buffer's rest, a reduction's result), inner pipelines run to their own ends, and nothing is repeated or retried.
   * The checkpoint is of the end: a restart delivers `complete` alone. What has not come to its end after `timeoutMs`
   * fails, and ends the pipelines with that error; a restart then begins with the checkpoint before the drain.
   * Default: false.
   */
  readonly drain?: boolean | undefined;
}
