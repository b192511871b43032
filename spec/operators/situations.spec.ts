import { afterEach, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Observable } from 'rxjs';
import { config, Observable as PlainObservable } from 'rxjs';
import type { RunHelpers } from 'rxjs/testing';
import { TestScheduler } from 'rxjs/testing';

import { fromObservable } from '../../src/sources/fromObservable.js';
import type { Value } from '../support/InputSpec.js';
import { values } from '../support/InputSpec.js';
import type { Library } from '../support/Library.js';
import { ours, theirs } from '../support/Library.js';
import { operatorCases, refusedInJobs } from '../support/operatorCases.js';
import { Recording } from '../support/Recording.js';
import { caseCount, seed } from '../support/seed.js';
import type { Scene } from '../support/situations.js';
import { situations, takers, thatThrows } from '../support/situations.js';
import type { OperatorUse } from '../support/Stage.js';

const LAST_FRAME = 50;
/** So many values a source emits at once if nobody stops it. */
const LIMIT = 1_000;
/** What a subject or a class of its own loses when it is made checkpointed. */
const ofTheClass = ['a subject, which is written to through the result', 'a subclass of Observable'];

type Adopt = (source: Observable<Value>) => Observable<Value>;
const asIs: Adopt = (source) => source;

interface Show {
  readonly rx: Library;
  readonly use: OperatorUse;
  readonly adopt: Adopt;
}

/** Plays a situation, and gives all that could be seen of it. */
function play({ rx, use, adopt }: Show, act: (scene: Scene) => void): Recording {
  const scheduler = new TestScheduler(() => true);
  const recording = new Recording(() => scheduler.frame);
  config.onUnhandledError = (error) => recording.note('unhandled', error);
  scheduler.run((helpers) => {
    scheduler.maxFrames = LAST_FRAME;
    try {
      act(sceneOf(rx, use, adopt, helpers, recording, scheduler));
      flushAll(helpers, recording);
    } catch (error) {
      recording.note('thrown', error);
    }
  });
  return recording;
}

/** To the end, or RxJS's schedulers would keep what they were about to do for the next one. */
function flushAll({ flush }: RunHelpers, { note }: Recording): void {
  for (let isThrown = true; isThrown;) {
    isThrown = false;
    try {
      flush();
    } catch (error) {
      note('thrown', error);
      isThrown = true;
    }
  }
}

function sceneOf(
  rx: Library,
  use: OperatorUse,
  adopt: Adopt,
  helpers: RunHelpers,
  recording: Recording,
  scheduler: TestScheduler,
): Scene {
  const { note } = recording;
  let throwing: 'inner' | 'other' | null = null;
  // After the first few they take no time, for sources of many values.
  const cold = (marbles: string, which: 'inner' | 'other'): Observable<Value> => {
    const source = helpers.cold<Value>(marbles, values);
    return adopt(
      new PlainObservable((target) => (throwing === which ? thatThrows(source, note) : source).subscribe(target)),
    );
  };
  const inner = (_: unknown, index: number): Observable<Value> =>
    index > 9 ? adopt(rx.of(index)) : cold(['(ab|)', '-a-b|', '--#'][index % 3]!, 'inner');
  const others = ['-a--b-|', '(ab|)'].map((marbles) => cold(marbles, 'other'));
  return {
    rx,
    note,
    helpers,
    operator: (source) =>
      use.apply(rx, {
        source: adopt(source),
        others: [others[0]!, others[1]!],
        inner,
        pipedInner: inner,
        pause: (frames) => adopt(helpers.cold<Value>(`${'-'.repeat(frames)}|`, values)),
        note,
        ms: (frames) => frames,
      }),
    observer: (name = '') => ({
      next: (value) => recording.next(`${name}result`, value),
      error: (error: unknown) => note(`${name}error`, error),
      complete: () => note(`${name}complete`),
    }),
    leavingThrows: (which) => (throwing = which),
    later: (frame, act) => void scheduler.schedule(act, frame),
  };
}

function expectAlike(use: OperatorUse, act: (scene: Scene) => void, isAdopted: boolean): void {
  const shown = (rx: Library, adopt: Adopt): readonly string[] => play({ rx, use, adopt }, act).lines;
  const expected = shown(theirs, asIs);
  expect({ use: use.code, lines: shown(ours, asIs) }).toEqual({ use: use.code, lines: expected });
  if (!isAdopted) return;
  expect({ use: use.code, lines: shown(ours, fromObservable) }).toEqual({ use: use.code, lines: expected });
}

const all = [...operatorCases, ...refusedInJobs];

afterEach(() => {
  config.onUnhandledError = null;
});

describe.each(all)('$name, as in RxJS', ({ uses }) => {
  const samples = fc.sample(uses, { numRuns: caseCount(3), seed });

  test.each(Object.entries(situations))('%s', (name, act) => {
    const isOfTheClass = ofTheClass.includes(name);
    // What is thrown out of a flush leaves RxJS's asapScheduler waiting for one that does not come, in later runs, too.
    const isThrown = name.includes('throws when it is left');
    const fitting = samples.filter(
      ({ code, options }) =>
        (!isOfTheClass || options.adopts !== true) && !(isThrown && code.includes('asapScheduler')),
    );
    for (const use of fitting) expectAlike(use, act, !isOfTheClass);
  });
});

describe.each(all)('$name stops a source as soon as RxJS does', ({ uses }) => {
  const samples = fc.sample(uses, { numRuns: caseCount(3), seed });

  test.each(Object.entries(takers))('for %s', (_, taker) => {
    for (const use of samples) {
      expectAlike(
        use,
        ({ rx, operator, observer, note }) => {
          let emitted = 0;
          const source = new PlainObservable<Value>((target) => {
            while (emitted < LIMIT && !target.closed) target.next(emitted++ % 4);
            note('emitted', emitted);
            target.complete();
          });
          taker(rx, operator(source)).subscribe(observer());
          note('subscribed', emitted);
        },
        true,
      );
    }
  });
});
