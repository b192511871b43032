import { expect, test } from '@jest/globals';
import { NEVER } from 'rxjs';

import type { CheckpointedObservable } from '../../src/index.js';
import {
  ArgumentChangedError,
  bufferCount,
  CheckpointSubject,
  delay,
  elementAt,
  fromObservable,
  memoryStorage,
  mergeMap,
  of,
  skip,
  skipLast,
  take,
  takeLast,
  uid,
} from '../../src/index.js';
import { Log } from '../support/Log.js';
import { observe, settled } from '../support/Observed.js';
import { liveInVirtualTime } from '../support/VirtualJob.js';

type Numbers = CheckpointedObservable<number>;
type Program = (log: Numbers) => CheckpointedObservable<unknown>;

/** What a program emits that goes on where another one stopped after 1, 2, 3, 4; then come 5 and 6, and the end. */
async function changed(before: Program, after: Program) {
  const storage = memoryStorage();
  const log = new Log<number>();
  const life = async (program: Program) => {
    const checkpoints = new CheckpointSubject({ storage });
    const named = program(log.stream$.pipe(uid('log'))).pipe(uid('operator'));
    const check = await checkpoints.check(named);
    const seen = observe(checkpoints.recover(named));
    await settled();
    return { checkpoints, seen, check };
  };
  const first = await life(before);
  log.write(1, 2, 3, 4);
  await first.checkpoints.stop();
  await settled();
  const { checkpoints, seen, check } = await life(after);
  const atOnce = { values: [...seen.values], hasCompleted: seen.hasCompleted, readers: log.readerCount };
  // A checkpoint of it is nothing special.
  if (atOnce.readers > 0) await checkpoints.checkpoint();
  log.write(5, 6);
  log.end();
  return { atOnce, values: seen.values, error: seen.error, hasCompleted: seen.hasCompleted, check };
}

test.each<[string, Program, Program, { atOnce: unknown[]; values: unknown[]; isOver?: boolean }]>([
  [
    'take, fewer than have come',
    (log) => log.pipe(take(9)),
    (log) => log.pipe(take(3)),
    { atOnce: [], values: [], isOver: true },
  ],
  [
    'take, as many as have come',
    (log) => log.pipe(take(9)),
    (log) => log.pipe(take(4)),
    { atOnce: [], values: [], isOver: true },
  ],
  ['take, more', (log) => log.pipe(take(5)), (log) => log.pipe(take(9)), { atOnce: [], values: [5, 6] }],
  ['takeLast, fewer', (log) => log.pipe(takeLast(3)), (log) => log.pipe(takeLast(1)), { atOnce: [], values: [6] }],
  ['takeLast, more', (log) => log.pipe(takeLast(1)), (log) => log.pipe(takeLast(4)), { atOnce: [], values: [4, 5, 6] }],
  ['skip, fewer', (log) => log.pipe(skip(9)), (log) => log.pipe(skip(2)), { atOnce: [], values: [5, 6] }],
  ['skip, more', (log) => log.pipe(skip(2)), (log) => log.pipe(skip(5)), { atOnce: [], values: [6] }],
  [
    'skipLast, fewer',
    (log) => log.pipe(skipLast(3)),
    (log) => log.pipe(skipLast(1)),
    { atOnce: [2, 3], values: [2, 3, 4, 5] },
  ],
  [
    'skipLast, fewer, not yet full',
    (log) => log.pipe(skipLast(9)),
    (log) => log.pipe(skipLast(3)),
    { atOnce: [1], values: [1, 2, 3] },
  ],
  ['skipLast, more', (log) => log.pipe(skipLast(1)), (log) => log.pipe(skipLast(2)), { atOnce: [], values: [4] }],
  [
    'bufferCount, fewer',
    (log) => log.pipe(bufferCount(9, 1)),
    (log) => log.pipe(bufferCount(3, 1)),
    {
      atOnce: [
        [1, 2, 3, 4],
        [2, 3, 4],
      ],
      values: [[1, 2, 3, 4], [2, 3, 4], [3, 4, 5], [4, 5, 6], [5, 6], [6]],
    },
  ],
  [
    'bufferCount, fewer, which the next is not to begin behind',
    (log) => log.pipe(bufferCount(5)),
    (log) => log.pipe(bufferCount(3)),
    {
      atOnce: [[1, 2, 3, 4]],
      values: [
        [1, 2, 3, 4],
        [5, 6],
      ],
    },
  ],
  [
    'bufferCount, more',
    (log) => log.pipe(bufferCount(3)),
    (log) => log.pipe(bufferCount(6)),
    { atOnce: [], values: [[4, 5, 6]] },
  ],
])('%s', async (_, before, after, { atOnce, values, isOver = false }) => {
  const outcome = await changed(before, after);
  expect(outcome.atOnce).toEqual({ values: atOnce, hasCompleted: isOver, readers: isOver ? 0 : 1 });
  expect(outcome).toMatchObject({ values, error: undefined, hasCompleted: true });
  expect(outcome.check.problems).toEqual([]);
});

test('elementAt, of what has gone by: is refused, since it would never come', async () => {
  const outcome = await changed(
    (log) => log.pipe(elementAt(9)),
    (log) => log.pipe(elementAt(2)),
  );
  expect(outcome.error).toBeInstanceOf(ArgumentChangedError);
  expect(outcome.error).toMatchObject({
    operator: 'operator',
    message: expect.stringContaining('value 2, counted from 0, and 4'),
  });
  expect(outcome.check.problems).toEqual([outcome.error]);
});

test('mergeMap, more at a time: those that wait go before those that come', async () => {
  const never = new Log<number>();
  const program = (concurrent: number) => (log: Numbers) =>
    log.pipe(mergeMap((n) => (n === 1 ? never.stream$.pipe(uid('never')) : [n]), concurrent));
  const outcome = await changed(program(1), program(2));
  expect(outcome.atOnce.values).toEqual([2, 3, 4]);
  expect(outcome.values).toEqual([2, 3, 4, 5, 6]);
});

/** 1, 2 and 3 at once; then a crash, while 4 to 6 come due. */
const late = (): Numbers => of(1, 2, 3, 4, 5, 6).pipe(mergeMap((n) => (n < 4 ? of(n) : of(n).pipe(delay(40)))));

test.each<[string, Program, Program, string[]]>([
  ['skipLast', (source$) => source$.pipe(skipLast(4)), (source$) => source$.pipe(skipLast(2)), ['1', '2', '3', '4']],
  [
    'bufferCount',
    (source$) => source$.pipe(bufferCount(9, 1)),
    (source$) => source$.pipe(bufferCount(2, 1)),
    ['1,2,3', '2,3', '3,4', '4,5', '5,6', '6'],
  ],
  [
    'mergeMap',
    (source$) => source$.pipe(mergeMap((n) => (n === 1 ? fromObservable(NEVER) : of(10 * n)), 1)),
    (source$) => source$.pipe(mergeMap((n) => (n === 1 ? fromObservable(NEVER) : of(10 * n)), 2)),
    ['20', '30', '40', '50', '60'],
  ],
])('%s: what is overdue by its argument comes before overdue timers', (_, before, after, values) => {
  const options = { write: String, lastFrame: 200 };
  const life = liveInVirtualTime({ ...options, pipeline: () => before(late()), from: null });
  const cut = life.cuts.filter(({ frame }) => frame === 0).at(-1)!;
  const next = liveInVirtualTime({ ...options, pipeline: () => after(late()), from: { ...cut, frame: 100 } });
  expect(next.problems).toEqual([]);
  expect(next.outputs.filter((line) => line.includes('next')).map((line) => line.split(' ')[2])).toEqual(values);
});
