import type { SchedulerLike } from 'rxjs';

import { CheckpointFailedError } from '../errors/CheckpointFailedError.js';
import { reasonOf } from '../errors/reasonOf.js';
import { afterMs } from '../io/afterMs.js';
import type { CheckpointCommitter } from './CheckpointCommitter.js';

export interface CommittersOptions {
  /** Whoever has not answered for so long is reported, and is waited for nevertheless. */
  readonly timeoutMs: number;
  readonly scheduler: SchedulerLike;
  readonly onFailed: (failure: CheckpointFailedError) => void;
}

/**
 * Tells the committers of completed checkpoints (invariant 6 of the design): of none that is not durable, of each in
 * order, and as often as it takes. Each goes at its own speed, and keeps nobody else waiting.
 */
export class Committers {
  private readonly lines: readonly CommitterLine[];

  constructor(committers: readonly CheckpointCommitter[], options: CommittersOptions) {
    this.lines = committers.map((committer, i) => {
      return new CommitterLine(committer, committer.name ?? `number ${i + 1}`, options);
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
    private readonly options: CommittersOptions,
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

  /** Waits for one that hangs, since nothing else may be told before it; but not in silence. */
  private async attempt(id: number | undefined, work: () => void | Promise<void>): Promise<boolean> {
    const { timeoutMs, scheduler, onFailed } = this.options;
    const timeout = afterMs(timeoutMs, scheduler, () => onFailed(unanswered(this.name, id, timeoutMs)));
    try {
      await work();
      return true;
    } catch (cause) {
      onFailed(commitFailed(this.name, id, cause));
      return false;
    } finally {
      timeout.unsubscribe();
    }
  }
}

function unanswered(committer: string, checkpointId: number | undefined, ms: number): CheckpointFailedError {
  const message =
    checkpointId === undefined
      ? `The committer ${committer} hangs: it was asked to close, and has not answered for ${ms} ms.`
      : `The committer ${committer} hangs: it was to be told that checkpoint ${checkpointId} is durable, and has not answered for ${ms} ms. ` +
        'The checkpoint is complete. Until the committer answers, or the job is restarted, it is told of no later one.';
  return new CheckpointFailedError({ reason: 'commit-failed', checkpointId, message });
}

function commitFailed(committer: string, checkpointId: number | undefined, cause: unknown): CheckpointFailedError {
  const message =
    checkpointId === undefined
      ? `The committer ${committer} could not be closed. ${reasonOf(cause)}.`
      : `The committer ${committer} could not be told that checkpoint ${checkpointId} is durable. The checkpoint is complete, ` +
        `and the committer is told again with the next one, or after a restart. ${reasonOf(cause)}.`;
  return new CheckpointFailedError({ reason: 'commit-failed', checkpointId, cause, message });
}
