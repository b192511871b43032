import type { SchedulerLike } from 'rxjs';

import { DrainTimeoutError } from '../errors/DrainTimeoutError.js';
import { afterMs } from '../io/afterMs.js';
import type { Run } from './protocol/Run.js';

/**
 * Brings a job to its end: its sources complete, what operators hold goes out as it does at an end, and the pipelines
 * complete. Meanwhile no checkpoint is taken: one of a job whose sources have ended would be the end of it, also after a
 * drain that fails.
 */
export class Drain {
  private readonly failures: unknown[] = [];
  private settle: (() => void) | null = null;

  constructor(
    private readonly run: Run,
    /** The names of the pipelines that have not ended. */
    private readonly running: () => readonly string[],
  ) {}

  /** A pipeline ended with an error. */
  failed(error: unknown): void {
    this.failures.push(error);
  }

  /** To be called whenever a pipeline has ended, in whatever way. */
  ended(): void {
    if (this.running().length === 0) this.settle?.();
  }

  /**
   * Resolves when all pipelines have completed.
   *
   * @throws DrainTimeoutError when that takes longer than `timeoutMs`; the error of a pipeline that failed.
   */
  async finish(timeoutMs: number, scheduler: SchedulerLike): Promise<void> {
    // It may have been asked for within a turn.
    await Promise.resolve();
    await new Promise<void>((resolve, reject) => {
      const timeout = afterMs(timeoutMs, scheduler, () => reject(this.expired(timeoutMs)));
      const settle = (): void => {
        timeout.unsubscribe();
        resolve();
      };
      this.settle = settle;
      this.run.drain();
      this.ended();
    });
    if (this.failures.length > 0) throw this.failures[0];
  }

  private expired(timeoutMs: number): DrainTimeoutError {
    const left = Array.from(this.run.participants, ({ name }) => name);
    return new DrainTimeoutError({ timeoutMs, pipelines: this.running(), left });
  }
}
