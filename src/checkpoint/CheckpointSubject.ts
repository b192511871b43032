import type { Observer, SchedulerLike, Subscriber, Subscription } from 'rxjs';
import { asyncScheduler, Observable, Subject } from 'rxjs';

import { AlreadyRunningError } from '../errors/AlreadyRunningError.js';
import type { CheckpointFailure } from '../errors/CheckpointFailedError.js';
import { CheckpointFailedError } from '../errors/CheckpointFailedError.js';
import { InvalidPipelineNameError } from '../errors/InvalidPipelineNameError.js';
import { ConnectableInJobError } from '../errors/ConnectableInJobError.js';
import { NotAPipelineError } from '../errors/NotAPipelineError.js';
import { RestorePointConflictError } from '../errors/RestorePointConflictError.js';
import type { CheckpointStorage } from '../storage/CheckpointStorage.js';
import type { Checkpoint } from './Checkpoint.js';
import type { CheckpointCommitter } from './CheckpointCommitter.js';
import type { RestoreReport } from '../errors/OrphanedSnapshotError.js';
import type { RestoreCheck } from './dryRun.js';
import { dryRun } from './dryRun.js';
import { nextTask } from '../io/nextTask.js';
import { refused } from './checkpointFailures.js';
import type { CheckpointPolicies, CheckpointPolicyOptions } from './CheckpointPolicies.js';
import { policiesOf } from './CheckpointPolicies.js';
import { guarded } from './guarded.js';
import { Job } from './Job.js';
import type { RestoreFrom } from './RestorePoint.js';
import { describeFrom } from './RestorePoint.js';
import type { Savepoint } from './Savepoint.js';
import type { CheckpointStatistics } from './statistics/CheckpointStatistics.js';
import { Statistics } from './statistics/Statistics.js';
import { savepointName } from './store/savepointName.js';
import { foreignPlace, isOfConnectable } from './protocol/foreignOperators.js';
import { isName } from './protocol/isName.js';
import type { Pipeline } from './protocol/Pipeline.js';
import { PIPELINE } from './protocol/Pipeline.js';
import { Round } from './protocol/Round.js';
import { builtInErrorTypes } from './protocol/StoredError.js';
import type { ErrorType } from './protocol/StoredError.js';
import { rxjsErrorTypes } from './rxjsErrorTypes.js';
import { Slices } from './Slices.js';

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
   * The clock, the timer of `timeoutMs`, and what gives the event loop a turn while a checkpoint is encoded. Default:
   * `asyncScheduler`, and messages for those turns, which no browser delays.
   */
  readonly scheduler?: SchedulerLike;
}

/** Tells the subscriber of an end that came with the attempt to attach it. */
type Outcome = (() => void) | null;

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
   * Hands the savepoint of that name over to the job, which removes it when it has as many checkpoints of its own as are
   * retained. Default: false, it stays yours. A checkpoint of the storage is the job's in any case.
   */
  readonly claim?: boolean | undefined;
  /**
   * Drops the snapshots that no operator of the pipeline claims, where otherwise nothing would start. They are listed in
   * the report as `orphaned`, and on the console if nobody takes the report. Default: false.
   */
  readonly allowNonRestoredState?: boolean | undefined;
  /** Told what was restored, before anything flows. What it throws refuses the restore, as an error of the pipeline. */
  readonly onRestore?: ((report: RestoreReport) => void) | undefined;
}

export type CheckOptions = Omit<RecoverOptions, 'claim' | 'onRestore'>;

export interface StopOptions {
  /** Makes a savepoint of the last checkpoint, under this name. */
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

/** A pipeline that runs, or is about to. */
interface Running {
  readonly subscriber: Subscriber<unknown>;
  readonly from: RestoreFrom | undefined;
  readonly claim: boolean | undefined;
  /** Its subscriber hears that it is stopped. */
  readonly complete: () => void;
  readonly error: (error: unknown) => void;
}

/**
 * Takes checkpoints of the pipelines that were given to `recover`, all together, and restores them.
 *
 * It is an Observer of triggers (each value takes a checkpoint) and an Observable of the completed checkpoints. It is
 * reusable: when all pipelines have ended, subscribing to one again begins with the newest checkpoint.
 */
export class CheckpointSubject extends Observable<Checkpoint> implements Observer<unknown> {
  /**
   * Every checkpoint that failed or was not taken, with the reason, and what else went wrong on the way. Never ends.
   * What is serious and has no subscriber here is written to the console.
   */
  readonly failures$: Observable<CheckpointFailedError>;

  /** How checkpoints have gone since the CheckpointSubject was made: what is known now, and again after each change. */
  readonly stats$: Observable<CheckpointStatistics>;

  private readonly statistics: Statistics;
  private readonly completed: Subject<Checkpoint>;
  private readonly failures = new Subject<CheckpointFailedError>();
  /** By name: the subscription that has it. */
  private readonly running = new Map<string, Running>();
  /** Subscriptions that wait to be attached. */
  private readonly arrivals = new Map<(job: Job, round: Round) => Outcome, Promise<Job>>();
  /** How many subscriptions need the job; it is closed with the last. */
  private users = 0;
  private job: Promise<Job> | null = null;
  private openJob: Job | null = null;
  private closing: Promise<void> = Promise.resolve();
  private admitting: Promise<void> = Promise.resolve();
  private triggerSubscription: Subscription | null = null;
  private readonly policies: CheckpointPolicies;
  /** Whether no pipeline runs because all have completed. */
  private isFinished = false;

  constructor(private readonly options: CheckpointSubjectOptions) {
    const completed = new Subject<Checkpoint>();
    super((subscriber) => completed.subscribe(subscriber));
    this.completed = completed;
    this.failures$ = this.failures.asObservable();
    checkStorage(options.storage);
    this.policies = policiesOf(options);
    this.statistics = new Statistics(historySizeOf(options));
    this.stats$ = this.statistics.stats$;
  }

  /**
   * The pipeline with its state: subscribing restores the newest checkpoint and runs on from there, unsubscribing
   * stops. Each subscription restores anew, so RxJS's `retry()` behind it restarts the pipeline after an error.
   *
   * @throws NotAPipelineError, ConnectableInJobError, DuplicateUidError, MissingUidError, InvalidPipelineNameError
   */
  recover<T>(pipeline: Pipeline<T>, options: RecoverOptions = {}): Observable<T> {
    const { name = 'main' } = options;
    this.checkPipeline(pipeline, name);
    return pipeline.recovered((subscriber) => this.start(pipeline, name, options, subscriber));
  }

  /** Takes a checkpoint as soon as possible. Never throws: what becomes of it is told by `failures$` and subscribers. */
  next(_trigger?: unknown): void {
    if (!this.openJob?.isRunning) this.report(this.notRunning());
    else this.openJob.coordinator.trigger();
  }

  /** An error of the trigger goes to `failures$`. */
  error(cause: unknown): void {
    const why = cause instanceof Error ? cause.message : String(cause);
    const message = `The trigger of checkpoints ended with an error, so it takes no more; the pipelines go on. ${why}`;
    this.report(new CheckpointFailedError({ reason: 'trigger-failed', cause, message }));
  }

  /** That a trigger has no more values means nothing. */
  complete(): void {}

  /**
   * Takes a checkpoint that begins after this call.
   *
   * @returns it, once it is durable; rejects with a CheckpointFailedError.
   */
  checkpoint(): Promise<Checkpoint> {
    if (this.openJob?.isRunning) return this.openJob.coordinator.request();
    const failure = this.notRunning();
    this.report(failure);
    return Promise.reject(failure);
  }

  /**
   * Takes a checkpoint and makes a savepoint of it: one that you own. It is complete in itself, and is never removed or
   * replaced; a job can begin with it again (`recover(pipeline$, { from: name })`), also in another storage.
   *
   * It is taken like `checkpoint()`, so it is never refused because others are on their way.
   *
   * @param name - 1 to 54 of `a-z`, `0-9`, `-` and `.`, unique in the storage.
   * @returns what was stored, once it is durable; rejects with InvalidSavepointNameError, SavepointExistsError, or a
   *   CheckpointFailedError.
   */
  async savepoint(name: string): Promise<Savepoint> {
    return this.runningJob(name).savepoint(name);
  }

  /**
   * Takes a last checkpoint and stops all pipelines right behind it: nothing is emitted that it does not have. Their
   * subscribers hear `complete` once it is durable. A restart goes on from there, as after any checkpoint.
   *
   * If it is refused or a participant declines, all goes on. If it cannot be stored after that, the pipelines end with
   * this error, and a restart (`retry()`, for example) begins with the checkpoint before.
   *
   * @returns the checkpoint; or the savepoint of it, if that was asked for.
   */
  stop(options: StopOptions & { readonly savepoint: string }): Promise<Savepoint>;
  stop(options?: StopOptions & { readonly savepoint?: undefined }): Promise<Checkpoint>;
  async stop({ savepoint, drain = false }: StopOptions = {}): Promise<Checkpoint | Savepoint> {
    const job = this.runningJob(savepoint);
    let stopped: Running[] = [];
    const begun = (): void => void (stopped = [...this.running.values()]);
    try {
      if (drain) return await job.drain(savepoint, begun);
      const taken = await job.stop(savepoint, begun);
      for (const pipeline of stopped) pipeline.complete();
      return taken;
    } catch (error) {
      for (const pipeline of stopped) pipeline.error(error);
      throw error;
    }
  }

  /** @throws CheckpointFailedError, InvalidSavepointNameError */
  private runningJob(savepoint: string | undefined): Job {
    if (savepoint !== undefined) savepointName(savepoint);
    const { openJob } = this;
    if (openJob?.isRunning === true) return openJob;
    const failure = this.notRunning();
    this.report(failure);
    throw failure;
  }

  /**
   * A dry run of a restore, for example of a new version of the program beside the old one: says what would find its
   * place, runs the migrations, and starts and writes nothing. It takes no lock. Projections of running inner pipelines
   * are called, since what they build is a part of the pipeline.
   *
   * @param options - as for `recover`.
   * @returns the report, with the problems that would refuse the restore; rejects when there is nothing to be read.
   * @throws as `recover` does: NotAPipelineError, ConnectableInJobError, DuplicateUidError, RenameConflictError …
   */
  check<T>(pipeline: Pipeline<T>, options: CheckOptions = {}): Promise<RestoreCheck> {
    const { name = 'main', from, allowNonRestoredState = false } = options;
    this.checkPipeline(pipeline, name);
    const { storage } = this.options;
    const { requireUids } = this.policies;
    return dryRun(pipeline, { storage, requireUids, errorTypes: this.errorTypes, name, from, allowNonRestoredState });
  }

  private checkPipeline(pipeline: Pipeline<unknown>, name: string): void {
    if ((pipeline as Partial<Pipeline<unknown>> | null | undefined)?.[PIPELINE] !== true)
      throw isOfConnectable(pipeline) ? new ConnectableInJobError() : new NotAPipelineError(foreignPlace(pipeline));
    if (!isName(name)) throw new InvalidPipelineNameError(name);
    pipeline.check(name, this.policies.requireUids);
  }

  private get errorTypes(): readonly ErrorType[] {
    return [...(this.options.errorTypes ?? []), ...builtInErrorTypes, ...rxjsErrorTypes];
  }

  private start<T>(pipeline: Pipeline<T>, name: string, options: RecoverOptions, subscriber: Subscriber<T>): void {
    const { from, claim, allowNonRestoredState, onRestore = warnOfDropped } = options;
    if (this.running.has(name)) {
      subscriber.error(new AlreadyRunningError(name));
      return;
    }
    let stop: (() => void) | null = null;
    let isHeld = true;
    const freeName = (): void => {
      if (this.running.get(name) === running) this.running.delete(name);
    };
    const letGo = (): void => {
      if (!isHeld) return;
      isHeld = false;
      freeName();
      this.release();
    };
    const refuse = (error: unknown): void => {
      letGo();
      subscriber.error(error);
    };
    const running: Running = {
      subscriber,
      from,
      claim,
      error: refuse,
      complete: () => (freeName(), subscriber.complete()),
    };
    this.running.set(name, running);
    const hasLeft = (): boolean => subscriber.closed;
    const attach = (job: Job, round: Round): Outcome => {
      if (hasLeft()) return null;
      if (from !== undefined && !job.beganWith(from))
        return () => refuse(new RestorePointConflictError(name, describeFrom(from), job.beginning));
      if (job.hasCompleted(name)) return () => (letGo(), subscriber.complete());
      const sink = {
        values: subscriber,
        error: refuse,
        // The name is free before the subscriber hears of it, which may start the pipeline anew.
        complete: running.complete,
      };
      try {
        stop = job.attach(pipeline, name, sink, round, { allowNonRestoredState, onRestore });
        // By what a callback did while it was being connected: nobody would get what it emits.
        if (hasLeft()) stop();
        return null;
      } catch (error) {
        return () => refuse(error);
      }
    };
    subscriber.add(() => {
      this.arrivals.delete(attach);
      stop?.();
      letGo();
    });
    const job = this.acquire();
    this.arrivals.set(attach, job);
    // One round after the other: a part that is shared must not open while those of the round before are checked.
    const admission = this.admitting.then(() => this.admit(job));
    this.admitting = admission.catch(() => {});
    admission.catch(refuse);
  }

  /**
   * Attaches all that have come until now before anything flows: those that share a source and were subscribed in one
   * go miss none of its records, whichever is the first.
   */
  private async admit(opening: Promise<Job>): Promise<void> {
    const job = await opening;
    await job.ready();
    const round = new Round();
    const outcomes: Outcome[] = [];
    for (const [attach, goal] of [...this.arrivals]) {
      if (goal !== opening) continue;
      this.arrivals.delete(attach);
      outcomes.push(attach(job, round));
    }
    if (round.hasChecks) await round.checked();
    if (job.isRunning) {
      this.subscribeTrigger();
      job.open(round);
    }
    for (const tell of outcomes) tell?.();
  }

  private acquire(): Promise<Job> {
    this.users++;
    if (this.job !== null) return this.job;
    const job = this.closing.then(() => this.open());
    this.job = job;
    // Whoever comes next may have more luck.
    job.catch(() => {
      if (this.job === job) this.job = null;
    });
    return job;
  }

  private async open(): Promise<Job> {
    const { storage, takeOver = false, committers = [], scheduler = asyncScheduler } = this.options;
    const { policies } = this;
    const later = this.options.scheduler === undefined ? nextTask : (work: () => void) => void scheduler.schedule(work);
    const beginning = [...this.running.values()].find((pipeline) => pipeline.from !== undefined);
    this.isFinished = false;
    const job = await Job.open({
      storage,
      from: beginning?.from,
      claim: beginning?.claim,
      policies,
      takeOver,
      committers,
      slices: new Slices(scheduler, policies.sliceMs, later),
      scheduler,
      errorTypes: this.errorTypes,
      listener: this.statistics,
      onCompleted: (checkpoint) => guarded(() => this.completed.next(checkpoint)),
      onFailed: (failure) => this.report(failure),
      onLost: () => {
        if (this.openJob === job) this.abandon();
      },
    });
    this.openJob = job;
    return job;
  }

  private release(): void {
    if (--this.users > 0) return;
    this.triggerSubscription?.unsubscribe();
    this.triggerSubscription = null;
    const { job } = this;
    this.job = null;
    if (job !== null) this.closing = this.close(job);
  }

  /** Whoever restarts at once is to get another job, although others are still to hear that this one has ended. */
  private abandon(): void {
    const { job } = this;
    this.job = null;
    if (job !== null) this.closing = this.close(job);
  }

  private async close(opening: Promise<Job>): Promise<void> {
    const job = await opening.catch(() => null);
    if (job === null) return;
    try {
      await job.close();
    } catch (cause) {
      const why = cause instanceof Error ? cause.message : String(cause);
      this.report(
        new CheckpointFailedError({
          reason: 'storage-failed',
          cause,
          message: `The storage could not be given back. ${why}`,
        }),
      );
    } finally {
      this.isFinished = job.status === 'finished';
      if (this.openJob === job) this.openJob = null;
    }
  }

  private subscribeTrigger(): void {
    if (this.triggerSubscription !== null || this.options.trigger === undefined) return;
    // Not `subscribe(this)` itself: a trigger that emits at once needs to be stoppable.
    this.triggerSubscription = this.options.trigger.subscribe({
      next: () => this.next(),
      error: (error: unknown) => this.error(error),
    });
  }

  private notRunning(): CheckpointFailedError {
    const isFinished = this.openJob === null ? this.isFinished : this.openJob.status === 'finished';
    return refused({ action: 'refuse', reason: isFinished ? 'finished' : 'not-running' }, undefined);
  }

  private report(failure: CheckpointFailedError): void {
    if (failure.checkpointId === undefined && isOfCheckpoint.has(failure.reason)) this.statistics.refused(failure);
    if (this.failures.observed) guarded(() => this.failures.next(failure));
    // eslint-disable-next-line no-console -- a failing checkpoint that nobody hears of would be found out after a crash
    else if (!harmless.has(failure.reason)) console.warn(`rxjs-checkpoint: ${failure.message}`);
  }
}

const harmless = new Set<CheckpointFailure['reason']>([
  ...(['not-running', 'finished', 'too-many-pending', 'min-pause'] as const),
  ...(['subsumed', 'cancelled', 'aborted'] as const),
]);

/** Of those that have an id the coordinator tells. */
const isOfCheckpoint = new Set<CheckpointFailure['reason']>([
  ...(['not-running', 'finished', 'too-many-pending', 'min-pause'] as const),
  ...(['region-broken', 'cancelled', 'aborted'] as const),
]);

function warnOfDropped({ pipeline, checkpointId, orphaned }: RestoreReport): void {
  if (orphaned.length === 0) return;
  // eslint-disable-next-line no-console -- state is lost, if on purpose
  console.warn(
    `rxjs-checkpoint: pipeline '${pipeline}' began with checkpoint ${checkpointId} without the state of ${orphaned.join(', ')}, for which it has no operator (allowNonRestoredState).`,
  );
}

function historySizeOf({ historySize = 10 }: CheckpointSubjectOptions): number {
  if (Number.isInteger(historySize) && historySize >= 0) return historySize;
  throw new RangeError(`historySize is ${historySize}: it has to be a whole number from 0 on.`);
}

function checkStorage(storage: Partial<CheckpointStorage> | undefined): void {
  if (typeof storage?.write !== 'function')
    throw new TypeError('CheckpointSubject needs a storage, e.g. { storage: memoryStorage() }.');
}
