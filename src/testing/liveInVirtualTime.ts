import type { ObservableNotification } from 'rxjs';
import { TestScheduler } from 'rxjs/testing';

import type { ErrorType } from '../checkpoint/protocol/StoredError.js';
import { builtInErrorTypes } from '../checkpoint/protocol/StoredError.js';
import type { CheckpointedObservable } from '../operators/base/CheckpointedObservable.js';
import type { Cut } from './CutJob.js';
import { CutJob } from './CutJob.js';

export interface Life<O> {
  /** What the pipeline emitted, as it was recorded. */
  readonly outputs: readonly O[];
  readonly cuts: readonly Cut[];
  readonly hasEnded: boolean;
  /** What must not happen: a participant that declined or was not reached, snapshots without a place. */
  readonly problems: readonly string[];
  /** Participants that were still there when the pipeline had ended. */
  readonly leftBehind: readonly string[];
  /** To be awaited before a cut is used, where snapshots may be Promises. */
  snapshotsCame(): Promise<void>;
}

export interface LifeOptions<O> {
  readonly pipeline: () => CheckpointedObservable<unknown>;
  /** Makes of a notification what is kept of it; may do to the values whatever users do. */
  readonly record: (frame: number, notification: ObservableNotification<unknown>) => O;
  /** Restored from this one; null for a fresh start. */
  readonly from: Cut | null;
  /** After so many checkpoints the process is killed. */
  readonly killedAfterCuts?: number;
  readonly lastFrame: number;
  /** The built-in ones by default. */
  readonly errorTypes?: readonly ErrorType[];
}

/** Runs a pipeline as part of a job in virtual time, with a checkpoint between all turns. */
export function liveInVirtualTime<O>(options: LifeOptions<O>): Life<O> {
  const { errorTypes = builtInErrorTypes, lastFrame, record } = options;
  const scheduler = new TestScheduler(() => true);
  scheduler.frame = options.from?.frame ?? 0;
  const outputs: O[] = [];
  const job = new CutJob({
    ...options,
    errorTypes,
    now: () => scheduler.frame,
    onOutput: (notification) => outputs.push(record(scheduler.frame, notification)),
    onKilled: () => (scheduler.maxFrames = -1),
  });
  try {
    scheduler.run(() => {
      scheduler.maxFrames = lastFrame;
      const round = job.connect();
      if (round !== null) job.open(round);
    });
  } catch (error) {
    job.problems.push(`thrown: ${String(error)}`);
  }
  const { cuts, problems, hasEnded, run } = job;
  const leftBehind = hasEnded ? Array.from(run.participants, ({ name }) => name) : [];
  return { outputs, cuts, problems, hasEnded, leftBehind, snapshotsCame: () => job.snapshotsCame() };
}
