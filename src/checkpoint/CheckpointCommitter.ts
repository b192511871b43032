/**
 * Tells an external system which checkpoints are durable, so that it can make visible what was written up to them. Given
 * to `CheckpointSubject` as one of its `committers`.
 */
export interface CheckpointCommitter {
  /** For messages. Default: its number among the committers, from 1 on. */
  readonly name?: string;

  /** Called once before anything else, for each run of the job; again if it fails. */
  open?(): void | Promise<void>;

  /** Called when the last pipeline has ended, if `open` succeeded. */
  close?(): void | Promise<void>;

  /**
   * Checkpoint `id` is durable, and with it all before it. Called for each completed checkpoint, in order and one at a
   * time; again after a failure and after a crash, so it has to be idempotent.
   */
  commitCheckpoint(id: number): void | Promise<void>;

  /** Whether a commit of `id`, or of a later one, has taken effect. Asked for the checkpoint that a job begins with. */
  isCheckpointCommitted(id: number): boolean | Promise<boolean>;
}
