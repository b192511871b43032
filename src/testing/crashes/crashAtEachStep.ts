import type { SchedulerLike } from 'rxjs';
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
import { random } from '../random.js';
import { moved, timedMarbles } from '../timedMarbles.js';
import type { TimedNotification } from '../timedSource.js';
import { timedSource } from '../timedSource.js';
import { VirtualTime } from '../VirtualTime.js';
import type { ClockJump, ClockJumps } from './ClockJump.js';
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
  /** How many times the clock jumped in runs with crashes. */
  readonly clockJumps: number;
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

/** Some number below that, and not the same for neighbours. */
function scattered(step: number, below: number): number {
  return ((step - 1) * 7) % below;
}

/** How a run goes. */
interface LiveOptions {
  /** By default nothing happens to it. */
  readonly run?: CrashRun;
  /** Get what there was of it. */
  readonly lives?: CrashLife[];
  readonly crashes?: string[];
  /** Where what it does is noted; by default it is compared with the first run. */
  readonly notes?: CrashHistory;
  /** What happens to the clock of each process. */
  readonly planned?: ClockJumps;
}

/** What is tried at once. */
interface CrashRun {
  /** At which steps successive lives are killed. */
  readonly killedAt: readonly number[];
  /** What happens to the clock: before the first crash, or in the first restart. */
  readonly jump: ClockJump | null;
}

const UNDISTURBED: CrashRun = { killedAt: [], jump: null };

class CrashTest<I> {
  private readonly messages: readonly TimedNotification<I>[];
  private readonly report = { runs: 0, crashes: 0, restores: 0, clockJumps: 0, statesCompared: 0 };
  private readonly history = new CrashHistory('the first run');
  /** What a process does without a crash whose clock goes so. */
  private readonly histories = new Map<string, CrashHistory>();
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
    const { history } = this;
    try {
      history.steps.push(...(await this.live({ notes: history })));
    } catch (error) {
      throw withoutACrash(error);
    }
    this.checkFirstRun(history);
    const again = await this.live({}).catch((error: unknown) => {
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
    const all = Array.from({ length: steps }, (_, i) => i + 1);
    const twice = all.map((step) => [step, 1 + scattered(step, SECOND_CRASH_WITHIN)]);
    const runs: readonly CrashRun[] = [
      ...[...all.map((step) => [step]), ...twice].map((killedAt) => ({ killedAt, jump: null })),
      ...twice.flatMap((killedAt) => this.withJumps(killedAt)),
    ];
    for (const [i, run] of runs.entries()) {
      await this.runWithCrashes(run);
      this.options.onProgress?.(i + 1, runs.length);
    }
  }

  /** The same with each jump: while the first process lives, and before the second one does. */
  private withJumps(killedAt: readonly number[]): CrashRun[] {
    const { clockJumpsMs = [] } = this.options;
    const [first = 0] = killedAt;
    const moments = this.history.quietMoments.filter(({ steps }) => steps < first);
    const moment = moments[random(first).below(moments.length)];
    return clockJumpsMs.flatMap((byMs) => {
      const between: CrashRun = { killedAt, jump: { kind: 'restart', at: NaN, byMs } };
      return moment === undefined ? between : [between, { killedAt, jump: { kind: 'set', at: moment.at, byMs } }];
    });
  }

  private async runAlone(only: readonly number[], steps: number): Promise<void> {
    const [first = 0] = only;
    if (!(first >= 1 && first <= steps))
      throw new Error(
        `crashAtEachStep: only: [${only.join(', ')}] is none of the steps of the run, which are 1 to ${steps}.`,
      );
    await this.runWithCrashes({ killedAt: only, jump: null });
    if (this.report.crashes < only.length)
      throw new Error(
        `crashAtEachStep: of only: [${only.join(', ')}] the first ${this.report.crashes} came to a crash: ` +
          'the life after has not so many steps.',
      );
    for (const run of this.withJumps(only)) await this.runWithCrashes(run);
  }

  private async runWithCrashes(run: CrashRun): Promise<void> {
    const { report } = this;
    const lives: CrashLife[] = [];
    const crashes: string[] = [];
    const fail = (error: unknown, after: number): Error => {
      if (!(error instanceof Difference)) return error as Error;
      return failure(run, crashes.slice(0, after), { difference: error.message, lies: this.lies });
    };
    const error = await this.live({ run, lives, crashes }).then(
      () => null,
      (thrown: unknown) => fail(thrown, crashes.length),
    );
    if (lives.some(({ jumps }) => jumps.some(({ byMs }) => byMs !== 0))) report.clockJumps++;
    for (const [i, life] of lives.entries()) {
      const history = await this.historyOn(life.jumps);
      try {
        life.checkDeferred(history);
      } catch (difference) {
        throw fail(difference, i);
      }
    }
    if (error !== null) throw error;
  }

  /** What a process does that nobody kills, and whose clock goes so. */
  private async historyOn(jumps: ClockJumps): Promise<CrashHistory> {
    if (jumps.length === 0) return this.history;
    const key = JSON.stringify(jumps);
    const known = this.histories.get(key);
    if (known !== undefined) return known;
    const history = new CrashHistory('a run without a crash whose clock went the same way');
    try {
      await this.live({ notes: history, planned: jumps });
    } catch (error) {
      throw withoutACrash(error);
    }
    this.histories.set(key, history);
    return history;
  }

  /** @returns the steps of the last life. */
  private async live(options: LiveOptions): Promise<readonly string[]> {
    VirtualTime.leave();
    const place = placeOf(await (this.options.storage ?? faultless)());
    this.report.runs++;
    try {
      return await this.liveIn(place, options);
    } finally {
      VirtualTime.leave();
      await place.dispose?.();
    }
  }

  private async liveIn(
    place: StorageUnderTest,
    { run: { killedAt, jump } = UNDISTURBED, lives = [], crashes = [], notes, planned = [] }: LiveOptions,
  ): Promise<readonly string[]> {
    const outside: Outside = { moment: 0, promised: null, completed: new Set(), tally: this.report };
    const { untilMs = UNTIL_MS, checkpointEvery = 1, waitMs = 0, mostSteps = 1_000, exactTimes = true } = this.options;
    const limits = { untilMs, checkpointEvery, waitMs, mostSteps, exactTimes };
    let storage = place.reopen();
    this.lies = storage instanceof FaultyStorage ? liesOf(storage.faults) : [];
    for (let crash = 0; ; crash++) {
      const jumps = crash === 0 && jump?.kind === 'set' ? [jump] : planned;
      const restartByMs = crash === 1 && jump?.kind === 'restart' ? jump.byMs : 0;
      const life = new CrashLife({
        ...limits,
        ...{ storage, outside, isFirst: notes !== undefined, history: notes ?? this.history, job: this.job },
        ...{ clock: { planned: jumps, restartByMs }, defers: jump !== null },
        build: (step, inputs) => this.build(step, inputs),
        killedAt: killedAt[crash] ?? null,
        invariants: this.options.invariants,
      });
      lives.push(life);
      if (!(await life.live())) return life.steps;
      crashes.push(`step ${killedAt[crash]}, '${life.steps.at(-1)}'`);
      this.report.crashes++;
      VirtualTime.leave();
      storage = (await life.remains()) ?? place.reopen();
    }
  }

  private build(step: (name: string) => void, inputs: SchedulerLike): Map<string, CheckpointedObservable<unknown>> {
    let records = 0;
    const input$ = timedSource(this.messages, inputs).pipe(
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

function withoutACrash(error: unknown): unknown {
  return error instanceof Difference ? new Error(`crashAtEachStep: without a crash, ${error.message}`) : error;
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
