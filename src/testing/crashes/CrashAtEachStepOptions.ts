import type { Checkpoint } from '../../checkpoint/Checkpoint.js';
import { policiesOf } from '../../checkpoint/CheckpointPolicies.js';
import type { CheckpointSubjectOptions } from '../../checkpoint/CheckpointSubjectOptions.js';
import { checkFlag, checkNames, checkOption } from '../../errors/invalidOption.js';
import type { CheckpointStorage } from '../../storage/CheckpointStorage.js';
import type { StorageUnderTest } from '../contracts/storageContract.js';

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
  /**
   * A run ends when nothing is due any more before this time, in ms of virtual time. Default: 1,000. A pipeline that has
   * emitted by then may go on for ever; one that has not is an error.
   */
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
  /**
   * By how many ms somebody sets the clock, ahead or back (below 0): each in runs of its own, at each step at which the process can
   * die, once while it lives and once before it is restarted. What comes out has to be what a process gives that nobody kills and
   * whose clock goes the same way: of timers that the clock has passed a restart fires all at once, in their order. None by
   * default. The input goes on where it was, whatever the clock shows.
   */
  readonly clockJumpsMs?: readonly number[];
  /**
   * Whether a pipeline is meant to end with an error. Default: false, which makes an error in the run without a crash one
   * of the test: a pipeline that never works says nothing about its recovery.
   */
  readonly mayFail?: boolean;
  /** Called with each completed checkpoint; throws when something is wrong with it. */
  readonly invariants?: (checkpoint: Checkpoint) => void;
  /** At which steps successive lives of one run are killed, as a failure says: this run alone is done. */
  readonly only?: readonly number[];
  /** Called after each run. */
  readonly onProgress?: (done: number, total: number) => void;
}

const own = [
  ...[
    'input',
    'values',
    'error',
    'storage',
    'untilMs',
    'checkpointEvery',
    'waitMs',
    'mostSteps',
    'exactTimes',
    'clockJumpsMs',
    'mayFail',
  ],
  ...['invariants', 'only', 'onProgress'],
] as const;
const ofJob = ['takeOver', 'historySize', 'committers', 'errorTypes', 'dropPipelines'];

/**
 * The options of the job among them, which CheckpointSubject checks.
 *
 * @throws TypeError, RangeError for options that cannot be.
 */
export function checkedCrashOptions<I>(
  options: CrashAtEachStepOptions<I>,
): Omit<CheckpointSubjectOptions, 'storage' | 'trigger' | 'scheduler'> {
  checkNames('crashAtEachStep', options, [...own, ...ofJob, ...Object.keys(policiesOf({}))]);
  const { input, values, exactTimes, clockJumpsMs, mayFail, only } = options;
  const isInput = input === undefined || typeof input === 'string' || Array.isArray(input);
  checkOption('input', input, isInput, "an array of records, or marbles such as '-a-b-|'");
  if (typeof input === 'string' && input.includes('%'))
    throw new RangeError(
      `input is '${input}': its barriers (%) cannot be taken, since crashAtEachStep takes checkpoints between all timers. ` +
        'Leave them out, and use checkpointEvery for fewer checkpoints.',
    );
  checkOption('values', values, values === undefined || (typeof values === 'object' && values !== null), 'an object');
  checkNumbers(options);
  checkFlag('exactTimes', exactTimes);
  checkFlag('mayFail', mayFail);
  const isJumps =
    clockJumpsMs === undefined ||
    (Array.isArray(clockJumpsMs) && clockJumpsMs.every((ms: unknown) => Number.isSafeInteger(ms) && ms !== 0));
  checkOption(
    'clockJumpsMs',
    isJumps ? clockJumpsMs : `[${String(clockJumpsMs)}]`,
    isJumps,
    'an array of whole numbers of ms, ahead or back (below 0), such as [60_000, -60_000]',
  );
  const isOnly =
    only === undefined || (Array.isArray(only) && only.length > 0 && only.every((n: number) => isWhole(n, 1)));
  checkOption('only', isOnly ? only : `[${String(only)}]`, isOnly, 'an array of steps, which are counted from 1');
  for (const name of ['storage', 'invariants', 'onProgress'] as const)
    checkOption(name, options[name], ['undefined', 'function'].includes(typeof options[name]), 'a function');
  const job: Record<string, unknown> = { ...options };
  for (const name of own) delete job[name];
  return job;
}

function checkNumbers({ untilMs, checkpointEvery, waitMs, mostSteps }: CrashAtEachStepOptions): void {
  const isTime = untilMs === undefined || (Number.isFinite(untilMs) && untilMs > 0);
  checkOption('untilMs', untilMs, isTime, 'a number of ms above 0, within which the pipeline comes to some output');
  const isCount = checkpointEvery === undefined || isWhole(checkpointEvery, 1);
  checkOption('checkpointEvery', checkpointEvery, isCount, 'a whole number from 1 on');
  checkOption('waitMs', waitMs, waitMs === undefined || isWhole(waitMs, 0), 'a whole number of ms from 0 on');
  const isLimit = mostSteps === undefined || mostSteps === Infinity || isWhole(mostSteps, 1);
  checkOption('mostSteps', mostSteps, isLimit, 'a whole number from 1 on, or Infinity');
}

function isWhole(value: number, least: number): boolean {
  return Number.isInteger(value) && value >= least;
}
