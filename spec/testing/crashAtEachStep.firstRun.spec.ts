import { describe, expect, test } from '@jest/globals';

import { Subject } from 'rxjs';

import type { CheckpointedObservable } from '../../src/index.js';
import { delay, fromObservable, interval, map, scan, take, timer } from '../../src/index.js';
import type { CrashAtEachStepOptions, StorageFaults } from '../../src/testing/index.js';
import { crashAtEachStep, FaultyStorage } from '../../src/testing/index.js';

type Numbers$ = CheckpointedObservable<number>;

const total = (numbers$: Numbers$): Numbers$ => numbers$.pipe(scan((sum, n) => sum + n, 0));

/** What a test says that finds something. */
const failureOf = (test: Promise<unknown>): Promise<Error> =>
  test.then(
    () => new Error('it found nothing'),
    (error: Error) => error,
  );

describe('a pipeline that does not work without a crash either', () => {
  test('changes its state', async () => {
    const changing = (numbers$: Numbers$) =>
      numbers$.pipe(
        scan(
          (state, n) => {
            state.sum += n;
            return state;
          },
          { sum: 0 },
        ),
      );
    const { message, cause } = await failureOf(crashAtEachStep(changing, { input: [1, 2] }));
    expect(message).toMatchInlineSnapshot(
      `"crashAtEachStep: without any crash, 'main' ended with an error at 1 ms: TypeError: Cannot assign to read only property 'sum' of object '#<Object>'. A pipeline that does not work shows nothing about recovery. The state of an operator cannot be changed in a job: let the function (of scan, say) return a new value, or use produce of immer. If it is meant to end with this error, say { mayFail: true }."`,
    );
    expect(cause).toBeInstanceOf(TypeError);
  });

  test('fails beside one that works', async () => {
    const cause = new RangeError('too much');
    const failing = (numbers$: Numbers$) => ({
      right: numbers$,
      wrong: numbers$.pipe(
        map(() => {
          throw cause;
        }),
      ),
    });
    const failure = await failureOf(crashAtEachStep(failing, { input: [1, 2] }));
    expect(failure.message).toMatchInlineSnapshot(
      `"crashAtEachStep: without any crash, 'wrong' ended with an error at 1 ms: RangeError: too much. A pipeline that does not work shows nothing about recovery. Mend it, or give it another input. If it is meant to end with this error, say { mayFail: true }."`,
    );
    expect(failure.cause).toBe(cause);
  });

  test('is cut off before it emits anything', async () => {
    const late = (numbers$: Numbers$): Numbers$ => numbers$.pipe(delay(5_000));
    const { message } = await failureOf(crashAtEachStep(late, { input: [1] }));
    expect(message).toMatchInlineSnapshot(
      `"crashAtEachStep: without any crash, 'main' emitted nothing, so there is nothing to compare with: its run was cut off at 1000 ms (untilMs), and the next timer is due at 5001 ms. Raise untilMs, or shorten the times of the pipeline."`,
    );
    const { pipelines } = await crashAtEachStep(late, { input: [1], untilMs: 6_000 });
    expect(pipelines).toEqual({ main: { values: 1, end: 'completed' } });
  });

  test('waits for what never comes', async () => {
    const hot = new Subject<number>();
    const { message } = await failureOf(crashAtEachStep(() => fromObservable(hot, { hot: true })));
    expect(message).toMatchInlineSnapshot(
      `"crashAtEachStep: without any crash, 'main' emitted nothing, so there is nothing to compare with: no timer is due any more, and it waits. Let its input end or give more; for files, requests and other things that come in real time, set waitMs."`,
    );
  });
});

test('tells what each pipeline did without a crash', async () => {
  const failing = (numbers$: Numbers$) => ({
    endless: interval(3),
    ended: total(numbers$),
    empty: numbers$.pipe(take(0)),
    failed: timer(2).pipe(
      map(() => {
        throw new Error('late');
      }),
    ),
  });
  const { pipelines, restores } = await crashAtEachStep(failing, { input: [1, 2], untilMs: 10, mayFail: true });
  expect(pipelines).toEqual({
    endless: { values: 3, end: 'cut-off' },
    ended: { values: 2, end: 'completed' },
    empty: { values: 0, end: 'completed' },
    failed: { values: 0, end: 'failed' },
  });
  expect(restores).toBeGreaterThan(10);
});

describe('refuses', () => {
  const refusal = async (options: object): Promise<string> => {
    const { name, message } = await failureOf(crashAtEachStep(total, options as CrashAtEachStepOptions<number>));
    return `${name}: ${message}`;
  };

  test.each<[string, object, string]>([
    ['an option that there is not', { inputs: [1] }, "TypeError: crashAtEachStep has no option 'inputs', only input, "],
    ['no options', 5 as unknown as object, 'TypeError: The options of crashAtEachStep are 5: '],
    ['an input that is none', { input: 5 }, 'RangeError: input is 5: it has to be an array of records, or marbles'],
    ['barriers', { input: '-a-%-b|' }, "RangeError: input is '-a-%-b|': its barriers (%) cannot be taken, since "],
    ['values', { input: 'a|', values: 1 }, 'RangeError: values is 1: it has to be an object.'],
    ['no time', { input: [1], untilMs: 0 }, 'RangeError: untilMs is 0: it has to be a number of ms above 0'],
    ['all time', { input: [1], untilMs: Infinity }, 'RangeError: untilMs is Infinity: it has to be a number of ms'],
    [
      'no checkpoints',
      { checkpointEvery: 0 },
      'RangeError: checkpointEvery is 0: it has to be a whole number from 1 on.',
    ],
    ['part of a ms', { waitMs: 0.5 }, 'RangeError: waitMs is 0.5: it has to be a whole number of ms from 0 on.'],
    ['no steps', { mostSteps: 0 }, 'RangeError: mostSteps is 0: it has to be a whole number from 1 on, or Infinity.'],
    ['part of a step', { only: [1.5] }, 'RangeError: only is '],
    ['an empty list of steps', { only: [] }, 'RangeError: only is '],
    ['a string for a flag', { mayFail: 'yes' }, "RangeError: mayFail is 'yes': it has to be true or false."],
    ['a storage for what makes one', { storage: new FaultyStorage({ seed: 1 }) }, 'RangeError: storage is an object: '],
    ['an option of the job that cannot be', { input: [1], retained: 0 }, 'RangeError: retained is 0: '],
  ])('%s', async (_, options, message) => {
    expect(await refusal(options)).toContain(message);
  });

  test('a pipeline in place of what makes one', async () => {
    const { message } = await failureOf(crashAtEachStep(total(interval(1)) as unknown as () => Numbers$));
    expect(message).toBe('crashAtEachStep: makePipeline is an object: it has to be a function.');
  });
});

test('gives the options of the job to the job', async () => {
  const committed: number[] = [];
  const committer = {
    name: 'a list',
    commitCheckpoint: async (id: number) => void committed.push(id),
    isCheckpointCommitted: async () => true,
  };
  await crashAtEachStep(total, { input: [1], committers: [committer], only: [1] });
  expect(committed).not.toEqual([]);
});

describe('a FaultyStorage refuses', () => {
  test.each<[string, object, string]>([
    ['a fault that there is not', { tornWrites: 1 }, "faults has no option 'tornWrites', only tornWrite, "],
    [
      'more than always',
      { tornWrite: 2 },
      'faults.tornWrite is 2: it has to be a probability from 0 to 1, or a function',
    ],
    ['less than never', { hang: -1 }, 'faults.hang is -1: it has to be a probability'],
    ['a string', { slow: '0.1' }, "faults.slow is '0.1': it has to be a probability"],
    ['half a call', { outageCalls: 0.5 }, 'faults.outageCalls is 0.5: it has to be a whole number from 1 on.'],
    ['a negative capacity', { capacityBytes: -1 }, 'faults.capacityBytes is -1: it has to be a number from 0 on.'],
  ])('%s', (_, faults, message) => {
    expect(() => new FaultyStorage({ seed: 1, faults: faults })).toThrow(message);
    const storage = new FaultyStorage({ seed: 1 });
    expect(() => (storage.faults = faults as StorageFaults)).toThrow(message);
  });

  test('options that there are not', () => {
    const options = { seed: 1, fault: {} };
    expect(() => new FaultyStorage(options)).toThrow("FaultyStorage has no option 'fault', only seed, faults, ");
  });
});
