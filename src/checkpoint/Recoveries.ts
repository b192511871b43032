import type { Observable, Subscriber } from 'rxjs';
import { Subject } from 'rxjs';

import { AlreadyRunningError } from '../errors/AlreadyRunningError.js';
import type { RestoreReport } from '../errors/OrphanedSnapshotError.js';
import { RestorePointConflictError } from '../errors/RestorePointConflictError.js';
import type { Admission, Arrival } from './Admission.js';
import type { RecoverOptions } from './CheckpointSubjectOptions.js';
import type { CurrentJob } from './CurrentJob.js';
import type { Pipeline } from './protocol/Pipeline.js';
import type { RestoreFrom } from './RestorePoint.js';
import { describeFrom } from './RestorePoint.js';

/** A pipeline that runs, or is about to. */
export interface Recovery {
  readonly from: RestoreFrom | undefined;
  readonly claim: boolean | undefined;
  /** If it still waits to be attached, it is not going to be. */
  readonly drop: () => void;
  /** Its subscriber hears that it is stopped. */
  readonly complete: () => void;
  readonly error: (error: unknown) => void;
}

/** The pipelines that somebody has subscribed to, from then until they end or are unsubscribed. */
export class Recoveries {
  private readonly restores = new Subject<RestoreReport>();
  /** What each began with. */
  readonly restores$: Observable<RestoreReport> = this.restores.asObservable();
  /** By name: the subscription that has it. */
  private readonly running = new Map<string, Recovery>();

  constructor(
    private readonly current: CurrentJob,
    private readonly admission: Admission,
  ) {}

  get all(): readonly Recovery[] {
    return [...this.running.values()];
  }

  start<T>(pipeline: Pipeline<T>, name: string, options: RecoverOptions, subscriber: Subscriber<T>): void {
    const { from, claim, allowNonRestoredState } = options;
    const onRestore = (report: RestoreReport): void => {
      if (options.onRestore !== undefined) options.onRestore(report);
      else if (!this.restores.observed) warnOfDropped(report);
      this.restores.next(report);
    };
    if (this.running.has(name)) {
      subscriber.error(new AlreadyRunningError(name));
      return;
    }
    let stop: (() => void) | null = null;
    let isHeld = true;
    const freeName = (): void => {
      if (this.running.get(name) === recovery) this.running.delete(name);
    };
    const letGo = (): void => {
      if (!isHeld) return;
      isHeld = false;
      freeName();
      this.current.release();
    };
    const refuse = (error: unknown): void => {
      letGo();
      subscriber.error(error);
    };
    // The name is free before the subscriber hears of an end, which may start the pipeline anew.
    const complete = (): void => (freeName(), subscriber.complete());
    const drop = (): void => this.admission.drop(arrival);
    const recovery: Recovery = { from, claim, drop, error: refuse, complete };
    this.running.set(name, recovery);
    const hasLeft = (): boolean => subscriber.closed;
    const attach: Arrival['attach'] = (job, round) => {
      if (hasLeft()) return null;
      if (from !== undefined && !job.beganWith(from))
        return () => refuse(new RestorePointConflictError(name, describeFrom(from), job.beginning));
      if (job.hasCompleted(name)) return () => (letGo(), subscriber.complete());
      const sink = { values: subscriber, error: refuse, complete: recovery.complete };
      try {
        stop = job.attach(pipeline, name, sink, round, { allowNonRestoredState, onRestore });
        // By what a callback did while it was being connected: nobody would get what it emits.
        if (hasLeft()) stop();
        return null;
      } catch (error) {
        return () => refuse(error);
      }
    };
    const arrival: Arrival = { name, attach };
    subscriber.add(() => {
      this.admission.drop(arrival);
      stop?.();
      letGo();
    });
    this.admission.admit(arrival, this.current.acquire()).catch(refuse);
  }
}

function warnOfDropped({ pipeline, checkpointId, orphaned }: RestoreReport): void {
  if (orphaned.length === 0) return;
  // eslint-disable-next-line no-console -- state is lost, if on purpose
  console.warn(
    `rxjs-checkpoint: pipeline '${pipeline}' began with checkpoint ${checkpointId} without the state of ${orphaned.join(', ')}, for which it has no operator (allowNonRestoredState).`,
  );
}
