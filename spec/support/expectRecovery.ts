import { expect, test } from '@jest/globals';
import type { MonoTypeOperatorFunction, Observable } from 'rxjs';
import { identity } from 'rxjs';

import type { CheckpointedObservable } from '../../src/operators/base/CheckpointedObservable.js';
import { uid } from '../../src/operators/uid.js';
import { crashAtEachStep } from '../../src/testing/crashes/crashAtEachStep.js';
import { LawCheck } from './checkpointLaw.js';
import type { Message } from './InputSpec.js';
import { parse } from './InputSpec.js';
import type { Library } from './Library.js';
import { ours } from './Library.js';
import { timedObservable, timedSource } from './timedSource.js';
import { errorTypes } from './VirtualJob.js';

/** An input of marbles, a frame each; letters stand for themselves. The number tells inputs apart. */
export type Marbles = (marbles: string, serial?: number) => Observable<string>;

/** A pipeline under test: written once, built on RxJS's operators and on ours. */
export type Recoverable = (rx: Library, marbles: Marbles, named: Named) => Observable<unknown>;

/** `uid`, which RxJS does not have: for shared streams that are reached from inner pipelines. */
type Named = <T>(name: string) => MonoTypeOperatorFunction<T>;

const LAST_FRAME = 40;

/** A test that is one pipeline, and what it emits without a crash. */
export function recovers(name: string, expected: string, build: Recoverable, options?: RecoveryOptions): void {
  test(name, () => expectRecovery(build, expected, options), 120_000);
}

interface RecoveryOptions {
  /** Why parts of it are still in the job when its pipeline has ended. */
  readonly remains?: string;
}

/**
 * Runs a pipeline without a crash, which has to give what RxJS gives, and that is what is expected: `frame:value` and,
 * at the end, `|` or `#`. Then restores it from a checkpoint between any two turns; kills it at every turn; and kills it
 * at every step of its life and, while it is being restored, again.
 */
async function expectRecovery(build: Recoverable, expected: string, options: RecoveryOptions = {}): Promise<void> {
  const law = new LawCheck(
    (rx) => build(rx, marblesOf(rx), rx === ours ? uid : () => identity),
    { inputs: [], inners: [], innersArePlain: false },
    LAST_FRAME,
  );
  expect(law.whole.outputs.map(shorter).join(' ')).toBe(expected);
  expect(law.differences({ likeRxjs: true, remains: options.remains !== undefined })).toEqual([]);
  const pipeline = (): CheckpointedObservable<unknown> =>
    build(ours, marblesOf(ours), uid) as CheckpointedObservable<unknown>;
  const report = await crashAtEachStep(pipeline, { errorTypes, untilMs: LAST_FRAME, checkpointEvery: 7 });
  expect(report.restores).toBeGreaterThan(report.steps.length);
}

/** Later by a fraction of its own in each frame: no two things of different origin happen at the same time. */
function marblesOf(rx: Library): Marbles {
  return (marbles, serial = 1) => {
    const messages = parse(marbles, (letter) => letter).map((message) => ({
      ...message,
      frame: message.frame + serial * 2 ** -6 + (message.frame + 1) * 2 ** -16,
    })) as Message<string>[];
    return rx === ours ? timedSource(messages) : timedObservable(messages, () => 0);
  };
}

function shorter(line: string): string {
  const [frame, kind, ...value] = line.split(' ');
  const time = Math.floor(Number(frame));
  return kind === 'next' ? `${time}:${value.join(' ').replaceAll('"', '')}` : `${time}${kind === 'error' ? '#' : '|'}`;
}
