import { describe, expect, test } from '@jest/globals';

import { of as rxOf } from 'rxjs';

import type { CheckpointedObservable } from '../../src/index.js';
import {
  bufferTime,
  debounceTime,
  from,
  interval,
  map,
  memoryStorage,
  mergeMap,
  scan,
  share,
  shareReplay,
  switchMap,
  take,
  tap,
  timer,
  uid,
} from '../../src/index.js';
import { fileStorage } from '../../src/node/fileStorage.js';
import { syncOperator } from '../../src/operators/base/SyncSubscriber.js';
import { crashAtEachStep, FaultyStorage } from '../../src/testing/index.js';
import { VirtualTime } from '../../src/testing/VirtualTime.js';
import { temporaryDirectory } from '../node/temporaryDirectory.js';

type Numbers$ = CheckpointedObservable<number>;

const total = (numbers$: Numbers$): Numbers$ =>
  numbers$.pipe(
    scan((sum, n) => sum + n, 0),
    uid('total'),
  );

/** What a test says of a pipeline that does not recover. */
const messageOf = (test: Promise<unknown>): Promise<string> =>
  test.then(
    () => 'nothing',
    (error: Error) => error.message,
  );

describe('crashAtEachStep', () => {
  test('tries every kind of step', async () => {
    const done: string[] = [];
    const report = await crashAtEachStep((numbers$: Numbers$) => total(numbers$).pipe(debounceTime(2)), {
      input: '-a-b---(c|)',
      values: { a: 1, b: 2, c: 4 },
      retained: 1,
      onProgress: (step, steps) => done.push(`${step}/${steps}`),
    });
    const { steps } = report;
    expect(steps).toEqual(
      expect.arrayContaining([
        'storage: lock, before',
        'storage: list, after',
        "barrier of checkpoint 1 at 'main:timed'",
        "barrier of checkpoint 3 at 'total'",
        "barrier of checkpoint 3 at 'main:total:debounceTime'",
        'storage: write checkpoint-000000000002, before',
        'storage: write checkpoint-000000000002, torn',
        'storage: write checkpoint-000000000002, after',
        'storage: remove checkpoint-000000000001, after',
        'record 2 of the input',
        "output 1 of 'main'",
        'end of the input',
        "complete of 'main'",
        'storage: release, after',
      ]),
    );
    expect(done.at(-1)).toBe(`${2 * steps.length}/${2 * steps.length}`);
    expect(report.runs).toBe(2 + 2 * steps.length);
    expect(report.crashes).toBeGreaterThan(1.4 * steps.length);
    expect(report.restores).toBeGreaterThan(0.5 * report.crashes);
    expect(report.statesCompared).toBeGreaterThan(report.restores);
  });

  test('tries one run alone', async () => {
    const report = await crashAtEachStep(total, { input: [1, 2, 4], only: [14, 3] });
    expect(report).toMatchObject({ runs: 3, crashes: 2, restores: 1 });
  });

  test.each([
    ['in memory', async () => memoryStorage()],
    ['of files', async () => fileStorage(await temporaryDirectory())],
  ])('crashes before and after the calls of a storage %s', async (_, storage) => {
    const { steps, restores } = await crashAtEachStep(total, { input: [1, 2], storage });
    expect(steps).toContain('storage: write checkpoint-000000000002, after');
    expect(steps.join()).not.toContain('torn');
    expect(restores).toBeGreaterThan(10);
  });

  test('runs several pipelines that share a part', async () => {
    const report = await crashAtEachStep(
      (numbers$: Numbers$) => {
        const shared$ = numbers$.pipe(share(), uid('numbers'));
        return { totals: total(shared$), buffers: shared$.pipe(bufferTime(2), uid('buffers')) };
      },
      { input: [1, 2, 4] },
    );
    expect(report.steps).toEqual(expect.arrayContaining(["output 1 of 'totals'", "output 1 of 'buffers'"]));
  });

  test('runs a pipeline with sources of its own, until nothing is due', async () => {
    const report = await crashAtEachStep(() => from([3, 1, 2]).pipe(mergeMap(async (n) => 2 * n)));
    expect(report.steps).toContain("output 3 of 'main'");
  });

  test('bears a storage that fails, waits, and does what it refuses', async () => {
    const faults = { slow: 0.5, tornWrite: 0.2, failedButDone: 0.2, staleName: 0.3, outage: 0.02 };
    const storage = (): FaultyStorage => new FaultyStorage({ seed: 3, faults });
    const { restores } = await crashAtEachStep(total, { input: [1, 2, 4], storage });
    expect(restores).toBeGreaterThan(10);
  });

  test('lets a pipeline end with an error', async () => {
    const failing = (numbers$: Numbers$): Numbers$ =>
      total(numbers$).pipe(
        tap((sum) => {
          if (sum > 2) throw new RangeError('too much');
        }),
      );
    const report = await crashAtEachStep(failing, { input: [1, 1, 1], mayFail: true });
    expect(report.steps).toContain("error of 'main'");
  });

  describe('finds', () => {
    test('state in a closure', async () => {
      const counted = (numbers$: Numbers$): Numbers$ => {
        let count = 0;
        return numbers$.pipe(map((n) => n + count++));
      };
      const message = await messageOf(crashAtEachStep(counted, { input: [1, 2, 4] }));
      expect(message).toMatchInlineSnapshot(`
        "crashAtEachStep: After a crash at step 15, 'storage: write checkpoint-000000000002, after', the pipeline does not go on as without one:
          notification 2 of 'main' is value 2 at 2 ms
          in the first run it was value 3 at 2 ms
        What a process keeps outside of the operators (a variable, a stock operator, a plain source that begins anew) dies with it.
        Again: crashAtEachStep(makePipeline, { …, only: [15] })"
      `);
      const [, only] = /only: \[(.*)\]/.exec(message)!;
      const again = crashAtEachStep(counted, { input: [1, 2, 4], only: only!.split(',').map(Number) });
      expect(await messageOf(again)).toBe(message);
    });

    test('a state that does not show in the output', async () => {
      const forgetful = syncOperator<number, number, number, null>(
        {
          operator: 'forgetful',
          next(value) {
            this.s += value;
            this.out.next(value);
          },
          capture: (sum) => ({ sum }),
          restore: ({ sum }: { sum: number }) => (sum > 2 ? 0 : sum),
        },
        null,
        () => 0,
      );
      const message = await messageOf(crashAtEachStep((n$: Numbers$) => n$.pipe(forgetful), { input: [1, 2, 4] }));
      expect(message).toMatchInlineSnapshot(`
        "crashAtEachStep: After a crash at step 25, 'storage: write checkpoint-000000000003, after', the pipeline does not go on as without one:
          in checkpoint 4, at 2 ms, 'main:forgetful' has the state { sum: 0 }, and should have { sum: 3 }
        What a process keeps outside of the operators (a variable, a stock operator, a plain source that begins anew) dies with it.
        Again: crashAtEachStep(makePipeline, { …, only: [25] })"
      `);
    });

    test('a timer that begins anew', async () => {
      const later = (n: number): Promise<number> => new Promise((resolve) => void setTimeout(() => resolve(n), 3));
      const pipeline = (n$: Numbers$): Numbers$ => n$.pipe(mergeMap(later));
      await crashAtEachStep(pipeline, { input: [1, 2], exactTimes: false });
      expect(await messageOf(crashAtEachStep(pipeline, { input: [1, 2] }))).toMatchInlineSnapshot(`
        "crashAtEachStep: After a crash at step 26, 'storage: write checkpoint-000000000003, after', the pipeline does not go on as without one:
          notification 1 of 'main' is value 1 at 5 ms
          in the first run it was value 1 at 4 ms (exactTimes: false allows any time)
        What a process keeps outside of the operators (a variable, a stock operator, a plain source that begins anew) dies with it.
        Again: crashAtEachStep(makePipeline, { …, only: [26] })"
      `);
    });

    test('a checkpoint that was lost', async () => {
      const storage = (): FaultyStorage => new FaultyStorage({ seed: 1, faults: { lostWrite: 1 } });
      const message = await messageOf(crashAtEachStep(total, { input: [1, 2, 4], storage }));
      expect(message).toMatchInlineSnapshot(`
        "crashAtEachStep: After a crash at step 10, 'timer at 1 ms', the pipeline does not go on as without one:
          'main' began with nothing, although checkpoint 1 had completed
        The storage was told to break its promises (lostWrite): no pipeline recovers what that has lost. First see whether it recovers without.
        What a process keeps outside of the operators (a variable, a stock operator, a plain source that begins anew) dies with it.
        Again: crashAtEachStep(makePipeline, { …, only: [10] })"
      `);
    });

    test('a broken promise of the user', async () => {
      const invariants = ({ operators }: { operators: Record<string, { state: unknown }> }): void => {
        const { value } = operators.total!.state as { value: number };
        if (value > 2) throw new Error(`a total of ${value}`);
      };
      const message = await messageOf(crashAtEachStep(total, { input: [1, 2, 4], invariants }));
      expect(message).toMatchInlineSnapshot(
        `"crashAtEachStep: without a crash, checkpoint 3, at 2 ms, breaks an invariant: a total of 3"`,
      );
    });

    test('a pipeline that cannot be stored', async () => {
      const pipeline = (n$: Numbers$) => n$.pipe(scan((_: unknown, n) => (): number => n, null));
      expect(await messageOf(crashAtEachStep(pipeline, { input: [1] }))).toMatchInlineSnapshot(
        `"crashAtEachStep: without a crash, Checkpoint 2 failed: operator 'main:scan' declined. The state of operator 'main:scan' cannot be stored: state.value is the function 'anonymous'. Snapshots hold plain objects, arrays, Map, Set, Date, RegExp, BigInt, ArrayBuffer, typed arrays and primitives: keep its data in one of these, and rebuild the rest from it."`,
      );
    });

    test('a pipeline that is not deterministic', async () => {
      let runs = 0;
      const pipeline = (n$: Numbers$): Numbers$ => {
        const run = ++runs;
        return n$.pipe(map((n) => n + run));
      };
      expect(await messageOf(crashAtEachStep(pipeline, { input: [1] }))).toMatchInlineSnapshot(`
        "crashAtEachStep: two runs without a crash differ, so nothing can be said about runs with one. notification 1 of 'main' is value 3 at 1 ms
          in the first run it was value 2 at 1 ms
        Take what is random, or what the time is, from something that a test can set, and a new storage for each run."
      `);
    });

    test('what is no pipeline', async () => {
      const plain = (() => rxOf(1)) as unknown as () => Numbers$;
      expect(await messageOf(crashAtEachStep(plain))).toMatchInlineSnapshot(
        `"recover() was given something that is not a CheckpointedObservable: it has no state that could be restored. Start the pipeline with a source of this library (fromFile, fromArray, fromObservable(source$) …)."`,
      );
      const none = (() => undefined) as unknown as () => Numbers$;
      expect(await messageOf(crashAtEachStep(none))).toMatchInlineSnapshot(
        `"crashAtEachStep: makePipeline returned undefined in place of a pipeline."`,
      );
    });

    test('a step that there is not', async () => {
      expect(await messageOf(crashAtEachStep(total, { input: [1], only: [99] }))).toMatchInlineSnapshot(
        `"crashAtEachStep: only: [99] is none of the steps of the run, which are 1 to 25."`,
      );
    });

    test('that nothing was tested', async () => {
      const pipeline = (): Numbers$ => from([1]).pipe(map((): number => JSON.parse('no JSON') as number));
      expect(await messageOf(crashAtEachStep(pipeline, { mayFail: true }))).toMatchInlineSnapshot(
        `"crashAtEachStep: no checkpoint completed in the run without a crash, so nothing can be tested."`,
      );
    });

    test('a run that is too long', async () => {
      expect(await messageOf(crashAtEachStep(total, { input: [1, 2, 4], mostSteps: 20 }))).toMatchInlineSnapshot(
        `"crashAtEachStep: one run has more than 20 steps, and each is a run of its own. Give it a shorter input, take fewer checkpoints (checkpointEvery), end sooner (untilMs), or raise mostSteps."`,
      );
    });

    test('a life that has not so many steps', async () => {
      expect(await messageOf(crashAtEachStep(total, { input: [1], only: [3, 999] }))).toMatchInlineSnapshot(
        `"crashAtEachStep: of only: [3, 999] the first 1 came to a crash: the life after has not so many steps."`,
      );
    });

    test('two tests at once', async () => {
      const first = crashAtEachStep(total, { input: [1] });
      expect(await messageOf(crashAtEachStep(total, { input: [1] }))).toMatchInlineSnapshot(
        `"Time is virtual here already: two tests with virtual time of their own cannot run at once. Await the first."`,
      );
      await first;
    });
  });

  test('each life makes its shared streams anew, also those that go on for nobody', async () => {
    const visitors = (): Numbers$ => {
      const shared$ = interval(7).pipe(shareReplay(1), uid('shared'));
      return timer(3, 25).pipe(
        take(3),
        switchMap(() => shared$.pipe(take(1))),
      );
    };
    expect((await crashAtEachStep(visitors)).restores).toBeGreaterThan(10);
  });

  test('gives time back, whatever happens', async () => {
    const { setTimeout, setInterval } = globalThis;
    const { now } = Date;
    await crashAtEachStep(total, { input: [1] });
    await messageOf(
      crashAtEachStep(() => {
        throw new Error('no pipeline');
      }),
    );
    expect(globalThis).toMatchObject({ setTimeout, setInterval });
    expect(Date.now).toBe(now);
    VirtualTime.install()();
  });
});
