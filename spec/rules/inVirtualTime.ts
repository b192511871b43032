import { expect } from '@jest/globals';

import type { CheckpointedObservable } from '../../src/index.js';
import { format } from '../support/format.js';
import type { Message } from '../support/InputSpec.js';
import { timedSource } from '../support/timedSource.js';
import type { Cut, Life } from '../support/VirtualJob.js';
import { liveInVirtualTime } from '../support/VirtualJob.js';

const LAST_FRAME = 100;

export type Build = () => CheckpointedObservable<unknown>;

/**
 * Digits are emitted as numbers, a frame for each character; `|` ends it, `#` fails it.
 *
 * @param offset - a fraction of a frame: things of different origin that happen at the same time have no order.
 */
export function timed(marbles: string, offset = 0): CheckpointedObservable<number> {
  const messages: Message[] = [];
  [...marbles].forEach((character, i) => {
    const frame = i + offset;
    if (character === '|') messages.push({ frame, kind: 'complete', value: undefined });
    else if (character === '#') messages.push({ frame, kind: 'error', value: undefined });
    else if (character !== '-') messages.push({ frame, kind: 'next', value: Number(character) });
  });
  return timedSource(messages) as CheckpointedObservable<number>;
}

export function live(build: Build, from: Cut | null = null, lastFrame: number = LAST_FRAME): Life {
  return liveInVirtualTime({ pipeline: build, write: format, from, lastFrame });
}

/** What a job emits, without the times, and texts without quotes. */
export function outputOf({ outputs }: Life): string[] {
  return outputs.map((line) => line.replace(/^\S+ (next )?/, '').replace(/^"(.*)"$/, '$1'));
}

/** Runs the pipeline without a crash, and from each checkpoint on: all must see the same. Gives the run. */
export function restoresEverywhere(build: Build): Life {
  const whole = live(build);
  expect(whole.problems).toEqual([]);
  expect(whole.cuts.length).toBeGreaterThan(2);
  whole.cuts.forEach((cut, i) => {
    const rest = live(build, cut);
    const seen = [...whole.outputs.slice(0, cut.outputs), ...rest.outputs];
    expect({ cut: i, at: cut.frame, problems: rest.problems, seen }).toEqual({
      cut: i,
      at: cut.frame,
      problems: [],
      seen: whole.outputs,
    });
  });
  return whole;
}
