import { describe, expect, test } from '@jest/globals';
import { timer as rxTimer } from 'rxjs';

import type { CheckpointedObservable } from '../../src/index.js';
import {
  bufferTime,
  concatMap,
  debounceTime,
  defer,
  delay,
  fromObservable,
  groupBy,
  map,
  merge,
  mergeAll,
  mergeMap,
  of,
  scan,
  shareReplay,
  take,
  throttleTime,
  timeout,
  timer,
  timestamp,
} from '../../src/index.js';
import { crashAtEachStep } from '../../src/testing/index.js';

type Numbers$ = CheckpointedObservable<number>;

/** Of the timers of these tests some are due between, and all within an hour. */
const clockJumpsMs = [3, -2];
const HOUR = 3_600_000;

describe('with a clock that jumps crashAtEachStep finds nothing wrong with', () => {
  test.each<[string, (numbers$: Numbers$) => CheckpointedObservable<unknown>, number[]?]>([
    [
      'delays that race',
      (n$) =>
        merge(
          n$.pipe(delay(4)),
          n$.pipe(
            map((n) => -n),
            delay(1),
          ),
        ),
      [1],
    ],
    [
      'timers one after the other',
      (n$) =>
        n$.pipe(
          concatMap((n) =>
            timer(2, 3).pipe(
              take(2),
              map((i) => [n, i]),
            ),
          ),
        ),
      [1],
    ],
    ['overlapping buffers', (n$) => n$.pipe(bufferTime(4, 3))],
    ['debounceTime', (n$) => n$.pipe(debounceTime(3))],
    ['throttleTime', (n$) => n$.pipe(throttleTime(3, undefined, { leading: true, trailing: true }))],
    ['timeout', (n$) => n$.pipe(delay(2), timeout({ each: 4, with: () => of('late') }))],
    [
      'groupBy',
      (n$) =>
        n$.pipe(
          groupBy((n) => n % 2, { duration: () => timer(2) }),
          mergeAll(),
          delay(2),
        ),
    ],
    ['shareReplay', (n$) => n$.pipe(shareReplay({ bufferSize: 2, windowTime: 3, refCount: true }), delay(2))],
    ['timestamp', (n$) => n$.pipe(delay(4), timestamp())],
  ])(
    '%s',
    async (_, pipeline, input = [1, 2]) => {
      const report = await crashAtEachStep(pipeline, { input, clockJumpsMs });
      expect(report.clockJumps).toBeGreaterThan(report.steps.length);
    },
    120_000,
  );

  test.each([HOUR, -HOUR])(
    'a jump of %d ms',
    async (jumpMs) => {
      const delayed = (n$: Numbers$): Numbers$ => n$.pipe(delay(3));
      const report = await crashAtEachStep(delayed, { input: [1, 2], clockJumpsMs: [jumpMs] });
      expect(report.clockJumps).toBeGreaterThan(report.steps.length);
    },
    120_000,
  );
});

describe('with a clock that jumps crashAtEachStep finds', () => {
  /** An alarm that goes by what the clock shows when it is started again, and not by what is left. */
  const alarms = (n$: Numbers$): CheckpointedObservable<number> =>
    n$.pipe(
      scan((_, n) => ({ n, at: Date.now() + 3 }), { n: 0, at: 0 }),
      mergeMap(({ n, at }) => defer(() => fromObservable(rxTimer(at - Date.now()))).pipe(map(() => n))),
    );

  test('a deadline of a pipeline that goes by the clock itself', async () => {
    const options = { input: [1] };
    expect(await crashAtEachStep(alarms, options)).toMatchObject({ clockJumps: 0 });
    const failing = crashAtEachStep(alarms, { ...options, clockJumpsMs: [HOUR, -HOUR] });
    await expect(failing).rejects.toThrowErrorMatchingInlineSnapshot(`
      "crashAtEachStep: After a crash at step 21, 'timer at 2 ms', and one at step 21, 'barrier of checkpoint 4 at 'main:mergeMap'', and with a clock that was set back by 3600000 ms while there was no process, the pipeline does not go on as without one:
        'main' fell silent after 0 values
        in a run without a crash whose clock went the same way value 1 at 4 ms came next
      What a process keeps outside of the operators (a variable, a stock operator, a plain source that begins anew) dies with it.
      Again: crashAtEachStep(makePipeline, { …, only: [21, 21], clockJumpsMs: [-3600000] })"
    `);
  }, 120_000);
});

test.each([[0], [1.5], [NaN], ['1'], 5])('clockJumpsMs: %j is refused', async (clockJumpsMs) => {
  const delayed = (n$: Numbers$): Numbers$ => n$.pipe(delay(3));
  const refused = crashAtEachStep(delayed, { input: [1], clockJumpsMs: clockJumpsMs as number[] });
  await expect(refused).rejects.toThrow(/^clockJumpsMs is .*: it has to be an array of whole numbers/);
});
