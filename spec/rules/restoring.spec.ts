// Rules 14 to 19 of the runtime: each with the example that fails without it.
import { describe, expect, jest, test } from '@jest/globals';
import { Observable, Subject } from 'rxjs';

import type { CheckpointedObservable } from '../../src/index.js';
import {
  bufferTime,
  catchError,
  CheckpointSubject,
  combineLatest,
  debounceTime,
  delay,
  fromObservable,
  map,
  memoryStorage,
  merge,
  mergeMap,
  of,
  pairwise,
  retry,
  scan,
  share,
  uid,
} from '../../src/index.js';
import { foldedIn } from '../support/CheckpointStates.js';
import { inFakeTime } from '../support/inFakeTime.js';
import { Log } from '../support/Log.js';
import { observe, settled } from '../support/Observed.js';
import type { Build } from './inVirtualTime.js';
import { live, outputOf, timed } from './inVirtualTime.js';

inFakeTime();

const sum = () => scan((all: number, n: number) => all + n, 0);

/** Restores from the last checkpoint before a frame, and when the process has been down until another one. */
function afterDowntime(build: Build, { stoppedAt, startedAt }: { stoppedAt: number; startedAt: number }) {
  const { cuts } = live(build);
  const last = cuts.filter(({ frame }) => frame < stoppedAt).slice(-1)[0]!;
  const restored = live(build, { ...last, frame: startedAt });
  expect(restored.problems).toEqual([]);
  return restored;
}

async function restarted(build: () => CheckpointedObservable<unknown>, between: () => void = () => {}) {
  const storage = memoryStorage();
  const before = new CheckpointSubject({ storage });
  const first = observe(before.recover(build()));
  await settled();
  await before.checkpoint();
  first.unsubscribe();
  await settled();
  between();
  const checkpoints = new CheckpointSubject({ storage });
  const second = observe(checkpoints.recover(build()));
  await settled();
  return { first, second, checkpoints };
}

describe('rule 14: timers that came due while nothing ran fire first', () => {
  const build = () =>
    merge(
      timed('1-2-3|').pipe(
        delay(7),
        map((n) => `delayed ${n}`),
      ),
      timed('-5-6---------------|').pipe(
        debounceTime(7),
        map((n) => `debounced ${n}`),
      ),
      timed('--8----------------|').pipe(
        bufferTime(8.5),
        map((buffer) => `buffered ${buffer.join()}`),
      ),
      timed('4---------9|', 0.25).pipe(map((n) => `source ${n}`)),
    );

  test('in the order in which they were due, before any source opens; what is not due yet waits for its time', () => {
    const restored = afterDowntime(build, { stoppedAt: 5, startedAt: 9.75 });
    expect(restored.outputs).toEqual([
      '9.75 next "delayed 1"',
      '9.75 next "buffered 8"',
      '9.75 next "delayed 2"',
      '10 next "debounced 6"',
      '10.25 next "source 9"',
      '11 next "delayed 3"',
      // The next buffer began when the one before was emitted.
      '18.25 next "buffered "',
      '19 next "buffered "',
      '19 complete',
    ]);
  });

  test('all of them, when the time was long', () => {
    const restored = afterDowntime(build, { stoppedAt: 5, startedAt: 50 });
    expect(outputOf(restored)).toEqual([
      'delayed 1',
      // Its timer was to look at 8 whether it is time, as RxJS's does.
      'debounced 6',
      'buffered 8',
      'delayed 2',
      'delayed 3',
      'buffered ',
      'source 9',
      'complete',
    ]);
  });

  test('each is a turn: a checkpoint may come between two of them', () => {
    const restored = afterDowntime(() => timed('1-2-3|').pipe(uid('source'), delay(10), uid('delay')), {
      stoppedAt: 9,
      startedAt: 50,
    });
    const pending = restored.cuts.map(
      ({ snapshots }) => (snapshots.get('delay')!.state as { values: unknown[] }).values.length,
    );
    expect(pending).toEqual([3, 2, 1]);
  });
});

describe('rule 15: what is plain is run again, and skipped if it is cold', () => {
  test('a cold one repeats: as many values are skipped as it had emitted', async () => {
    let runs = 0;
    const cold$ = new Observable<number>((subscriber) => {
      const end = runs++ === 0 ? 2 : 4;
      for (let n = 1; n <= end; n++) subscriber.next(n);
      if (end === 4) subscriber.complete();
    });
    const { first, second } = await restarted(() => fromObservable(cold$));
    expect(first.values).toEqual([1, 2]);
    expect(second).toMatchObject({ values: [3, 4], hasCompleted: true });
  });

  test('a hot one does not: nothing is skipped', async () => {
    const hot$ = new Subject<number>();
    const storage = memoryStorage();
    const run = async () => {
      const checkpoints = new CheckpointSubject({ storage });
      const pipeline = observe(
        checkpoints.recover(fromObservable(hot$, { hot: true }).pipe(uid('hot'), sum(), uid('sum'))),
      );
      await settled();
      return { checkpoints, pipeline };
    };
    const first = await run();
    hot$.next(1);
    hot$.next(2);
    await first.checkpoints.checkpoint();
    first.pipeline.unsubscribe();
    await settled();
    const second = await run();
    hot$.next(4);
    expect(second.pipeline.values).toEqual([7]);
  });

  describe('across several restarts', () => {
    /** A cold source whose values a spec hands out; each subscription begins anew. */
    function coldRuns() {
      const storage = memoryStorage();
      return async (work: (emit: (...values: number[]) => void) => void): Promise<number[]> => {
        let emit: (...values: number[]) => void = () => {};
        const cold$ = new Observable<number>((subscriber) => {
          emit = (...values) => values.forEach((n) => subscriber.next(n));
        });
        const checkpoints = new CheckpointSubject({ storage });
        const pipeline = observe(checkpoints.recover(fromObservable(cold$).pipe(uid('cold'))));
        await settled();
        work(emit);
        await checkpoints.checkpoint();
        pipeline.unsubscribe();
        await settled();
        return pipeline.values;
      };
    }

    test.each([[[]], [[1]]])(
      'a checkpoint after it has repeated %j still knows how many there were',
      async (repeated) => {
        const run = coldRuns();
        expect(await run((emit) => emit(1, 2))).toEqual([1, 2]);
        expect(await run((emit) => emit(...repeated))).toEqual([]);
        expect(await run((emit) => emit(1, 2, 3))).toEqual([3]);
      },
    );

    test('what was skipped counts as emitted', async () => {
      const run = coldRuns();
      await run((emit) => emit(1, 2));
      expect(await run((emit) => emit(1, 2, 3))).toEqual([3]);
      expect(await run((emit) => emit(1, 2, 3, 4))).toEqual([4]);
    });
  });

  test('one that ends before it has repeated all is an error that says so', async () => {
    let length = 3;
    const shrinking$ = new Observable<number>((subscriber) => {
      for (let n = 0; n < length; n++) subscriber.next(n);
      if (length < 3) subscriber.complete();
    });
    const { second } = await restarted(
      () => fromObservable(shrinking$).pipe(uid('shrinking')),
      () => (length = 2),
    );
    expect(second).toMatchObject({
      values: [],
      error: { code: 'replay-too-short', operator: 'shrinking', expected: 3, actual: 2 },
    });
  });

  test('so is a plain inner; a checkpointed inner goes on where it was, and is not run again', async () => {
    const runs: string[] = [];
    const plain = () =>
      new Observable<string>((subscriber) => {
        runs.push('plain');
        subscriber.next('plain 1');
        if (runs.length > 2) subscriber.next('plain 2');
      });
    const ours = new Log(['ours 1']);
    const { second } = await restarted(
      () =>
        of('plain', 'ours').pipe(
          uid('of'),
          mergeMap((which) => (which === 'plain' ? plain() : ours.stream$.pipe(uid('log')))),
          uid('all'),
        ),
      () => runs.push('restart'),
    );
    ours.write('ours 2');
    expect(runs).toEqual(['plain', 'restart', 'plain']);
    expect(second.values).toEqual(['plain 2', 'ours 2']);
  });
});

describe('rule 16: an error that is state keeps its class', () => {
  test('the selector is called again with an error of the same class, never with a lookalike', async () => {
    const seen: unknown[] = [];
    const failing$ = () =>
      of(1).pipe(
        map((): number => JSON.parse('{') as number),
        catchError((error: unknown) => {
          seen.push(error);
          return new Log([error instanceof SyntaxError ? 1 : 0]).stream$.pipe(uid('handler'));
        }),
        uid('catch'),
      );
    const { first, second } = await restarted(failing$);
    expect([first.values, second.values]).toEqual([[1], []]);
    expect(seen).toHaveLength(2);
    expect(seen[1]).toBeInstanceOf(SyntaxError);
    expect((seen[1] as Error).stack).toBe((seen[0] as Error).stack);
  });

  test.each(['a text', 7, null, undefined, { code: 'E1' }])(
    'what was thrown may be anything that can be stored: %j',
    async (thrown) => {
      const seen: unknown[] = [];
      await restarted(() =>
        of(1).pipe(
          map((): number => {
            throw thrown;
          }),
          catchError((error: unknown) => {
            seen.push(error);
            return new Log([0]).stream$.pipe(uid('handler'));
          }),
          uid('catch'),
        ),
      );
      expect(seen).toEqual([thrown, thrown]);
    },
  );

  test('so is the notifier of a retry', async () => {
    const seen: unknown[] = [];
    await restarted(() =>
      of(1).pipe(
        map((): number => {
          throw new RangeError('far');
        }),
        retry({
          delay: (error: unknown) => {
            seen.push(error);
            return new Log([]).stream$.pipe(uid('notifier'));
          },
        }),
        uid('retry'),
      ),
    );
    expect(seen).toHaveLength(2);
    expect(seen[1]).toBeInstanceOf(RangeError);
    expect((seen[1] as Error).message).toBe('far');
  });

  test('a class that cannot be made again fails the checkpoint', async () => {
    class OfItsOwn extends Error {}
    const checkpoints = new CheckpointSubject({ storage: memoryStorage() });
    observe(checkpoints.failures$);
    const pipeline$ = of(1).pipe(
      map((): number => {
        throw new OfItsOwn('x');
      }),
      catchError(() => new Log([0]).stream$.pipe(uid('handler'))),
      uid('catch'),
    );
    const pipeline = observe(checkpoints.recover(pipeline$));
    await settled();
    await expect(checkpoints.checkpoint()).rejects.toMatchObject({ reason: 'declined', operator: 'catch' });
    expect(pipeline).toMatchObject({ values: [0], error: undefined });
  });
});

describe('rule 17: a failure is no state, a completion is', () => {
  test('the last good part of a pipeline that failed stays; one that completed restores as completed', async () => {
    const storage = memoryStorage();
    const [bad, good] = [new Log([1]), new Log([10])];
    const start = () => {
      const checkpoints = new CheckpointSubject({ storage });
      return {
        checkpoints,
        bad: observe(checkpoints.recover(bad.stream$.pipe(uid('bad'), sum(), uid('bad sum')), { name: 'bad' })),
        good: observe(checkpoints.recover(good.stream$.pipe(uid('good'), sum(), uid('good sum')), { name: 'good' })),
      };
    };
    const first = start();
    await settled();
    await first.checkpoints.checkpoint();
    bad.write(2);
    bad.breakDown(new Error('gone'));
    good.end();
    await settled();
    // What completed is not read again, even if there is more by now.
    good.records.push(20);
    const second = start();
    await settled();
    expect(second.bad.values).toEqual([3]);
    expect(second.good).toMatchObject({ values: [], hasCompleted: true });
  });
});

describe('rule 18: pipelines that share a source are one restart region', () => {
  test('a restored shared source opens only when all its branches are back', async () => {
    const storage = memoryStorage();
    const log = new Log([1]);
    const shared$ = log.stream$.pipe(uid('log'), share(), uid('shared'));
    const start = (checkpoints: CheckpointSubject, name: string) =>
      observe(checkpoints.recover(shared$.pipe(sum(), uid(name)), { name }));
    const before = new CheckpointSubject({ storage });
    const first = ['a', 'b'].map((name) => start(before, name));
    await settled();
    await before.checkpoint();
    for (const pipeline of first) pipeline.unsubscribe();
    await settled();

    log.records.push(2);
    const after = new CheckpointSubject({ storage });
    const a = start(after, 'a');
    await settled();
    expect([a.values, log.readerCount]).toEqual([[], 0]);
    const waiting = await after.checkpoint();
    expect([foldedIn(waiting, 'a'), foldedIn(waiting, 'b')]).toEqual([1, 1]);
    const b = start(after, 'b');
    await settled();
    expect([a.values, b.values]).toEqual([[3], [3]]);
  });

  test('the second one refuses to restore while the first has gone on', async () => {
    const log = new Log([1]);
    const shared$ = log.stream$.pipe(uid('log'), share(), uid('shared'));
    const checkpoints = new CheckpointSubject({ storage: memoryStorage() });
    const [a$, b$] = ['a', 'b'].map((name) => checkpoints.recover(shared$.pipe(sum(), uid(name)), { name })) as [
      Observable<number>,
      Observable<number>,
    ];
    observe(a$);
    const b = observe(b$);
    await settled();
    await checkpoints.checkpoint();
    b.unsubscribe();
    const again = observe(b$);
    await settled();
    expect(again.error).toMatchObject({ code: 'region-restart', others: ['a'] });
  });
});

describe('rule 19: values that are held', () => {
  interface Item {
    n: number;
  }

  test('are copied at each barrier, so that a restore sees what the pipeline would have emitted (decision 0003)', async () => {
    const items: Item[] = [{ n: 1 }];
    const build = () => of(...items).pipe(delay(1_000), uid('delay'));
    const storage = memoryStorage();
    const before = new CheckpointSubject({ storage });
    const first = observe(before.recover(build()));
    await settled();
    await before.checkpoint();
    items[0]!.n = 2;
    await before.checkpoint();
    first.unsubscribe();
    await settled();
    items[0]!.n = 3;
    const second = observe(new CheckpointSubject({ storage }).recover(build()));
    await jest.advanceTimersByTimeAsync(1_000);
    expect(second.values).toEqual([{ n: 2 }]);
  });

  test('that two operators hold are two after a restore', async () => {
    const item = { n: 1 };
    const log = new Log<Item>([item, item]);
    const build = () => {
      const shared$ = log.stream$.pipe(uid('log'), share(), uid('shared'));
      return combineLatest([shared$.pipe(pairwise(), uid('pairs')), shared$]).pipe(uid('latest'));
    };
    const { first, second } = await restarted(build);
    const [[[, before], latestBefore]] = first.values as [[[Item, Item], Item]];
    expect(before).toBe(latestBefore);
    log.write({ n: 2 });
    const [[[previous], latest]] = second.values as [[[Item, Item], Item]];
    expect([previous, latest]).toEqual([{ n: 1 }, { n: 1 }]);
    expect(previous).not.toBe(latest);
  });

  test('that one value has twice are one after a restore', async () => {
    const item = { n: 1 };
    const log = new Log<Item>([item, item]);
    const other = new Log<number>();
    const build = () => {
      const pairs$ = log.stream$.pipe(uid('log'), pairwise(), uid('pairs'));
      return combineLatest([pairs$, other.stream$.pipe(uid('other'))]).pipe(uid('latest'));
    };
    const { second } = await restarted(build);
    other.write(5);
    const [[[one, two]]] = second.values as [[[Item, Item], number]];
    expect(one).toEqual({ n: 1 });
    expect(one).not.toBe(item);
    expect(one).toBe(two);
  });
});
