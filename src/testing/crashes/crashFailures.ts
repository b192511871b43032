import { inspectValue } from '../inspectValue.js';
import type { ClockJump } from './ClockJump.js';
import type { Output } from './CrashHistory.js';

/** Without a crash, a pipeline ended with an error. */
export function neverWorked(pipeline: string, { at, value }: Output): Error {
  return new Error(
    `crashAtEachStep: without any crash, '${pipeline}' ended with an error at ${inMs(at)}: ${inspectValue(value)}. ` +
      'A pipeline that does not work shows nothing about recovery. ' +
      (isFrozen(value)
        ? 'The state of an operator cannot be changed in a job: let the function (of scan, say) return a new value, or use produce of immer. '
        : 'Mend it, or give it another input. ') +
      'If it is meant to end with this error, say { mayFail: true }.',
    { cause: value },
  );
}

/** What engines say when somebody changes what is frozen. */
function isFrozen(error: unknown): boolean {
  return error instanceof Error && /read[- ]only|not extensible|frozen/i.test(error.message);
}

/** Without a crash, a pipeline had come to nothing when the run ended. */
export function noOutput(pipeline: string, untilMs: number, nextDue: number): Error {
  const wayOut =
    nextDue === Infinity
      ? 'no timer is due any more, and it waits. Let its input end or give more; for files, requests and other things that come in real time, set waitMs.'
      : `its run was cut off at ${inMs(untilMs)} (untilMs), and the next timer is due at ${inMs(nextDue)}. Raise untilMs, or shorten the times of the pipeline.`;
  return new Error(
    `crashAtEachStep: without any crash, '${pipeline}' emitted nothing, so there is nothing to compare with: ${wayOut}`,
  );
}

export function notDeterministic(difference: string): Error {
  return new Error(
    `crashAtEachStep: two runs without a crash differ, so nothing can be said about runs with one. ${difference}\n` +
      'Take what is random, or what the time is, from something that a test can set, and a new storage for each run.',
  );
}

export interface FailureOptions {
  readonly difference: string;
  /** The faults of the storage by which it breaks its contract. */
  readonly lies: readonly string[];
}

export interface FailedRun {
  /** At which steps successive lives were to be killed. */
  readonly killedAt: readonly number[];
  /** What was done to the clock. */
  readonly jump: ClockJump | null;
}

/** @param crashes - what was done so far, in words. */
export function failure(
  { killedAt, jump }: FailedRun,
  crashes: readonly string[],
  { difference, lies }: FailureOptions,
): Error {
  const crashed = crashes.length === 0 ? 'Without a crash' : `After a crash at ${crashes.join(', and one at ')}`;
  const after = jump === null ? crashed : `${crashed}, and with a clock that was ${describeJump(jump)}`;
  const blame =
    lies.length === 0
      ? ''
      : `The storage was told to break its promises (${lies.join(', ')}): no pipeline recovers what that has lost. First see whether it recovers without.\n`;
  return new Error(
    `crashAtEachStep: ${after}, the pipeline does not go on as without one:\n  ${difference}\n${blame}` +
      'What a process keeps outside of the operators (a variable, a stock operator, a plain source that begins anew) dies with it.\n' +
      `Again: crashAtEachStep(makePipeline, { …, only: [${killedAt.join(', ')}]${jump === null ? '' : `, clockJumpsMs: [${jump.byMs}]`} })`,
  );
}

function describeJump({ kind, at, byMs }: ClockJump): string {
  const when = kind === 'set' ? `at ${inMs(at)}` : 'while there was no process';
  return `${byMs > 0 ? 'put ahead' : 'set back'} by ${Math.abs(byMs)} ms ${when}`;
}

/** Moments are for nobody to read. */
export function inMs(time: number): string {
  return `${Math.round(time * 1_000) / 1_000} ms`;
}
