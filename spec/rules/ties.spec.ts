// Timers that are due at the same time fire in the order in which they were started last, after a restore as well.
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { asyncScheduler } from 'rxjs';

import type { CheckpointedObservable } from '../../src/index.js';
import {
  bufferTime,
  combineLatestWith,
  concatMap,
  debounceTime,
  delay,
  delayWhen,
  interval,
  mergeMap,
  observeOn,
  repeat,
  sampleTime,
  switchMap,
  take,
  throttleTime,
  timer,
  toArray,
  windowTime,
} from '../../src/index.js';
import { builtInErrorTypes } from '../../src/checkpoint/protocol/StoredError.js';
import type { Cut } from '../../src/testing/CutJob.js';
import { CutJob } from '../../src/testing/CutJob.js';
import { VirtualTime } from '../../src/testing/VirtualTime.js';
import { format } from '../support/format.js';
import { caseCount, seed } from '../support/seed.js';

const LAST_MS = 60;

type Stream = CheckpointedObservable<unknown>;
type Build = () => Stream;

let uninstall = (): void => {};
beforeAll(() => void (uninstall = VirtualTime.install()));
afterAll(() => uninstall());

/** In the platform's time, with a checkpoint between all turns. */
function live(pipeline: Build, from: Cut | null): { readonly outputs: string[]; readonly job: CutJob } {
  const time = new VirtualTime();
  time.use();
  time.now = from?.frame ?? 0;
  const outputs: string[] = [];
  const job = new CutJob({
    pipeline,
    errorTypes: builtInErrorTypes,
    from,
    now: () => time.now,
    onOutput: (notification) => outputs.push(`${time.now} ${format(notification)}`),
  });
  job.open(job.connect()!);
  while (!job.hasEnded && time.nextDue <= LAST_MS) time.step();
  job.unsubscribe();
  return { outputs, job };
}

function restoresEverywhere(pipeline: Build): void {
  const { outputs, job } = live(pipeline, null);
  expect(job.problems).toEqual([]);
  expect(outputs).not.toEqual([]);
  for (const cut of job.cuts) {
    const rest = live(pipeline, cut);
    const seen = [...outputs.slice(0, cut.outputs), ...rest.outputs];
    expect({ at: cut.frame, problems: rest.job.problems, seen }).toEqual({
      at: cut.frame,
      problems: [],
      seen: outputs,
    });
  }
}

test.each<[string, Build]>([
  [
    'intervals in an interval',
    () =>
      interval(10).pipe(
        take(3),
        switchMap(() => interval(5).pipe(take(4))),
      ),
  ],
  [
    'an interval that begins later',
    () =>
      timer(8, 3).pipe(
        take(4),
        switchMap(() => timer(3)),
      ),
  ],
  ['buffers', () => interval(3).pipe(take(6), bufferTime(6))],
  ['buffers that overlap', () => interval(3).pipe(take(6), bufferTime(6, 3))],
  ['samples of what is late', () => interval(6).pipe(take(5), delay(6), sampleTime(6))],
  [
    'intervals of the same period',
    () =>
      interval(6).pipe(
        take(4),
        mergeMap(() => interval(6).pipe(take(3))),
      ),
  ],
  [
    'a debounce that looks again',
    () =>
      interval(3).pipe(
        take(4),
        delayWhen(() => timer(4)),
        debounceTime(3),
      ),
  ],
])('%s', (_, pipeline) => restoresEverywhere(pipeline));

const ms = fc.integer({ min: 1, max: 6 });
const source: fc.Arbitrary<Build> = fc.record({ due: ms, period: ms, count: fc.integer({ min: 1, max: 5 }) }).map(
  ({ due, period, count }) =>
    () =>
      timer(due, period).pipe(take(count)),
);
const step: fc.Arbitrary<(stream: Stream) => Stream> = fc.oneof(
  ms.map((span) => (stream: Stream) => stream.pipe(delay(span))),
  ms.map((span) => (stream: Stream) => stream.pipe(sampleTime(span))),
  ms.map((span) => (stream: Stream) => stream.pipe(debounceTime(span))),
  ms.map((span) => (stream: Stream) => stream.pipe(observeOn(asyncScheduler, span))),
  ms.map((span) => (stream: Stream) => stream.pipe(repeat({ count: 2, delay: span }))),
  ms.map((span) => (stream: Stream) => stream.pipe(throttleTime(span, asyncScheduler, { trailing: true }))),
  fc.tuple(ms, ms).map(
    ([span, every]) =>
      (stream: Stream) =>
        stream.pipe(bufferTime(span, every)),
  ),
  fc.tuple(ms, ms).map(
    ([span, every]) =>
      (stream: Stream) =>
        stream.pipe(
          windowTime(span, every),
          mergeMap((window$) => window$.pipe(toArray())),
        ),
  ),
  source.map((inner) => (stream: Stream) => stream.pipe(switchMap(inner))),
  source.map((inner) => (stream: Stream) => stream.pipe(mergeMap(inner))),
  source.map((inner) => (stream: Stream) => stream.pipe(concatMap(inner))),
  source.map((inner) => (stream: Stream) => stream.pipe(combineLatestWith(inner()))),
);

test('whatever is timed, at every moment', () => {
  const pipelines = fc.tuple(source, fc.array(step, { minLength: 1, maxLength: 3 }));
  const property = fc.property(pipelines, ([build, steps]) => {
    const pipeline = (): Stream => steps.reduce((stream, next) => next(stream), build());
    fc.pre(live(pipeline, null).outputs.length > 0);
    restoresEverywhere(pipeline);
  });
  fc.assert(property, { seed, numRuns: caseCount(20) });
});
