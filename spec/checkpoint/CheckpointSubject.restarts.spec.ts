import { describe, expect, jest, test } from '@jest/globals';
import {
  merge as rxMerge,
  mergeMap as rxMergeMap,
  retry as rxRetry,
  share as rxShare,
  Subject,
  switchMap as rxSwitchMap,
  take as rxTake,
} from 'rxjs';

import type { Checkpoint, CheckpointStorage } from '../../src/index.js';
import {
  catchError,
  CheckpointSubject,
  concatMap,
  delay,
  fromObservable,
  map,
  memoryStorage,
  of,
  scan,
  startWith,
  uid,
} from '../../src/index.js';
import { foldedIn, offsetIn } from '../support/CheckpointStates.js';
import { inFakeTime } from '../support/inFakeTime.js';
import { Log } from '../support/Log.js';
import { observe, settled } from '../support/Observed.js';

inFakeTime();

function totals(log: Log<number>) {
  return log.stream$.pipe(
    uid('log'),
    map((n) => {
      if (n < 0) throw new RangeError(`${n} is below 0`);
      return n;
    }),
    scan((sum, n) => sum + n, 0),
    uid('total'),
  );
}

/** A storage whose next read can be held up. */
function slowStorage() {
  const storage = memoryStorage();
  let letGo: () => void = () => {};
  const held = new Promise<void>((resolve) => (letGo = resolve));
  const list = storage.list.bind(storage);
  storage.list = async () => {
    await held;
    return list();
  };
  return { storage, letGo: () => letGo() };
}

describe('subscribing', () => {
  test('starts from nothing when there is no checkpoint', async () => {
    const log = new Log([1, 2]);
    const checkpoints = new CheckpointSubject({ storage: memoryStorage() });
    const pipeline = observe(checkpoints.recover(totals(log)));
    await settled();
    expect(pipeline.values).toEqual([1, 3]);
  });

  test('again after unsubscribing restores the newest checkpoint', async () => {
    const log = new Log([1, 2]);
    const checkpoints = new CheckpointSubject({ storage: memoryStorage() });
    const pipeline$ = checkpoints.recover(totals(log));
    const first = observe(pipeline$);
    await settled();
    await checkpoints.checkpoint();
    log.write(3);
    await checkpoints.checkpoint();
    log.write(4);
    first.unsubscribe();
    log.write(5);
    const second = observe(pipeline$);
    await settled();
    expect(first.values).toEqual([1, 3, 6, 10]);
    expect(second.values).toEqual([10, 15]);
  });

  test('again at once waits for the checkpoint that is being written', async () => {
    const log = new Log([1, 2]);
    const checkpoints = new CheckpointSubject({ storage: memoryStorage() });
    const pipeline$ = checkpoints.recover(totals(log));
    const first = observe(pipeline$);
    await settled();
    checkpoints.next();
    first.unsubscribe();
    const second = observe(pipeline$);
    log.write(3);
    await settled();
    expect(second.values).toEqual([6]);
  });

  test('a pipeline that was built anew restores just as well', async () => {
    const storage = memoryStorage();
    const log = new Log([1, 2]);
    for (const expected of [[1, 3], [13], [113]]) {
      const checkpoints = new CheckpointSubject({ storage });
      const pipeline = observe(checkpoints.recover(totals(log)));
      await settled();
      expect(pipeline.values).toEqual(expected);
      await checkpoints.checkpoint();
      log.records.push(10 ** log.records.length / 10);
      pipeline.unsubscribe();
      await settled();
    }
  });
});

describe('stock operators behind recover()', () => {
  test('retry is a restart strategy: it goes on from the newest checkpoint', async () => {
    const log = new Log([1, 2]);
    const checkpoints = new CheckpointSubject({ storage: memoryStorage() });
    const retried$ = checkpoints.recover(totals(log)).pipe(rxRetry({ count: 2, delay: 1_000 }));
    const pipeline = observe(retried$);
    await settled();
    await checkpoints.checkpoint();
    log.write(4);
    log.breakDown(new Error('connection lost'));
    log.records.push(8);
    await jest.advanceTimersByTimeAsync(999);
    expect(pipeline.values).toEqual([1, 3, 7]);
    await jest.advanceTimersByTimeAsync(1);
    expect(pipeline.values).toEqual([1, 3, 7, 7, 15]);
    expect(pipeline.error).toBeUndefined();
  });

  test('retry without delay as well', async () => {
    const log = new Log([1, 2]);
    const checkpoints = new CheckpointSubject({ storage: memoryStorage() });
    const pipeline = observe(checkpoints.recover(totals(log)).pipe(rxRetry(1)));
    await settled();
    await checkpoints.checkpoint();
    log.breakDown(new Error('connection lost'));
    await settled();
    log.write(4);
    expect(pipeline.values).toEqual([1, 3, 7]);
    log.breakDown(new Error('connection lost again'));
    expect(pipeline.error).toMatchObject({ message: 'connection lost again' });
  });

  test('share lets several subscribers have one run', async () => {
    const log = new Log([1]);
    const checkpoints = new CheckpointSubject({ storage: memoryStorage() });
    const shared$ = checkpoints.recover(totals(log)).pipe(rxShare());
    const both = [observe(shared$), observe(shared$)];
    await settled();
    expect(both.map(({ values, error }) => ({ values, error }))).toEqual([
      { values: [1], error: undefined },
      { values: [1], error: undefined },
    ]);
  });

  test('may subscribe to pipelines of this library, at any time', async () => {
    const log = new Log([1, 2]);
    const checkpoints = new CheckpointSubject({ storage: memoryStorage() });
    const doubled$ = checkpoints.recover(totals(log)).pipe(
      rxSwitchMap((sum) => of(sum, 10 * sum)),
      rxMergeMap((sum) => rxMerge(of(sum), of(-sum))),
    );
    const pipeline = observe(doubled$);
    await settled();
    expect(pipeline).toMatchObject({ values: [1, -1, 10, -10, 3, -3, 30, -30], error: undefined });
  });

  test('take stops the run from within', async () => {
    const log = new Log([1, 2, 3]);
    const checkpoints = new CheckpointSubject({ storage: memoryStorage() });
    const pipeline = observe(checkpoints.recover(totals(log)).pipe(rxTake(2)));
    await settled();
    expect(pipeline).toMatchObject({ values: [1, 3], hasCompleted: true });
    expect(log.readerCount).toBe(0);
  });
});

describe('a pipeline that fails', () => {
  test('is never checkpointed as ended: its last good state stays', async () => {
    const storage = memoryStorage();
    const log = new Log([1, 2]);
    const checkpoints = new CheckpointSubject({ storage });
    const other = observe(checkpoints.recover(new Log().stream$, { name: 'other' }));
    const pipeline = observe(checkpoints.recover(totals(log)));
    await settled();
    await checkpoints.checkpoint();
    log.write(4, -1);
    expect(pipeline.error).toBeInstanceOf(RangeError);
    const checkpoint = await checkpoints.checkpoint();
    expect([foldedIn(checkpoint, 'total'), offsetIn(checkpoint, 'log')]).toEqual([3, 2]);
    expect(checkpoint.pipelines).toEqual({ main: 'running', other: 'running' });
    other.unsubscribe();
    await settled();

    log.records.pop();
    const again = observe(new CheckpointSubject({ storage }).recover(totals(log)));
    await settled();
    expect(again.values).toEqual([7]);
  });

  test('is not in the checkpoint that was asked for in the turn in which it failed', async () => {
    const log = new Log([1]);
    const checkpoints = new CheckpointSubject({ storage: memoryStorage() });
    observe(checkpoints.recover(new Log().stream$, { name: 'other' }));
    const asked: Promise<Checkpoint>[] = [];
    const pipeline$ = log.stream$.pipe(
      uid('log'),
      scan((sum, n) => sum + n, 0),
      uid('total'),
      map((sum) => {
        asked.push(checkpoints.checkpoint());
        if (sum > 2) throw new RangeError('too much');
        return sum;
      }),
    );
    observe(checkpoints.recover(pipeline$));
    await settled();
    log.write(5);
    expect((await Promise.all(asked)).map((checkpoint) => foldedIn(checkpoint, 'total'))).toEqual([1, 1]);
  });

  test('fails again after each restart, for as long as the cause is there', async () => {
    const log = new Log([1, -1]);
    const checkpoints = new CheckpointSubject({ storage: memoryStorage() });
    const errors: unknown[] = [];
    const delays = (error: unknown) => (errors.push(error), errors.length < 4 ? of(0) : new Subject());
    observe(checkpoints.recover(totals(log)).pipe(rxRetry({ delay: delays })));
    await settled();
    await settled();
    expect(errors).toHaveLength(4);
  });
});

describe('a pipeline that completes', () => {
  test('restores as completed: complete alone, from a checkpoint that was taken after its subscriber had returned', async () => {
    const storage = memoryStorage();
    const log = new Log([1, 2]);
    const checkpoints = new CheckpointSubject({ storage });
    const order: string[] = [];
    checkpoints.subscribe(({ pipelines }) => order.push(`checkpoint: main is ${pipelines.main}`));
    checkpoints.recover(totals(log)).subscribe({
      complete: () => {
        checkpoints.next();
        order.push('the subscriber has returned from complete');
      },
    });
    await settled();
    log.end();
    await settled();
    expect(order).toEqual(['the subscriber has returned from complete', 'checkpoint: main is completed']);

    const again = observe(new CheckpointSubject({ storage }).recover(totals(log)));
    await settled();
    expect(again).toMatchObject({ values: [], hasCompleted: true });
    expect(log.readerCount).toBe(0);
  });

  test('lets go of the storage and the trigger when it was restored as completed', async () => {
    const storage = memoryStorage();
    const trigger = new Subject<void>();
    const log = new Log<number>();
    log.end();
    const first = new CheckpointSubject({ storage, trigger });
    observe(first.recover(totals(log)));
    await settled();
    const second = new CheckpointSubject({ storage, trigger });
    const failures = observe(second.failures$);
    const again = observe(second.recover(totals(log)));
    await settled();
    expect(again.hasCompleted).toBe(true);
    expect(trigger.observed).toBe(false);
    second.next();
    expect(failures.values.map(({ reason }) => reason)).toEqual(['finished']);
    const lock = await storage.lock!();
    await lock.release();
  });

  test('delivers its end again when the process died before that checkpoint was durable', async () => {
    const storage = memoryStorage();
    const log = new Log([1, 2]);
    const checkpoints = new CheckpointSubject({ storage });
    observe(checkpoints.failures$);
    observe(checkpoints.recover(totals(log)));
    await settled();
    await checkpoints.checkpoint();
    storage.write = () => Promise.reject(new Error('the power is gone'));
    log.write(3);
    log.end();
    await settled();
    const next = new CheckpointSubject({ storage });
    observe(next.failures$);
    const again = observe(next.recover(totals(log)));
    await settled();
    expect(again).toMatchObject({ values: [6], hasCompleted: true });
  });

  test('may be subscribed to from within complete, which finds it completed', async () => {
    const log = new Log([1]);
    const checkpoints = new CheckpointSubject({ storage: memoryStorage() });
    const pipeline$ = checkpoints.recover(totals(log));
    const order: string[] = [];
    pipeline$.subscribe({
      complete: () => {
        order.push('first');
        pipeline$.subscribe({ next: () => order.push('value'), complete: () => order.push('second') });
      },
    });
    await settled();
    log.end();
    await settled();
    expect(order).toEqual(['first', 'second']);
  });

  test('completes in time with what it holds: timers that are due later are waited for', async () => {
    const storage = memoryStorage();
    const log = new Log([1, 2]);
    const build = () => totals(log).pipe(delay(1_000), uid('delay'));
    const checkpoints = new CheckpointSubject({ storage });
    const first = observe(checkpoints.recover(build()));
    await settled();
    log.end();
    await checkpoints.checkpoint();
    first.unsubscribe();
    await jest.advanceTimersByTimeAsync(400);
    const second = observe(new CheckpointSubject({ storage }).recover(build()));
    await jest.advanceTimersByTimeAsync(599);
    expect(second).toMatchObject({ values: [], hasCompleted: false });
    await jest.advanceTimersByTimeAsync(1);
    expect(second).toMatchObject({ values: [1, 3], hasCompleted: true });
  });
});

describe('an error that was handled', () => {
  test('stays handled after a restart, with an error of its class', async () => {
    const storage = memoryStorage();
    const log = new Log([1, -1]);
    const caught: unknown[] = [];
    const build = () =>
      totals(log).pipe(
        catchError((error: unknown) => {
          caught.push(error);
          return new Log([0]).stream$.pipe(uid('plan b'));
        }),
        uid('catch'),
      );
    const checkpoints = new CheckpointSubject({ storage });
    const first = observe(checkpoints.recover(build()));
    await settled();
    await checkpoints.checkpoint();
    first.unsubscribe();
    await settled();
    const second = observe(new CheckpointSubject({ storage }).recover(build()));
    await settled();
    expect([first.values, second.values]).toEqual([[1, 0], []]);
    expect(caught).toHaveLength(2);
    expect(caught[1]).toBeInstanceOf(RangeError);
    expect(caught[1]).toEqual(caught[0]);
    expect(log.readerCount).toBe(0);
  });
});

describe('unsubscribing', () => {
  test('while the storage is opened: nothing is started, and the storage is free again', async () => {
    const { storage, letGo } = slowStorage();
    const log = new Log([1]);
    const checkpoints = new CheckpointSubject({ storage });
    const pipeline$ = checkpoints.recover(totals(log));
    const first = observe(pipeline$);
    await settled();
    first.unsubscribe();
    letGo();
    await settled();
    expect(first.values).toEqual([]);
    expect(log.readerCount).toBe(0);
    const lock = await storage.lock!();
    await lock.release();
    const second = observe(pipeline$);
    await settled();
    expect(second.values).toEqual([1]);
  });

  test('and subscribing again while the storage is opened: the second run is the only one', async () => {
    const { storage, letGo } = slowStorage();
    const log = new Log([1]);
    const checkpoints = new CheckpointSubject({ storage });
    const pipeline$ = checkpoints.recover(totals(log));
    const first = observe(pipeline$);
    first.unsubscribe();
    const second = observe(pipeline$);
    await settled();
    letGo();
    await settled();
    log.write(2);
    expect([first.values, second.values]).toEqual([[], [1, 3]]);
    expect(log.readerCount).toBe(1);
    expect(foldedIn(await checkpoints.checkpoint(), 'total')).toBe(3);
  });

  test.each([
    ['the first value', 0],
    ['a later value', 2],
  ])('within the callback for %s stops at once', async (_, index) => {
    const log = new Log([1, 2, 3, 4]);
    const checkpoints = new CheckpointSubject({ storage: memoryStorage() });
    const pipeline = observe(
      checkpoints.recover(totals(log)),
      () => pipeline.values.length > index && pipeline.unsubscribe(),
    );
    await settled();
    expect(pipeline.values).toEqual([1, 3, 6, 10].slice(0, index + 1));
    expect(log.readerCount).toBe(0);
    log.write(5);
    expect(pipeline.values).toHaveLength(index + 1);
  });

  test('while a synchronous source emits stops it there, and the next run goes on from the checkpoint', async () => {
    const storage = memoryStorage();
    const seen: number[] = [];
    const sums$ = of(1, 2, 3, 4).pipe(
      uid('numbers'),
      map((n) => (seen.push(n), n)),
      startWith(0),
      uid('start'),
      scan((sum, n) => sum + n, 0),
      uid('total'),
    );
    const checkpoints = new CheckpointSubject({ storage });
    const pipeline = observe(checkpoints.recover(sums$), (sum) => {
      if (sum === 1) checkpoints.next();
      if (sum === 3) pipeline.unsubscribe();
    });
    await settled();
    expect(seen).toEqual([1, 2]);
    const again = observe(checkpoints.recover(sums$));
    await settled();
    expect(again).toMatchObject({ values: [3, 6, 10], hasCompleted: true });
  });

  test('frees timers, sources and the storage', async () => {
    const storage = memoryStorage();
    const plain$ = new Subject<number>();
    const checkpoints = new CheckpointSubject({ storage });
    const pipeline = observe(
      checkpoints.recover(
        fromObservable(plain$).pipe(
          concatMap((n) => of(n)),
          delay(1_000),
        ),
      ),
    );
    await settled();
    plain$.next(1);
    expect([plain$.observed, jest.getTimerCount()]).toEqual([true, 1]);
    pipeline.unsubscribe();
    expect([plain$.observed, jest.getTimerCount()]).toEqual([false, 0]);
    await settled();
    const lock = await storage.lock!();
    await lock.release();
  });

  test('keeps the storage until the checkpoint on its way is durable', async () => {
    const storage = memoryStorage();
    let land: () => void = () => {};
    const { write } = storage;
    storage.write = (...args: Parameters<CheckpointStorage['write']>) =>
      new Promise((resolve, reject) => (land = () => write.apply(storage, args).then(resolve, reject)));
    const checkpoints = new CheckpointSubject({ storage });
    const taken = observe(checkpoints);
    const pipeline = observe(checkpoints.recover(totals(new Log([1]))));
    await settled();
    checkpoints.next();
    pipeline.unsubscribe();
    await settled();
    await expect(storage.lock!()).rejects.toMatchObject({ code: 'storage-locked' });
    land();
    await settled();
    expect(taken.values.map((checkpoint) => foldedIn(checkpoint, 'total'))).toEqual([1]);
    const lock = await storage.lock!();
    await lock.release();
  });
});

describe('values that come back in while one is handled', () => {
  test('are delivered at once, as RxJS does, and belong to the same turn', async () => {
    const plain$ = new Subject<number>();
    const checkpoints = new CheckpointSubject({ storage: memoryStorage() });
    const taken = observe(checkpoints);
    const sums$ = fromObservable(plain$, { hot: true }).pipe(
      uid('plain'),
      scan((sum, n) => sum + n, 0),
      uid('total'),
    );
    const pipeline = observe(checkpoints.recover(sums$), (sum) => {
      checkpoints.next();
      if (sum < 3) plain$.next(1);
    });
    await settled();
    plain$.next(1);
    await settled();
    expect(pipeline.values).toEqual([1, 2, 3]);
    expect(taken.values.map((checkpoint) => foldedIn(checkpoint, 'total'))).toEqual([3]);
  });
});
