import { isObservable } from 'rxjs';

import type { Checkpoint } from '../../checkpoint/Checkpoint.js';
import type { CheckpointSubjectOptions } from '../../checkpoint/CheckpointSubjectOptions.js';
import { loadRareParts } from '../../checkpoint/loadRareParts.js';
import type { CheckpointedObservable } from '../../operators/base/CheckpointedObservable.js';
import { tap } from '../../operators/tap.js';
import type { CheckpointStorage } from '../../storage/CheckpointStorage.js';
import { inContext } from '../inContext.js';
import type { StorageUnderTest } from '../contracts/storageContract.js';
import { FaultyStorage } from '../FaultyStorage.js';
import { completeNotification, nextNotification } from '../marbles.js';
import { moved, timedMarbles } from '../timedMarbles.js';
import type { TimedNotification } from '../timedSource.js';
import { timedSource } from '../timedSource.js';
import { VirtualTime } from '../VirtualTime.js';
import { CrashHistory } from './CrashHistory.js';
import type { Outside } from './CrashLife.js';
import { CrashLife, Difference } from './CrashLife.js';

/** One pipeline, or several on one CheckpointSubject, by the names that `recover` gets. */
export type PipelinesUnderTest =
  CheckpointedObservable<unknown> | Readonly<Record<string, CheckpointedObservable<unknown>>>;

export interface CrashAtEachStepOptions<I = unknown> extends Omit<
  CheckpointSubjectOptions,
  'storage' | 'trigger' | 'scheduler'
> {
  /**
   * What the pipeline is given to read: records, one in each ms from the first on, and then the end; or marbles as in
   * `TestScheduler.run`, each a ms. All a moment (2^-16 ms and some) later than that, so that nothing comes together
   * with a timer. None by default, for a pipeline with sources of its own.
   */
  readonly input?: readonly I[] | string;
  /** What the letters of the marbles stand for; for themselves by default. */
  readonly values?: Readonly<Record<string, I>>;
  /** What `#` stands for. */
  readonly error?: unknown;
  /**
   * Makes an empty storage, or a place that can be opened again and again. Called for each run. By default a
   * `FaultyStorage` in memory without faults, of which writes are also torn; other storages crash before and after
   * their calls only.
   */
  readonly storage?: () => CheckpointStorage | StorageUnderTest | Promise<CheckpointStorage | StorageUnderTest>;
  /** A run ends when nothing is due any more before this time, in ms of virtual time. Default: 1,000. */
  readonly untilMs?: number;
  /** A checkpoint is taken whenever so many timers have fired. Default: 1, so between all of them. */
  readonly checkpointEvery?: number;
  /** How many ms of real time to wait for what is not a timer: files, requests. Default: 0. */
  readonly waitMs?: number;
  /** From how many steps on a run is found too long. Default: 1,000. */
  readonly mostSteps?: number;
  /**
   * Whether outputs have to come at the very ms at which they come without a crash. Default: true. False for pipelines
   * that begin something anew after a restore, such as a plain `interval`.
   */
  readonly exactTimes?: boolean;
  /** Called with each completed checkpoint; throws when something is wrong with it. */
  readonly invariants?: (checkpoint: Checkpoint) => void;
  /** At which steps successive lives of one run are killed, as a failure says: this run alone is done. */
  readonly only?: readonly number[];
  /** Called after each run. */
  readonly onProgress?: (done: number, total: number) => void;
}

/** What was tried. */
export interface CrashReport {
  /** The steps of a run without a crash, in order. */
  readonly steps: readonly string[];
  readonly runs: number;
  readonly crashes: number;
  /** How many times a pipeline was restored from a checkpoint. */
  readonly restores: number;
  /** How many checkpoints were compared with one of the same moment in the run without a crash. */
  readonly statesCompared: number;
}

/**
 * Lets a pipeline run once without a crash, and then once for every step at which its process can die: each
 * notification, each operator that a barrier comes to, each call of the storage (before, in the middle, after), each
 * timer. Then it is restarted; and all that once more, with a second crash soon after the first. What comes out, the state in
 * checkpoints of the same moment, and the promises of checkpoints (ids ascend, no restart begins with an older one than
 * was told of) have to be as without a crash.
 *
 * Time is virtual meanwhile: `setTimeout`, `setInterval` and `Date.now` of the process move only from timer to timer,
 * and stand still between a checkpoint and the restart from it. Do not run it beside other tests in one thread, or with
 * the fake timers of a test framework. It needs no framework, and works with all.
 *
 * @example
 * it('recovers', () =>
 *   crashAtEachStep((delays$: CheckpointedObservable<number>) => delays$.pipe(scan((sum, delay) => sum + delay, 0)), {
 *     input: [1, 2, 4],
 *   }));
 * @param makePipeline - builds the pipeline, for each life anew, as a restarted process does.
 * @throws an Error that names the step of the crash and the first difference, and says how to try that run alone.
 */
export async function crashAtEachStep<I>(
  makePipeline: (input$: CheckpointedObservable<I>) => PipelinesUnderTest,
  options: CrashAtEachStepOptions<I> = {},
): Promise<CrashReport> {
  // From a file, which virtual time does not wait for.
  await loadRareParts('crashAtEachStep', Infinity);
  return inContext(async (isWithin) => {
    const uninstall = VirtualTime.install(isWithin);
    try {
      return await new CrashTest(makePipeline, options).run();
    } finally {
      uninstall();
    }
  });
}

/** So many steps after its start, at most, a restarted process is killed in the runs with two crashes. */
const SECOND_CRASH_WITHIN = 40;

class CrashTest<I> {
  private readonly messages: readonly TimedNotification<I>[];
  private readonly report = { runs: 0, crashes: 0, restores: 0, statesCompared: 0 };
  private history: CrashHistory | null = null;

  constructor(
    private readonly makePipeline: (input$: CheckpointedObservable<I>) => PipelinesUnderTest,
    private readonly options: CrashAtEachStepOptions<I>,
  ) {
    this.messages = messagesOf(options);
  }

  async run(): Promise<CrashReport> {
    const { steps, checkpoints } = await this.withoutCrash();
    if (checkpoints === 0)
      throw new Error('crashAtEachStep: no checkpoint completed in the run without a crash, so nothing can be tested.');
    if (this.options.only === undefined) await this.crashEverywhere(steps.length);
    else await this.runAlone(this.options.only, steps.length);
    return { steps, ...this.report };
  }

  /** Twice: a pipeline that differs without a crash says nothing about recovery. */
  private async withoutCrash(): Promise<CrashHistory> {
    const history = new CrashHistory();
    this.history = history;
    try {
      history.steps.push(...(await this.live([], true)));
    } catch (error) {
      if (error instanceof Difference) throw new Error(`crashAtEachStep: without a crash, ${error.message}`);
      throw error;
    }
    this.report.statesCompared = 0;
    const again = await this.live([], false).catch((error: unknown) => {
      if (error instanceof Difference) throw notDeterministic(error.message);
      throw error;
    });
    const differs = history.steps.findIndex((step, i) => step !== again[i]);
    // Only where all steps are in our hands: files take their time.
    if (differs >= 0 && this.options.storage === undefined && this.options.waitMs === undefined)
      throw notDeterministic(`step ${differs + 1} is '${history.steps[differs]}' once and '${again[differs]}' then`);
    this.report.statesCompared = 0;
    return history;
  }

  private async crashEverywhere(steps: number): Promise<void> {
    const runs = [
      ...Array.from({ length: steps }, (_, i) => [i + 1]),
      ...Array.from({ length: steps }, (_, i) => [i + 1, 1 + ((i * 7) % SECOND_CRASH_WITHIN)]),
    ];
    for (const [i, killedAt] of runs.entries()) {
      await this.runWithCrashes(killedAt);
      this.options.onProgress?.(i + 1, runs.length);
    }
  }

  private async runAlone(only: readonly number[], steps: number): Promise<void> {
    const [first = 0] = only;
    if (!(first >= 1 && first <= steps))
      throw new Error(
        `crashAtEachStep: only: [${only.join(', ')}] is none of the steps of the run, which are 1 to ${steps}.`,
      );
    await this.runWithCrashes(only);
  }

  private async runWithCrashes(killedAt: readonly number[]): Promise<void> {
    const crashes: string[] = [];
    try {
      await this.live(killedAt, false, crashes);
    } catch (error) {
      if (error instanceof Difference) throw new Error(describeFailure(killedAt, crashes, error.message));
      throw error;
    }
  }

  /** @returns the steps of the last life. */
  private async live(
    killedAt: readonly number[],
    isFirst: boolean,
    crashes: string[] = [],
  ): Promise<readonly string[]> {
    VirtualTime.leave();
    const place = placeOf(await (this.options.storage ?? faultless)());
    const outside: Outside = { moment: 0, promised: null, completed: new Set(), statesCompared: 0, restores: 0 };
    const { untilMs = 1_000, checkpointEvery = 1, waitMs = 0, mostSteps = 1_000, exactTimes = true } = this.options;
    const limits = { untilMs, checkpointEvery, waitMs, mostSteps, exactTimes };
    let storage = place.reopen();
    this.report.runs++;
    try {
      for (let crash = 0; ; crash++) {
        const life = new CrashLife({
          ...limits,
          ...{ storage, outside, isFirst, history: this.history!, job: jobOptions(this.options) },
          build: (step) => this.build(step),
          killedAt: killedAt[crash] ?? null,
          invariants: this.options.invariants,
        });
        const wasKilled = await life.live().finally(() => {
          this.report.restores += outside.restores;
          outside.restores = 0;
        });
        if (!wasKilled) return life.steps;
        crashes.push(`step ${killedAt[crash]}, '${life.steps.at(-1)}'`);
        this.report.crashes++;
        VirtualTime.leave();
        storage = (await life.remains()) ?? place.reopen();
      }
    } finally {
      this.report.statesCompared += outside.statesCompared;
      VirtualTime.leave();
      await place.dispose?.();
    }
  }

  private build(step: (name: string) => void): Map<string, CheckpointedObservable<unknown>> {
    let records = 0;
    const input$ = timedSource(this.messages).pipe(
      tap({
        next: () => step(`record ${++records} of the input`),
        error: () => step('error of the input'),
        complete: () => step('end of the input'),
      }),
    );
    const made = this.makePipeline(input$);
    if (typeof made !== 'object' || made === null)
      throw new TypeError(`crashAtEachStep: makePipeline returned ${String(made)} in place of a pipeline.`);
    return isObservable(made) ? new Map([['main', made]]) : new Map(Object.entries(made));
  }
}

function faultless(): FaultyStorage {
  return new FaultyStorage({ seed: 1 });
}

function placeOf(storage: CheckpointStorage | StorageUnderTest): StorageUnderTest {
  return 'reopen' in storage ? storage : { reopen: () => storage };
}

function messagesOf<I>({ input = [], values, error }: CrashAtEachStepOptions<I>): readonly TimedNotification<I>[] {
  if (typeof input === 'string') return moved(timedMarbles(input, values, error));
  const records = input.map((value, i) => ({ frame: i + 1, notification: nextNotification(value) }));
  return moved([...records, { frame: input.length + 1, notification: completeNotification }]);
}

function jobOptions({ timeoutMs, retained, requireUids, errorTypes }: CrashAtEachStepOptions) {
  return {
    ...(timeoutMs === undefined ? {} : { timeoutMs }),
    ...(retained === undefined ? {} : { retained }),
    ...(requireUids === undefined ? {} : { requireUids }),
    ...(errorTypes === undefined ? {} : { errorTypes }),
  };
}

function notDeterministic(difference: string): Error {
  return new Error(
    `crashAtEachStep: two runs without a crash differ, so nothing can be said about runs with one. ${difference}\n` +
      'Take what is random, or what the time is, from something that a test can set, and a new storage for each run.',
  );
}

function describeFailure(killedAt: readonly number[], crashes: readonly string[], difference: string): string {
  const after = crashes.length === 0 ? 'Without a crash' : `After a crash at ${crashes.join(', and one at ')}`;
  return (
    `crashAtEachStep: ${after}, the pipeline does not go on as without one:\n  ${difference}\n` +
    'What a process keeps outside of the operators (a variable, a stock operator, a plain source that begins anew) dies with it.\n' +
    `Again: crashAtEachStep(makePipeline, { …, only: [${killedAt.join(', ')}] })`
  );
}
