// Rule 20 of the runtime, with the examples that fail without it.
import { describe, expect, test } from '@jest/globals';
import * as rx from 'rxjs';

import type { CheckpointedObservable } from '../../src/index.js';
import {
  CheckpointSubject,
  concat,
  delay,
  fromArray,
  fromObservable,
  map,
  memoryStorage,
  merge,
  mergeMap,
  of,
  scan,
  switchMap,
  tap,
  transparent,
  uid,
  withLatestFrom,
} from '../../src/index.js';
import { Log } from '../support/Log.js';
import { observe, settled } from '../support/Observed.js';

function recover(pipeline$: unknown): rx.Observable<unknown> {
  return new CheckpointSubject({ storage: memoryStorage() }).recover(pipeline$ as CheckpointedObservable<unknown>);
}

/** Two streams of which the second makes a foreign one go on, after it was subscribed. */
async function errorOnceGoingOn(foreign: (later$: rx.Observable<void>) => rx.Observable<number>): Promise<unknown> {
  const later$ = new rx.Subject<void>();
  const ticks = new Log<number>();
  const pipeline = observe(
    recover(
      merge(
        new Log([1]).stream$.pipe(
          uid('log'),
          mergeMap(() => foreign(later$)),
          uid('all'),
        ),
        ticks.stream$.pipe(
          uid('ticks'),
          tap(() => later$.next()),
          tap(() => later$.complete()),
        ),
      ),
    ),
  );
  await settled();
  ticks.write(1);
  await settled();
  return pipeline.error;
}

async function errorOf(pipeline$: CheckpointedObservable<unknown>): Promise<unknown> {
  const pipeline = observe(recover(pipeline$));
  await settled();
  return pipeline.error;
}

const total = () =>
  fromArray([1, 2, 3]).pipe(
    uid('numbers'),
    scan((all, n) => all + n, 0),
    uid('total'),
  );

describe('rule 20: recover() refuses', () => {
  test('a stock operator at the end of the pipe, naming what stands before it and the way out', () => {
    const pipeline$ = total().pipe(rx.debounceTime(5) as never);
    expect(() => recover(pipeline$)).toThrowErrorMatchingInlineSnapshot(
      `"recover() was given a pipeline with an operator of RxJS itself right after scan ('total'): its state would be lost at every restart. Import the operator from 'rxjs-checkpoint' instead of 'rxjs', or wrap it in transparent() if it is synchronous and keeps no state."`,
    );
  });

  test('one in the middle, however much follows', () => {
    const pipeline$ = total().pipe(
      rx.pairwise() as never,
      map((pair) => pair),
      scan((n: number) => n + 1, 0),
      delay(1),
    );
    expect(() => recover(pipeline$)).toThrow(/an operator of RxJS itself right after scan \('total'\)/);
    const unnamed$ = fromArray([1]).pipe(
      map((n) => n),
      rx.map((n) => n) as never,
    );
    expect(() => recover(unnamed$)).toThrow(/right after map:/);
  });

  test('a stock creation function over ours', () => {
    for (const pipeline$ of [
      rx.merge(total(), total()),
      rx.concat(total()),
      rx.defer(total),
      rx.combineLatest([total()]),
    ]) {
      expect(() => recover(pipeline$)).toThrow(expect.objectContaining({ code: 'not-a-pipeline' }));
    }
  });

  test('a plain Observable, and what is no Observable at all', () => {
    expect(() => recover(rx.of(1))).toThrowErrorMatchingInlineSnapshot(
      `"recover() was given something that is not a CheckpointedObservable: it has no state that could be restored. Start the pipeline with a source of this library (fromFile, fromArray, fromObservable(source$) …)."`,
    );
    for (const nothing of [null, undefined, 7, {}, Promise.resolve(1), [1]]) {
      expect(() => recover(nothing)).toThrow(expect.objectContaining({ code: 'not-a-pipeline', after: undefined }));
    }
  });

  test('ours that begin with a plain one, since pipe() does not throw', () => {
    const pipeline$ = rx.of(1, 2).pipe(scan((all, n) => all + n, 0));
    expect(observe(pipeline$).values).toEqual([1, 3]);
    expect(() => recover(pipeline$)).toThrow(expect.objectContaining({ code: 'not-a-pipeline' }));
  });
});

describe('rule 20: outside of a job', () => {
  test('a stock operator in the pipe works as in RxJS', () => {
    const pipeline$ = of(1, 2, 3).pipe(
      map((n) => 10 * n),
      rx.pairwise() as never,
    ) as unknown as rx.Observable<[number, number]>;
    expect(pipeline$).toBeInstanceOf(rx.Observable);
    expect(observe(pipeline$)).toMatchObject({
      values: [
        [10, 20],
        [20, 30],
      ],
      hasCompleted: true,
    });
    expect(observe(rx.merge(of(1), of(2))).values).toEqual([1, 2]);
  });

  test('a stock operator in a projection as well', () => {
    const pipeline$ = of(1, 2).pipe(mergeMap((n) => rx.merge(of(n), of(10 * n))));
    expect(observe(pipeline$).values).toEqual([1, 10, 2, 20]);
  });
});

describe('rule 20: in a job', () => {
  test.each<[string, (inner$: CheckpointedObservable<number>) => rx.Observable<unknown>]>([
    ['merge', (inner$) => rx.merge(inner$, inner$)],
    ['concat', (inner$) => rx.concat(inner$)],
    ['defer', (inner$) => rx.defer(() => inner$)],
    ['a piped operator', (inner$) => (inner$ as rx.Observable<number>).pipe(rx.map((n) => n))],
    ['startWith', (inner$) => (inner$ as rx.Observable<number>).pipe(rx.startWith(0))],
  ])('stock %s around ours in a projection is an error of the pipeline', async (_, wrap) => {
    const error = await errorOf(new Log([1]).stream$.pipe(mergeMap(() => wrap(total()))));
    expect(error).toMatchObject({ code: 'foreign-operator', after: 'total' });
  });

  test('the message says where and what to do', async () => {
    const error = await errorOf(new Log([1]).stream$.pipe(switchMap((n) => rx.merge(of(n), of(0)))));
    expect((error as Error).message).toMatchInlineSnapshot(
      `"An operator that takes no part in checkpoints stands after of: its state would be lost at every restart. Import the operator from 'rxjs-checkpoint' instead of 'rxjs', or wrap it in transparent() if it is synchronous and keeps no state."`,
    );
  });

  test('so it is around an input of an operator', async () => {
    expect(await errorOf(new Log([1]).stream$.pipe(withLatestFrom(rx.merge(total(), of(0)))))).toMatchObject({
      code: 'foreign-operator',
    });
    expect(await errorOf(concat(total(), rx.concat(total()) as never) as never)).toMatchObject({
      code: 'foreign-operator',
    });
  });

  test('what a user subscribes to for a purpose of his own is none of ours', async () => {
    const seen: number[] = [];
    const error = await errorOf(
      new Log([1]).stream$.pipe(
        tap((n) => {
          of(n, 2 * n)
            .pipe(scan((all, m) => all + m, 0))
            .subscribe((m) => seen.push(m));
          rx.merge(of(n), of(-n)).subscribe((m) => seen.push(m));
        }),
      ),
    );
    expect(error).toBeUndefined();
    expect(seen).toEqual([1, 3, 1, -1]);
  });

  test('ours adopted on purpose are a plain source: run again, and skipped', async () => {
    const wrapped$ = fromObservable(rx.merge(of(1, 2), of(3)));
    const pipeline = observe(recover(wrapped$));
    await settled();
    expect(pipeline).toMatchObject({ values: [1, 2, 3], error: undefined });
  });

  test('a plain inner without any of ours in it is fine', async () => {
    const pipeline = observe(recover(new Log([1, 2]).stream$.pipe(mergeMap((n) => rx.merge(rx.of(n), rx.of(10 * n))))));
    await settled();
    expect(pipeline.values).toEqual([1, 10, 2, 20]);
  });

  test('recover() subscribed twice is "already running", and no duplicate uid', async () => {
    const pipeline$ = recover(new Log([1]).stream$.pipe(uid('log')));
    const both = [observe(pipeline$), observe(pipeline$)];
    await settled();
    expect(both.map(({ error }) => (error as { code?: string } | undefined)?.code)).toEqual([
      undefined,
      'already-running',
    ]);
  });
});

describe('rule 20: transparent()', () => {
  test('lets a synchronous stock operator in', async () => {
    const pipeline = observe(
      recover(
        total().pipe(
          transparent(
            rx.pipe(
              rx.filter((n: number) => n > 1),
              rx.map((n) => 10 * n),
            ),
          ),
        ),
      ),
    );
    await settled();
    expect(pipeline).toMatchObject({ values: [30, 60], hasCompleted: true });
  });

  test('is an error of the pipeline as soon as the operator emits at a time of its own', async () => {
    const pipeline = observe(recover(total().pipe(transparent(rx.observeOn(rx.asapScheduler)), uid('later'))));
    await settled();
    await settled();
    expect(pipeline.error).toMatchObject({ code: 'not-transparent' });
    expect((pipeline.error as Error).message).toMatchInlineSnapshot(
      `"The operator in transparent() ('later') emitted outside of the call that gave it a value: it holds values back or starts timers, which would be lost at a restart. Use this library's operator of that kind instead."`,
    );
  });
});

test('rule 20: ours have neither source nor operator, which RxJS\u2019s subscribe would read', () => {
  const { source, operator } = total() as rx.Observable<number>;
  expect([source, operator]).toEqual([undefined, undefined]);
});

describe('rule 20: a stock operator that subscribes to ours later', () => {
  test.each([
    { name: 'switchMap', foreign: (later$: rx.Observable<void>) => later$.pipe(rx.switchMap(() => total())) },
    { name: 'concat', foreign: (later$: rx.Observable<void>) => rx.concat(later$.pipe(rx.ignoreElements()), total()) },
    {
      name: 'delayed defer',
      foreign: (later$: rx.Observable<void>) =>
        later$.pipe(rx.mergeMap(() => rx.defer(() => total()).pipe(rx.map((n) => n + 1)))),
    },
  ])('$name', async ({ foreign }) => {
    expect(await errorOnceGoingOn(foreign)).toMatchObject({ code: 'foreign-operator', after: 'total' });
  });

  test("a user's own subscription is none", async () => {
    const seen: number[] = [];
    const error = await errorOnceGoingOn((later$) =>
      later$.pipe(
        rx.map(() => {
          total().subscribe((n) => seen.push(n));
          return 1;
        }),
      ),
    );
    expect(error).toBeUndefined();
    expect(seen).toEqual([1, 3, 6]);
  });
});
