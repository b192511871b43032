import type { ObservableNotification } from 'rxjs';

import { builtInErrorTypes } from '../../checkpoint/protocol/StoredError.js';
import type { CheckpointedObservable } from '../../operators/base/CheckpointedObservable.js';
import type { Upstream } from '../../operators/base/Site.js';
import type { Cut } from '../CutJob.js';
import { CutJob } from '../CutJob.js';
import { catchUpstream } from './catchUpstream.js';

export interface SourceLifeOptions {
  readonly source: CheckpointedObservable<unknown>;
  /** Restored from this one; null for a fresh start. */
  readonly from: Cut | null;
  /** Called with each record, within its turn. */
  readonly onRecord?: (life: SourceLife) => void;
}

/** A source in a job, in real time, with a checkpoint between all turns. */
export class SourceLife {
  readonly records: unknown[] = [];
  /** What an asynchronous input should not have done. */
  readonly strays: string[] = [];
  /** How it ended, if it did. */
  end: 'completed' | 'failed' | null = null;
  error: unknown = undefined;
  private readonly job: CutJob;
  private upstream: Upstream | null = null;
  private hasLeft = false;
  private isAsynchronous = false;

  constructor(private readonly options: SourceLifeOptions) {
    let serial = 0;
    this.job = new CutJob({
      pipeline: () => catchUpstream(options.source, (upstream) => (this.upstream = upstream)),
      errorTypes: builtInErrorTypes,
      from: options.from,
      now: () => serial++,
      onOutput: (notification) => this.output(notification),
      onStray: (what) => this.strays.push(what),
    });
  }

  get cuts(): readonly Cut[] {
    return this.job.cuts;
  }

  /** Whether it takes its barriers when it is asked for them, and how often it has. */
  get barriers(): { readonly isAsynchronous: boolean; readonly taken: number } {
    return { isAsynchronous: this.isAsynchronous, taken: this.job.alignments };
  }

  get problems(): readonly string[] {
    return this.job.problems;
  }

  /** The names of those who take part in checkpoints. */
  get participants(): readonly string[] {
    return Array.from(this.job.run.participants, ({ name }) => name);
  }

  async start(): Promise<void> {
    const round = this.job.connect();
    if (round?.hasChecks === true) await round.checked();
    if (round !== null && !this.hasLeft) this.job.open(round);
    this.isAsynchronous ||= this.job.run.asynchronousInputs.size > 0;
  }

  pause(): void {
    this.upstream?.pause();
  }

  resume(): void {
    this.upstream?.resume();
  }

  unsubscribe(): void {
    this.hasLeft = true;
    this.job.unsubscribe();
  }

  private output(notification: ObservableNotification<unknown>): void {
    this.isAsynchronous ||= this.job.run.asynchronousInputs.size > 0;
    if (notification.kind === 'N') {
      this.records.push(notification.value);
      this.options.onRecord?.(this);
      return;
    }
    this.end = notification.kind === 'C' ? 'completed' : 'failed';
    if (notification.kind === 'E') this.error = notification.error;
  }
}
