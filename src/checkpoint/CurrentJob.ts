import type { CheckpointFailedError } from '../errors/CheckpointFailedError.js';
import type { CheckpointStorage } from '../storage/CheckpointStorage.js';
import { leavesSoon } from './closingJobs.js';
import type { Job } from './Job.js';
import { notGivenBack } from './jobFailures.js';

export interface CurrentJobOptions {
  readonly storage: CheckpointStorage;
  /** @param onUnusable - to be called when another job has taken the storage, or a drain has failed, before the pipelines hear of it. */
  open(onUnusable: () => void): Promise<Job>;
  /** Nobody needs the job any more. */
  onUnused(): void;
  onFailed(failure: CheckpointFailedError): void;
}

/** The job of a CheckpointSubject: opened for the first that needs it, and closed with the last. */
export class CurrentJob {
  /** The one that is open. */
  opened: Job | null = null;
  private job: Promise<Job> | null = null;
  /** How many subscriptions need it. */
  private users = 0;
  /** Resolves when those that nobody needs any more have given the storage back. */
  closed: Promise<void> = Promise.resolve();
  private wasFinished = false;

  constructor(private readonly options: CurrentJobOptions) {}

  /** Whether no pipeline runs because all have completed. */
  get isFinished(): boolean {
    return this.opened === null ? this.wasFinished : this.opened.status === 'finished';
  }

  /** The one that is open, if a pipeline runs in it. */
  get running(): Job | null {
    return this.opened?.isRunning === true ? this.opened : null;
  }

  /** To be released once. */
  acquire(): Promise<Job> {
    this.users++;
    if (this.job !== null) return this.job;
    const job = this.closed.then(() => this.open());
    this.job = job;
    // Whoever comes next may have more luck.
    job.catch(() => {
      if (this.job === job) this.job = null;
    });
    return job;
  }

  release(): void {
    if (--this.users > 0) return;
    this.options.onUnused();
    this.abandon();
  }

  private async open(): Promise<Job> {
    this.wasFinished = false;
    let job: Job | null = null;
    // Whoever restarts at once is to get another job, although others are still to hear that this one has ended.
    const onUnusable = (): void => {
      if (job !== null && this.opened === job) this.abandon();
    };
    job = await this.options.open(onUnusable);
    this.opened = job;
    return job;
  }

  private abandon(): void {
    const { job } = this;
    this.job = null;
    if (job === null) return;
    this.closed = this.close(job);
    leavesSoon(this.options.storage, this.closed);
  }

  private async close(opening: Promise<Job>): Promise<void> {
    const job = await opening.catch(() => null);
    if (job === null) return;
    try {
      await job.close();
    } catch (cause) {
      this.options.onFailed(notGivenBack(cause));
    } finally {
      this.wasFinished = job.status === 'finished';
      if (this.opened === job) this.opened = null;
    }
  }
}
