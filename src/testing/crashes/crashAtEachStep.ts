import { isObservable } from 'rxjs';

import { loadRareParts } from '../../checkpoint/loadRareParts.js';
import type { CheckpointedObservable } from '../../operators/base/CheckpointedObservable.js';
import { tap } from '../../operators/tap.js';
import type { CheckpointStorage } from '../../storage/CheckpointStorage.js';
import { inContext } from '../inContext.js';
import type { StorageUnderTest } from '../contracts/storageContract.js';
import { shown } from '../../errors/invalidOption.js';
import { liesOf } from '../checkFaults.js';
import { FaultyStorage } from '../FaultyStorage.js';
import { completeNotification, nextNotification } from '../marbles.js';
import { moved, timedMarbles } from '../timedMarbles.js';
import type { TimedNotification } from '../timedSource.js';
import { timedSource } from '../timedSource.js';
import { VirtualTime } from '../VirtualTime.js';
import type { CrashAtEachStepOptions } from './CrashAtEachStepOptions.js';
import { checkedCrashOptions } from './CrashAtEachStepOptions.js';
import { CrashHistory } from './CrashHistory.js';
import { failure, neverWorked, noOutput, notDeterministic } from './crashFailures.js';
import type { Outside } from './CrashLife.js';
import { CrashLife, Difference } from './CrashLife.js';

/** One pipeline, or several on one CheckpointSubject, by the names that `recover` gets. */
export type PipelinesUnderTest =
  CheckpointedObservable<unknown> | Readonly<Record<string, CheckpointedObservable<unknown>>>;

/** What a pipeline does without a crash. */
export interface PipelineReport {
  /** How many it emitted. */
  readonly values: number;
  /** `cut-off`: it was still running when the run ended (`untilMs`). */
  readonly end: 'completed' | 'failed' | 'cut-off';
}

/** What was tried. */
export interface CrashReport {
  /** The steps of a run without a crash, in order. */
  readonly steps: readonly string[];
  /** What each pipeline did without a crash, by name; one that has none is `main`. */
  readonly pipelines: Readonly<Record<string, PipelineReport>>;
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
 * Time is virtual meanwhile: `setTimeout`, `setInterval` and `Date.now` move only from timer to timer for all that the
 * test starts, and stand still between a checkpoint and the restart from it. Timers that `makePipeline` starts are the
 * outside's, which goes on where it was at the checkpoint: hot inputs can be driven by them. Do not run it beside another
 * one in one thread, or with the fake timers of a test framework. It needs no framework, and works with all.
 *
 * @example
 * it('recovers', async () => {
 *   const totals = (delays$: CheckpointedObservable<number>) => delays$.pipe(scan((sum, delay) => sum + delay, 0));
 *   await crashAtEachStep(totals, { input: [1, 2, 4] });
 * });
 * @param makePipeline - builds the pipeline, for each life anew, as a restarted process does.
 * @throws TypeError and RangeError for options that cannot be; an Error if a pipeline fails (`mayFail`) or emits nothing
 * in the run without a crash; one that names the step of the crash and the first difference, and says how to try that run alone.
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

const UNTIL_MS = 1_000;

/** So many steps after its start, at most, a restarted process is killed in the runs with two crashes. */
const SECOND_CRASH_WITHIN = 40;

class CrashTest<I> {
  private readonly messages: readonly TimedNotification<I>[];
  private readonly report = { runs: 0, crashes: 0, restores: 0, statesCompared: 0 };
  private history: CrashHistory | null = null;
  /** Of the storage of the run. */
  private lies: readonly string[] = [];
  private readonly job: ReturnType<typeof checkedCrashOptions>;

  constructor(
    private readonly makePipeline: (input$: CheckpointedObservable<I>) => PipelinesUnderTest,
    private readonly options: CrashAtEachStepOptions<I>,
  ) {
    if (typeof makePipeline !== 'function')
      throw new TypeError(`crashAtEachStep: makePipeline is ${shown(makePipeline)}: it has to be a function.`);
    this.job = checkedCrashOptions(options);
    this.messages = messagesOf(options);
  }

  async run(): Promise<CrashReport> {
    const { steps, checkpoints, pipelines } = await this.withoutCrash();
    if (checkpoints === 0)
      throw new Error('crashAtEachStep: no checkpoint completed in the run without a crash, so nothing can be tested.');
    if (this.options.only === undefined) await this.crashEverywhere(steps.length);
    else await this.runAlone(this.options.only, steps.length);
    return { steps, pipelines, ...this.report };
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
    this.checkFirstRun(history);
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

  /** A pipeline that does not work without a crash would be found to recover from each. */
  private checkFirstRun({ pipelines, outputs, nextDue }: CrashHistory): void {
    const { mayFail = false, untilMs = UNTIL_MS } = this.options;
    for (const [name, { values, end }] of Object.entries(pipelines)) {
      if (end === 'failed' && !mayFail) throw neverWorked(name, outputs.get(name)!.at(-1)!);
      if (end === 'cut-off' && values === 0) throw noOutput(name, untilMs, nextDue);
    }
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
    if (this.report.crashes < only.length)
      throw new Error(
        `crashAtEachStep: of only: [${only.join(', ')}] the first ${this.report.crashes} came to a crash: ` +
          'the life after has not so many steps.',
      );
  }

  private async runWithCrashes(killedAt: readonly number[]): Promise<void> {
    const crashes: string[] = [];
    try {
      await this.live(killedAt, false, crashes);
    } catch (error) {
      if (error instanceof Difference) throw failure(killedAt, crashes, { difference: error.message, lies: this.lies });
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
    const { untilMs = UNTIL_MS, checkpointEvery = 1, waitMs = 0, mostSteps = 1_000, exactTimes = true } = this.options;
    const limits = { untilMs, checkpointEvery, waitMs, mostSteps, exactTimes };
    let storage = place.reopen();
    this.lies = storage instanceof FaultyStorage ? liesOf(storage.faults) : [];
    this.report.runs++;
    try {
      for (let crash = 0; ; crash++) {
        const life = new CrashLife({
          ...limits,
          ...{ storage, outside, isFirst, history: this.history!, job: this.job },
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
