import type { Observer, SchedulerLike, Subscriber, Subscription } from 'rxjs';
import { asyncScheduler, Observable, Subject } from 'rxjs';

import { AlreadyRunningError } from '../errors/AlreadyRunningError.js';
import type { CheckpointFailure } from '../errors/CheckpointFailedError.js';
import { CheckpointFailedError } from '../errors/CheckpointFailedError.js';
import { InvalidPipelineNameError } from '../errors/InvalidPipelineNameError.js';
import { ConnectableInJobError } from '../errors/ConnectableInJobError.js';
import { NotAPipelineError } from '../errors/NotAPipelineError.js';
import type { CheckpointStorage } from '../storage/CheckpointStorage.js';
import type { Checkpoint } from './Checkpoint.js';
import { Job } from './Job.js';
import { foreignPlace, isOfConnectable } from './protocol/foreignOperators.js';
import { isName } from './protocol/isName.js';
import type { Pipeline } from './protocol/Pipeline.js';
import { PIPELINE } from './protocol/Pipeline.js';
import { Round } from './protocol/Round.js';
import { builtInErrorTypes } from './protocol/StoredError.js';
import type { ErrorType } from './protocol/StoredError.js';
import { rxjsErrorTypes } from './rxjsErrorTypes.js';

export interface CheckpointSubjectOptions {
  /** Where checkpoints are kept. One job at a time may use it. */
  readonly storage: CheckpointStorage;
  /** Each value takes a checkpoint. Subscribed while pipelines run, so that it does not keep a process alive. */
  readonly trigger?: Observable<unknown>;
  /** After how many ms a checkpoint that does not get done is given up. Default: 600,000 (10 minutes). */
  readonly timeoutMs?: number;
  /** How many completed checkpoints to keep, to fall back to when the newest is damaged. Default: 3. */
  readonly retained?: number;
  /** Makes an operator with state and without a uid an error. Default: false. */
  readonly requireUids?: boolean;
  /** Error classes of the user's that `catchError` or `retry` may have to keep, besides the built-in and RxJS's own. */
  readonly errorTypes?: readonly ErrorType[];
  /** The clock, and the timer of `timeoutMs`. Default: `asyncScheduler`. */
  readonly scheduler?: SchedulerLike;
}

/** Tells the subscriber of an end that came with the attempt to attach it. */
type Outcome = (() => void) | null;

export interface RecoverOptions {
  /** Tells the pipelines of one CheckpointSubject apart. Default: `'main'`. */
  readonly name?: string;
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

  private readonly completed: Subject<Checkpoint>;
  private readonly failures = new Subject<CheckpointFailedError>();
  /** By name: the subscription that has it. */
  private readonly running = new Map<string, Subscriber<unknown>>();
  /** Subscriptions that wait to be attached. */
  private readonly arrivals = new Map<(job: Job, round: Round) => Outcome, Promise<Job>>();
  /** How many subscriptions need the job; it is closed with the last. */
  private users = 0;
  private job: Promise<Job> | null = null;
  private openJob: Job | null = null;
  private closing: Promise<void> = Promise.resolve();
  private admitting: Promise<void> = Promise.resolve();
  private triggerSubscription: Subscription | null = null;

  constructor(private readonly options: CheckpointSubjectOptions) {
    const completed = new Subject<Checkpoint>();
    super((subscriber) => completed.subscribe(subscriber));
    this.completed = completed;
    this.failures$ = this.failures.asObservable();
    checkOptions(options);
  }

  /**
   * The pipeline with its state: subscribing restores the newest checkpoint and runs on from there, unsubscribing
   * stops. Each subscription restores anew, so RxJS's `retry()` behind it restarts the pipeline after an error.
   *
   * @throws NotAPipelineError, ConnectableInJobError, DuplicateUidError, MissingUidError, InvalidPipelineNameError
   */
  recover<T>(pipeline: Pipeline<T>, options: RecoverOptions = {}): Observable<T> {
    const { name = 'main' } = options;
    if ((pipeline as Partial<Pipeline<T>> | null | undefined)?.[PIPELINE] !== true)
      throw isOfConnectable(pipeline) ? new ConnectableInJobError() : new NotAPipelineError(foreignPlace(pipeline));
    if (!isName(name)) throw new InvalidPipelineNameError(name);
    pipeline.check(name, this.options.requireUids ?? false);
    return pipeline.recovered((subscriber) => this.start(pipeline, name, subscriber));
  }

  /** Takes a checkpoint as soon as possible. Never throws: what becomes of it is told by `failures$` and subscribers. */
  next(_trigger?: unknown): void {
    if (!this.openJob?.isRunning) this.report(notRunning());
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
    const failure = notRunning();
    this.report(failure);
    return Promise.reject(failure);
  }

  private start<T>(pipeline: Pipeline<T>, name: string, subscriber: Subscriber<T>): void {
    if (this.running.has(name)) {
      subscriber.error(new AlreadyRunningError(name));
      return;
    }
    this.running.set(name, subscriber);
    let stop: (() => void) | null = null;
    let isHeld = true;
    const freeName = (): void => {
      if (this.running.get(name) === subscriber) this.running.delete(name);
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
    const hasLeft = (): boolean => subscriber.closed;
    const attach = (job: Job, round: Round): Outcome => {
      if (hasLeft()) return null;
      if (job.hasCompleted(name)) return () => (letGo(), subscriber.complete());
      const sink = {
        values: subscriber,
        error: refuse,
        // The name is free before the subscriber hears of it, which may start the pipeline anew.
        complete: () => (freeName(), subscriber.complete()),
      };
      try {
        stop = job.attach(pipeline, name, sink, round);
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
    const {
      storage,
      retained = 3,
      timeoutMs = 600_000,
      requireUids = false,
      errorTypes = [],
      scheduler = asyncScheduler,
    } = this.options;
    this.openJob = await Job.open({
      storage,
      retained,
      timeoutMs,
      requireUids,
      scheduler,
      errorTypes: [...errorTypes, ...builtInErrorTypes, ...rxjsErrorTypes],
      onCompleted: (checkpoint) => this.completed.next(checkpoint),
      onFailed: (failure) => this.report(failure),
    });
    return this.openJob;
  }

  private release(): void {
    if (--this.users > 0) return;
    this.triggerSubscription?.unsubscribe();
    this.triggerSubscription = null;
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

  private report(failure: CheckpointFailedError): void {
    if (this.failures.observed) this.failures.next(failure);
    // eslint-disable-next-line no-console -- a failing checkpoint that nobody hears of would be found out after a crash
    else if (!harmless.has(failure.reason)) console.warn(`rxjs-checkpoint: ${failure.message}`);
  }
}

const harmless = new Set<CheckpointFailure['reason']>(['not-running', 'too-many-pending', 'cancelled']);

function notRunning(): CheckpointFailedError {
  const message = 'No checkpoint was taken: no pipeline is running. Subscribe to recover(pipeline$) first.';
  return new CheckpointFailedError({ reason: 'not-running', message });
}

function checkOptions({ storage, retained = 3, timeoutMs = 1 }: CheckpointSubjectOptions): void {
  if (typeof (storage as Partial<CheckpointStorage> | undefined)?.write !== 'function') {
    throw new TypeError('CheckpointSubject needs a storage, e.g. { storage: memoryStorage() }.');
  }
  if (!Number.isInteger(retained) || retained < 1)
    throw new RangeError(`retained is ${retained}: it has to be a whole number from 1 on.`);
  if (!(timeoutMs > 0)) throw new RangeError(`timeoutMs is ${timeoutMs}: it has to be above 0.`);
}
