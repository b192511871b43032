import { CheckpointFailedError } from '../errors/CheckpointFailedError.js';
import type { CheckpointCommitter } from './CheckpointCommitter.js';

/**
 * Tells the committers of completed checkpoints (invariant 6 of the design): of none that is not durable, of each in
 * order, and as often as it takes. Each goes at its own speed, and keeps nobody else waiting.
 */
export class Committers {
  private readonly lines: readonly CommitterLine[];

  constructor(committers: readonly CheckpointCommitter[], onFailed: (failure: CheckpointFailedError) => void) {
    this.lines = committers.map((committer, i) => {
      return new CommitterLine(committer, committer.name ?? `number ${i + 1}`, onFailed);
    });
  }

  /** The checkpoint that the job began with may have completed without anybody hearing of it. */
  restored(id: number): void {
    for (const line of this.lines) line.add({ id, isRestored: true });
  }

  completed(id: number): void {
    for (const line of this.lines) line.add({ id, isRestored: false });
  }

  /** Resolves when there is nothing under way. */
  async idle(): Promise<void> {
    await Promise.all(this.lines.map((line) => line.idle()));
  }

  /** Resolves when all are closed; what is still to be told is told after a restart. */
  async close(): Promise<void> {
    await Promise.all(this.lines.map((line) => line.close()));
  }
}

interface Due {
  readonly id: number;
  /** Whether to ask first. */
  readonly isRestored: boolean;
}

class CommitterLine {
  private readonly due: Due[] = [];
  private working: Promise<void> | null = null;
  private isOpen = false;
  private isClosed = false;

  constructor(
    private readonly committer: CheckpointCommitter,
    private readonly name: string,
    private readonly onFailed: (failure: CheckpointFailedError) => void,
  ) {}

  add(due: Due): void {
    this.due.push(due);
    this.working ??= this.work();
  }

  async idle(): Promise<void> {
    await this.working;
  }

  async close(): Promise<void> {
    this.isClosed = true;
    await this.working;
    if (!this.isOpen) return;
    this.isOpen = false;
    await this.attempt(undefined, () => this.committer.close?.());
  }

  /** Up to the first that fails: a later one must not be told of before it. */
  private async work(): Promise<void> {
    await Promise.resolve(); // not from within the checkpoint's completion
    while (this.due.length > 0 && !this.isClosed) {
      const [first] = this.due as [Due];
      if (!(await this.attempt(first.id, () => this.commit(first)))) break;
      this.due.shift();
    }
    this.working = null;
  }

  private async commit({ id, isRestored }: Due): Promise<void> {
    const { committer } = this;
    if (!this.isOpen) await committer.open?.();
    this.isOpen = true;
    if (isRestored && (await committer.isCheckpointCommitted(id))) return;
    await committer.commitCheckpoint(id);
  }

  private async attempt(id: number | undefined, work: () => void | Promise<void>): Promise<boolean> {
    try {
      await work();
      return true;
    } catch (cause) {
      this.onFailed(commitFailed(this.name, id, cause));
      return false;
    }
  }
}

function commitFailed(committer: string, checkpointId: number | undefined, cause: unknown): CheckpointFailedError {
  const why = cause instanceof Error ? cause.message : String(cause);
  const message =
    checkpointId === undefined
      ? `The committer ${committer} could not be closed. ${why}`
      : `The committer ${committer} could not be told that checkpoint ${checkpointId} is durable. The checkpoint is complete, ` +
        `and the committer is told again with the next one, or after a restart. ${why}`;
  return new CheckpointFailedError({ reason: 'commit-failed', checkpointId, cause, message });
}
