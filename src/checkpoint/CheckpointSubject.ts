import type { Observer, SchedulerLike, Subscription } from 'rxjs';
import { asyncScheduler, noop, Observable, Subject } from 'rxjs';

import { CheckpointFailedError } from '../errors/CheckpointFailedError.js';
import { ConnectableInJobError } from '../errors/ConnectableInJobError.js';
import { InvalidPipelineNameError } from '../errors/InvalidPipelineNameError.js';
import { NotAPipelineError } from '../errors/NotAPipelineError.js';
import { nextTask } from '../io/nextTask.js';
import { Admission } from './Admission.js';
import type { Checkpoint } from './Checkpoint.js';
import { refused, starting } from './checkpointFailures.js';
import type { CheckpointPolicies } from './CheckpointPolicies.js';
import { checkedOptions, checkRecoverOptions, checkStopOptions } from './checkOptions.js';
import type {
  CheckOptions,
  CheckpointSubjectOptions,
  RecoverOptions,
  StopOptions,
} from './CheckpointSubjectOptions.js';
import { CurrentJob } from './CurrentJob.js';
import type { RestoreCheck } from './dryRun.js';
import { FailureReports } from './FailureReports.js';
import { guarded } from './guarded.js';
import { Job } from './Job.js';
import { loadRareParts } from './loadRareParts.js';
import { foreignPlace, isOfConnectable } from './protocol/foreignOperators.js';
import { isName } from './protocol/isName.js';
import type { Pipeline } from './protocol/Pipeline.js';
import { PIPELINE } from './protocol/Pipeline.js';
import type { ErrorType } from './protocol/StoredError.js';
import { builtInErrorTypes } from './protocol/StoredError.js';
import type { RestoreReport } from '../errors/OrphanedSnapshotError.js';
import { reasonOf } from '../errors/reasonOf.js';
import type { Recovery } from './Recoveries.js';
import { Recoveries } from './Recoveries.js';
import { RepeatedStops } from './RepeatedStops.js';
import { rxjsErrorTypes } from './rxjsErrorTypes.js';
import type { Savepoint } from './Savepoint.js';
import { Slices } from './Slices.js';
import type { CheckpointStatistics } from './statistics/CheckpointStatistics.js';
import { Statistics } from './statistics/Statistics.js';
import { savepointName } from './store/savepointName.js';
import { inTime } from './within.js';

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

  /**
   * What each pipeline began with, as `onRestore` is told: matched, new and orphaned operators. Told at each subscription and
   * each restart, before anything flows. Never ends.
   */
  readonly restores$: Observable<RestoreReport>;

  private readonly statistics: Statistics;
  private readonly completed: Subject<Checkpoint>;
  private readonly failures: FailureReports;
  private readonly current: CurrentJob;
  private readonly admission: Admission;
  private readonly recoveries: Recoveries;
  private triggerSubscription: Subscription | null = null;
  private readonly stops = new RepeatedStops();
  /** Since a pipeline has started. */
  private newest: Checkpoint | null = null;
  private readonly policies: CheckpointPolicies;

  constructor(private readonly options: CheckpointSubjectOptions) {
    const completed = new Subject<Checkpoint>();
    super((subscriber) => completed.subscribe(subscriber));
    this.completed = completed;
    this.policies = checkedOptions(options);
    this.statistics = new Statistics(options.historySize ?? 10);
    this.stats$ = this.statistics.stats$;
    this.failures = new FailureReports((failure) => this.statistics.refused(failure));
    this.failures$ = this.failures.failures$;
    this.current = new CurrentJob({
      storage: options.storage,
      open: (onUnusable) => this.open(onUnusable),
      onUnused: () => this.leaveTrigger(),
      onFailed: (failure) => this.failures.report(failure),
    });
    this.admission = new Admission(() => this.subscribeTrigger());
    this.recoveries = new Recoveries(this.current, this.admission);
    this.restores$ = this.recoveries.restores$;
  }

  /**
   * The pipeline with its state: subscribing restores the newest checkpoint and runs on from there, unsubscribing
   * stops. Each subscription restores anew, so RxJS's `retry()` behind it restarts the pipeline after an error.
   *
   * @throws NotAPipelineError, ConnectableInJobError, DuplicateUidError, MissingUidError, InvalidPipelineNameError
   */
  recover<T>(pipeline: Pipeline<T>, options: RecoverOptions = {}): Observable<T> {
    checkRecoverOptions('recover()', options);
    const { name = 'main', shared } = options;
    this.checkPipeline(pipeline, name, shared);
    return pipeline.recovered((subscriber) => {
      this.stops.started();
      this.newest = null;
      this.recoveries.start(pipeline, name, options, subscriber);
    });
  }

  /** Takes a checkpoint as soon as possible. Never throws: what becomes of it is told by `failures$` and subscribers. */
  next(_trigger?: unknown): void {
    const { running } = this;
    if (running === null) this.failures.report(this.notRunning());
    else running.coordinator.trigger();
  }

  /** An error of the trigger goes to `failures$`. */
  error(cause: unknown): void {
    const message = `The trigger of checkpoints ended with an error, so it takes no more; the pipelines go on. ${reasonOf(cause)}.`;
    this.failures.report(new CheckpointFailedError({ reason: 'trigger-failed', cause, message }));
  }

  /** That a trigger has no more values means nothing. */
  complete(): void {}

  /**
   * Takes a checkpoint that begins after this call. If pipelines are only starting, it is taken when they have.
   *
   * @returns it, once it is durable; rejects with a CheckpointFailedError.
   */
  checkpoint(): Promise<Checkpoint> {
    const { running } = this;
    return running?.coordinator.request() ?? this.runningSoon().then((job) => job.coordinator.request());
  }

  /**
   * Takes a checkpoint and makes a savepoint of it: one that you own. It is complete in itself, and is never removed or
   * replaced; a job can begin with it again (`recover(pipeline$, { from: name })`), also in another storage.
   *
   * It is taken like `checkpoint()`, so it is never refused because others are on their way.
   *
   * @param name - 1 to 54 of `a-z`, `0-9`, `-` and `.`, unique in the storage; not `latest`, nor an id.
   * @returns what was stored, once it is durable; rejects with InvalidSavepointNameError, SavepointExistsError, PartNotLoadedError, or
   *   a CheckpointFailedError.
   */
  async savepoint(name: string): Promise<Savepoint> {
    savepointName(name); // JavaScript may have none: from the environment, say
    return (this.running ?? (await this.runningSoon())).savepoint(name);
  }

  /**
   * Takes a last checkpoint and stops all pipelines right behind it: nothing is emitted that it does not have. Their
   * subscribers hear `complete` once it is durable. A restart goes on from there, as after any checkpoint.
   *
   * If it is refused or a participant declines, all goes on. If it cannot be stored after that, the pipelines end with
   * this error, and a restart (`retry()`, for example) begins with the checkpoint before.
   *
   * Asked for again (by the second Ctrl-C, say) it gives the same checkpoint, and when all have completed by themselves the last
   * one, if this has taken it. It does not give the checkpoint of a savepoint, and `stop({ savepoint })` is refused when nothing runs.
   *
   * @returns the checkpoint, or the savepoint of it if that was asked for, once the storage is free for another job.
   */
  stop(options: StopOptions & { readonly savepoint: string }): Promise<Savepoint>;
  stop(options?: StopOptions & { readonly savepoint?: undefined }): Promise<Checkpoint>;
  async stop(options: StopOptions = {}): Promise<Checkpoint | Savepoint> {
    checkStopOptions(options);
    const { savepoint, drain = false } = options;
    if (savepoint !== undefined) {
      savepointName(savepoint);
      return this.stopRunning(savepoint, drain);
    }
    return (
      this.stops.join(drain) ??
      this.stops.begin(drain, (onBegun) => this.stopRunning(undefined, drain, onBegun) as Promise<Checkpoint>)
    );
  }

  /** The checkpoint that says that all pipelines have completed, if this has taken it. */
  private async lastOfFinished(): Promise<Checkpoint | null> {
    if (!this.current.isFinished) return null;
    await this.current.closed;
    const { newest } = this;
    return newest !== null && Object.values(newest.pipelines).every((status) => status === 'completed') ? newest : null;
  }

  private async stopRunning(
    savepoint: string | undefined,
    drain: boolean,
    onBegun: () => void = noop,
  ): Promise<Checkpoint | Savepoint> {
    const job = this.running ?? (await this.soonRunning());
    if (job === null) {
      onBegun();
      const last = savepoint === undefined ? await this.lastOfFinished() : null;
      return last ?? this.refuse();
    }
    let stopped: readonly Recovery[] = [];
    const begun = (): void => {
      stopped = this.recoveries.all;
      onBegun();
    };
    try {
      if (drain) return await job.drain(savepoint, begun);
      const taken = await job.stop(savepoint, () => {
        begun();
        // Whoever waits would begin behind the checkpoint.
        for (const pipeline of stopped) pipeline.drop();
      });
      for (const pipeline of stopped) pipeline.complete();
      return taken;
    } catch (error) {
      // Who restarted during a drain is in the drained job, too.
      if (drain && stopped.length > 0) stopped = this.recoveries.all;
      for (const pipeline of stopped) pipeline.error(error);
      throw error;
    } finally {
      // Whoever starts another process now is to find the storage free.
      await this.current.closed;
    }
  }

  /** The job, if a pipeline runs and none is being let in at the moment. */
  private get running(): Job | null {
    return this.admission.isDeciding ? null : this.current.running;
  }

  /** The job, when those that are starting have; rejects with a CheckpointFailedError if none runs then. */
  private async runningSoon(): Promise<Job> {
    return (await this.soonRunning()) ?? this.refuse();
  }

  private refuse(failure: CheckpointFailedError = this.notRunning()): never {
    this.failures.report(failure);
    throw failure;
  }

  /** Null if none runs then. */
  private async soonRunning(): Promise<Job | null> {
    for (let { started } = this.admission; started !== null; { started } = this.admission) {
      const { timeoutMs } = this.policies;
      try {
        await inTime(timeoutMs, this.scheduler, started, () => starting(timeoutMs));
      } catch (failure) {
        this.refuse(failure as CheckpointFailedError);
      }
      if (this.running !== null) return this.running;
    }
    return null;
  }

  /**
   * A dry run of a restore, for example of a new version of the program beside the old one: says what would find its
   * place, runs the migrations, and starts and writes nothing. It takes no lock. Projections of running inner pipelines
   * are called, since what they build is a part of the pipeline.
   *
   * @param options - as for `recover`.
   * @returns the report, with the problems that would refuse the restore; rejects when there is nothing to be read, or with
   *   a PartNotLoadedError.
   * @throws as `recover` does: NotAPipelineError, ConnectableInJobError, DuplicateUidError, RenameConflictError …
   */
  check<T>(pipeline: Pipeline<T>, options: CheckOptions = {}): Promise<RestoreCheck> {
    checkRecoverOptions('check()', options);
    const { name = 'main', from, shared, allowNonRestoredState = false } = options;
    this.checkPipeline(pipeline, name, shared);
    const { errorTypes } = this;
    const { storage, dropPipelines = [] } = this.options;
    const { requireUids } = this.policies;
    return loadRareParts('check()').then(({ dryRun }) =>
      dryRun(pipeline, { storage, requireUids, errorTypes, dropPipelines, name, from, allowNonRestoredState }),
    );
  }

  private checkPipeline(pipeline: Pipeline<unknown>, name: string, shared: RecoverOptions['shared'] = []): void {
    if ((pipeline as Partial<Pipeline<unknown>> | null | undefined)?.[PIPELINE] !== true)
      throw isOfConnectable(pipeline) ? new ConnectableInJobError() : new NotAPipelineError(foreignPlace(pipeline));
    if (!isName(name)) throw new InvalidPipelineNameError(name);
    if (this.options.dropPipelines?.includes(name) === true) throw new InvalidPipelineNameError(name, 'dropped');
    pipeline.check(name, this.policies.requireUids, shared, this.options.storage);
  }

  private get errorTypes(): readonly ErrorType[] {
    return [...(this.options.errorTypes ?? []), ...builtInErrorTypes, ...rxjsErrorTypes];
  }

  private get scheduler(): SchedulerLike {
    return this.options.scheduler ?? asyncScheduler;
  }

  private open(onUnusable: () => void): Promise<Job> {
    const { storage, takeOver = false, committers = [], dropPipelines = [] } = this.options;
    const { policies, errorTypes, scheduler } = this;
    const later = this.options.scheduler === undefined ? nextTask : (work: () => void) => void scheduler.schedule(work);
    const beginning = this.recoveries.all.find(({ from }) => from !== undefined);
    return Job.open({
      storage,
      takeOver,
      dropPipelines,
      committers,
      scheduler,
      policies,
      errorTypes,
      onUnusable,
      from: beginning?.from,
      claim: beginning?.claim,
      slices: new Slices(scheduler, policies.sliceMs, later),
      listener: this.statistics,
      onCompleted: (checkpoint) => {
        this.newest = checkpoint;
        guarded(() => this.completed.next(checkpoint));
      },
      onFailed: (failure) => this.failures.report(failure),
    });
  }

  private subscribeTrigger(): void {
    if (this.triggerSubscription !== null || this.options.trigger === undefined) return;
    // Not `subscribe(this)` itself: a trigger that emits at once needs to be stoppable.
    this.triggerSubscription = this.options.trigger.subscribe({
      next: () => this.next(),
      error: (error: unknown) => this.error(error),
    });
  }

  private leaveTrigger(): void {
    this.triggerSubscription?.unsubscribe();
    this.triggerSubscription = null;
  }

  private notRunning(): CheckpointFailedError {
    if (this.admission.started !== null) return starting();
    const reason = this.current.isFinished ? 'finished' : 'not-running';
    return refused({ action: 'refuse', reason }, undefined);
  }
}
