import { expect, jest, test } from '@jest/globals';

import type { CheckpointedObservable, CheckpointedOperator } from '../../src/index.js';
import {
  CheckpointSubject,
  interval,
  memoryStorage,
  takeUntil,
  publishBehavior,
  mergeMap,
  merge,
  map,
  pipe,
  publish,
  refCount,
  repeat,
  ReplaySubject,
  share,
  shareReplay,
  skip,
  switchMap,
  take,
  timer,
  uid,
} from '../../src/index.js';
import { inFakeTime } from '../support/inFakeTime.js';
import { Log } from '../support/Log.js';
import type { Observed } from '../support/Observed.js';
import { observe, settled } from '../support/Observed.js';

inFakeTime();

const ways: readonly [string, () => CheckpointedOperator<number, number>, number[]][] = [
  ['share()', () => share(), [1, 0, 1]],
  ['publish(), refCount()', () => pipe(publish<number>(), refCount()), [1, 0, 1]],
  ['shareReplay({ refCount: true })', () => shareReplay({ bufferSize: 1, refCount: true }), [1, 0, 1]],
  [
    'share({ connector: replay 1, resetOnRefCountZero: false })',
    () => share({ connector: () => new ReplaySubject<number>(1), resetOnRefCountZero: false }),
    // The second round is told of the last value of the first.
    [1, 1, 2],
  ],
];

/** A job of which a checkpoint is taken after so many ms, and that is restored `awayMs` later. */
async function restoredLater(
  pipeline: () => CheckpointedObservable<number>,
  { checkpointAtMs, awayMs }: { readonly checkpointAtMs: number; readonly awayMs: number },
): Promise<{ readonly first: Observed<number>; readonly again: Observed<number> }> {
  const storage = memoryStorage();
  const before = new CheckpointSubject({ storage });
  const first = observe(before.recover(pipeline()));
  await settled();
  await jest.advanceTimersByTimeAsync(checkpointAtMs);
  await before.checkpoint();
  first.unsubscribe();
  await settled();
  await jest.advanceTimersByTimeAsync(awayMs);
  const again = observe(new CheckpointSubject({ storage }).recover(pipeline()));
  await settled();
  return { first, again };
}

test.each(ways)('%s is left by who has had enough with what came due while nothing ran', async (_, sharing, rest) => {
  const pipeline = () => interval(30).pipe(take(3), sharing(), take(2), repeat(2));
  const { first, again } = await restoredLater(pipeline, { checkpointAtMs: 30, awayMs: 35 });
  expect(first.values).toEqual([0]);
  await jest.advanceTimersByTimeAsync(100);
  expect([again.values, again.hasCompleted]).toEqual([rest, true]);
});

test('a shared part is reset for the next inner pipeline, which comes by a timer that was due meanwhile', async () => {
  const pipeline = () => {
    const shared$ = timer(20, 30).pipe(skip(1), share(), uid('shared'));
    return interval(30).pipe(
      take(2),
      switchMap(() => shared$),
    );
  };
  const { again } = await restoredLater(pipeline, { checkpointAtMs: 30, awayMs: 35 });
  await jest.advanceTimersByTimeAsync(45);
  expect(again.values).toEqual([]);
  await jest.advanceTimersByTimeAsync(5);
  expect(again.values).toEqual([1]);
  again.unsubscribe();
});

test('who comes to a shared part for an overdue timer, and leaves for the next one, has heard what there was', async () => {
  const log = new Log<number>();
  const pipeline = () => {
    const latest$ = log.stream$.pipe(uid('log'), publishBehavior(7), refCount(), uid('latest'));
    const visits$ = timer(10).pipe(
      mergeMap(() => latest$),
      takeUntil(timer(20)),
      map((n) => -n),
    );
    return merge(latest$, visits$);
  };
  const { first, again } = await restoredLater(pipeline, { checkpointAtMs: 0, awayMs: 35 });
  expect(first.values).toEqual([7]);
  expect(again.values).toEqual([-7]);
  log.write(8);
  expect(again.values).toEqual([-7, 8]);
  again.unsubscribe();
});

test.each(ways.slice(0, 2))(
  '%s is left by the only one that the program still has, by what came due meanwhile',
  async (_, sharing, rest) => {
    const storage = memoryStorage();
    const pipelines = () => {
      const shared$ = interval(30).pipe(take(5), sharing(), uid('shared'));
      return { kept: shared$.pipe(take(2), repeat(2)), dropped: shared$ };
    };
    const before = new CheckpointSubject({ storage });
    const { kept, dropped } = pipelines();
    const outs = [
      observe(before.recover(kept, { name: 'kept' })),
      observe(before.recover(dropped, { name: 'dropped' })),
    ];
    await settled();
    await jest.advanceTimersByTimeAsync(30);
    await before.checkpoint();
    for (const out of outs) out.unsubscribe();
    await settled();
    await jest.advanceTimersByTimeAsync(35);
    const job = new CheckpointSubject({ storage, dropPipelines: ['dropped'] });
    const again = observe(job.recover(pipelines().kept, { name: 'kept' }));
    await settled();
    await jest.advanceTimersByTimeAsync(100);
    // It leaves, and so the next round begins with a new connection.
    expect([again.error, again.values, again.hasCompleted]).toEqual([undefined, rest, true]);
  },
);
