import { describe, expect, test } from '@jest/globals';
import { Observable, retry as rxRetry } from 'rxjs';

import type { CheckpointedObservable, RestoreReport } from '../../src/index.js';
import {
  CheckpointSubject,
  concat,
  delay,
  fromObservable,
  map,
  memoryStorage,
  merge,
  mergeMap,
  NEVER,
  scan,
  share,
  take,
  timer,
  uid,
} from '../../src/index.js';
import { foldedIn, offsetIn } from '../support/CheckpointStates.js';
import { inFakeTime } from '../support/inFakeTime.js';
import { Log } from '../support/Log.js';
import { observe, settled } from '../support/Observed.js';

inFakeTime();

function totalOf(log: Log<number>, name: string): CheckpointedObservable<number> {
  return log.stream$.pipe(
    uid(`${name} log`),
    scan((sum, n) => sum + n, 0),
    uid(`${name} total`),
  );
}

describe('several pipelines on one subject', () => {
  test('are in one consistent checkpoint', async () => {
    const left = new Log([1]);
    const right = new Log([10]);
    const checkpoints = new CheckpointSubject({ storage: memoryStorage() });
    const taken = observe(checkpoints);
    observe(checkpoints.recover(totalOf(left, 'left'), { name: 'left' }));
    observe(checkpoints.recover(totalOf(right, 'right'), { name: 'right' }));
    await settled();
    left.write(2);
    right.write(20);
    checkpoints.next();
    left.write(3);
    await settled();
    expect(taken.values).toHaveLength(1);
    const [checkpoint] = taken.values;
    expect(Object.keys(checkpoint!.operators).sort()).toEqual(['left log', 'left total', 'right log', 'right total']);
    expect([foldedIn(checkpoint, 'left total'), foldedIn(checkpoint, 'right total')]).toEqual([3, 30]);
    expect(checkpoint!.pipelines).toEqual({ left: 'running', right: 'running' });
  });

  test('are told apart by their names: the same name twice is already running', async () => {
    const log = new Log<number>();
    const checkpoints = new CheckpointSubject({ storage: memoryStorage() });
    const pipeline$ = checkpoints.recover(totalOf(log, 'only'));
    const first = observe(pipeline$);
    const early = observe(pipeline$);
    await settled();
    const late = observe(checkpoints.recover(new Log().stream$, { name: 'main' }));
    await settled();
    log.write(1);
    expect(early.error).toMatchObject({ code: 'already-running', pipeline: 'main' });
    expect(late.error).toMatchObject({ code: 'already-running' });
    expect(first.values).toEqual([1]);
    first.unsubscribe();
    const again = observe(pipeline$);
    await settled();
    expect(again.error).toBeUndefined();
  });

  test('may have operators without a uid of the same name', async () => {
    const checkpoints = new CheckpointSubject({ storage: memoryStorage() });
    const sum = (log: Log<number>) => log.stream$.pipe(scan((sum, n) => sum + n, 0));
    observe(checkpoints.recover(sum(new Log([1])), { name: 'a' }));
    observe(checkpoints.recover(sum(new Log([2])), { name: 'b' }));
    await settled();
    const { operators } = await checkpoints.checkpoint();
    expect(Object.keys(operators).sort()).toEqual(['a:log', 'a:scan', 'b:log', 'b:scan']);
  });
});

describe('a pipeline that is not attached', () => {
  test('is carried over, and restores when it comes back in a later run', async () => {
    const storage = memoryStorage();
    const left = new Log([1, 2]);
    const right = new Log([10, 20]);
    const before = new CheckpointSubject({ storage });
    const pipelines = [
      observe(before.recover(totalOf(left, 'left'), { name: 'left' })),
      observe(before.recover(totalOf(right, 'right'), { name: 'right' })),
    ];
    await settled();
    await before.checkpoint();
    for (const pipeline of pipelines) pipeline.unsubscribe();
    await settled();

    const after = new CheckpointSubject({ storage });
    observe(after.recover(totalOf(left, 'left'), { name: 'left' }));
    await settled();
    left.write(3);
    right.write(30);
    const checkpoint = await after.checkpoint();
    expect([foldedIn(checkpoint, 'left total'), foldedIn(checkpoint, 'right total')]).toEqual([6, 30]);
    expect(checkpoint.pipelines).toEqual({ left: 'running', right: 'running' });
    const late = observe(after.recover(totalOf(right, 'right'), { name: 'right' }));
    await settled();
    expect(late.values).toEqual([60]);
  });

  test('is carried over after it was unsubscribed, with what the newest checkpoint says of it', async () => {
    const left = new Log([1]);
    const right = new Log([10]);
    const checkpoints = new CheckpointSubject({ storage: memoryStorage() });
    observe(checkpoints.recover(totalOf(left, 'left'), { name: 'left' }));
    const right$ = checkpoints.recover(totalOf(right, 'right'), { name: 'right' });
    const first = observe(right$);
    await settled();
    await checkpoints.checkpoint();
    right.write(20);
    expect(first.values).toEqual([10, 30]);
    first.unsubscribe();
    left.write(2);
    const checkpoint = await checkpoints.checkpoint();
    expect([foldedIn(checkpoint, 'left total'), foldedIn(checkpoint, 'right total')]).toEqual([3, 10]);
    const second = observe(right$);
    await settled();
    expect(second.values).toEqual([30]);
  });

  test('can be restored while the checkpoint is written that has its newest state: the restore waits for it', async () => {
    const left = new Log<number>();
    const right = new Log([10]);
    const checkpoints = new CheckpointSubject({ storage: memoryStorage() });
    observe(checkpoints.recover(totalOf(left, 'left'), { name: 'left' }));
    const right$ = checkpoints.recover(totalOf(right, 'right'), { name: 'right' });
    const first = observe(right$);
    await settled();
    checkpoints.next();
    first.unsubscribe();
    const second = observe(right$);
    await settled();
    right.write(5);
    expect(second.values).toEqual([15]);
  });

  test('stays completed once it has completed, and its state is dropped', async () => {
    const storage = memoryStorage();
    const left = new Log([1]);
    const right = new Log([10]);
    const before = new CheckpointSubject({ storage });
    const left$ = before.recover(totalOf(left, 'left'), { name: 'left' });
    const leftRun = observe(left$);
    const rightRun = observe(before.recover(totalOf(right, 'right'), { name: 'right' }));
    await settled();
    left.end();
    await settled();
    const checkpoint = await before.checkpoint();
    expect(checkpoint.pipelines).toEqual({ left: 'completed', right: 'running' });
    expect(Object.keys(checkpoint.operators).sort()).toEqual(['right log', 'right total']);
    expect(leftRun).toMatchObject({ values: [1], hasCompleted: true });
    const again = observe(left$);
    await settled();
    expect(again).toMatchObject({ values: [], hasCompleted: true });
    rightRun.unsubscribe();
    await settled();

    const after = new CheckpointSubject({ storage });
    const restored = observe(after.recover(totalOf(left, 'left'), { name: 'left' }));
    await settled();
    expect(restored).toMatchObject({ values: [], hasCompleted: true });
  });

  test('is not lost when another pipeline takes one of its uids: that is refused', async () => {
    const storage = memoryStorage();
    const before = new CheckpointSubject({ storage });
    const log = new Log([1, 2]);
    const first = observe(before.recover(totalOf(log, 'only'), { name: 'old' }));
    await settled();
    await before.checkpoint();
    first.unsubscribe();
    await settled();

    const after = new CheckpointSubject({ storage });
    const taker = observe(after.recover(totalOf(new Log([5]), 'only'), { name: 'new' }));
    await settled();
    expect(taker).toMatchObject({
      values: [],
      error: { code: 'duplicate-uid', kind: 'absent-pipeline', uid: 'only total' },
    });
    const rightful = observe(after.recover(totalOf(log, 'only'), { name: 'old' }));
    await settled();
    log.write(3);
    expect(rightful.values).toEqual([6]);
  });
});

describe('a pipeline that leaves', () => {
  test('takes no part half torn down in a checkpoint that a teardown asks for', async () => {
    const log = new Log([1]);
    const other = new Log<number>();
    const checkpoints = new CheckpointSubject({ storage: memoryStorage() });
    const taken = observe(checkpoints);
    const plain$ = new Observable<number>(() => () => checkpoints.next());
    const merged$ = merge(fromObservable(plain$).pipe(uid('plain')), totalOf(log, 'left')).pipe(
      uid('merge'),
      delay(100_000),
      uid('delay'),
    );
    const leaving$ = checkpoints.recover(merged$, { name: 'leaving' });
    const leaving = observe(leaving$);
    observe(checkpoints.recover(totalOf(other, 'right'), { name: 'staying' }));
    await settled();
    await checkpoints.checkpoint();
    log.write(2);
    leaving.unsubscribe();
    await settled();
    expect(taken.values).toHaveLength(2);
    const [before, after] = taken.values;
    for (const name of ['plain', 'left log', 'left total', 'merge', 'delay']) {
      expect(after!.operators[name]).toBe(before!.operators[name]);
    }
  });

  test('leaves nothing behind when its restore fails: the others are checkpointed, and it may be tried again', async () => {
    const storage = memoryStorage();
    const source = new Log([1, 2, 3]);
    const build = () => source.stream$.pipe(uid('source'), delay(100_000), uid('delay'), share(), uid('shared'));
    const log = new Log([1]);
    const before = new CheckpointSubject({ storage });
    const first = observe(before.recover(build(), { name: 'source' }));
    const staying = observe(before.recover(totalOf(log, 'log'), { name: 'log' }));
    await settled();
    await before.checkpoint();
    first.unsubscribe();
    staying.unsubscribe();
    await settled();

    const after = new CheckpointSubject({ storage });
    observe(after.recover(totalOf(log, 'log'), { name: 'log' }));
    source.records.length = 2;
    const failing = observe(after.recover(build(), { name: 'source' }));
    await settled();
    expect(failing.error).toMatchObject({ code: 'replay-too-short' });
    log.write(2);
    expect(foldedIn(await after.checkpoint(), 'log total')).toBe(3);
    source.records.push(3);
    const again = observe(after.recover(build(), { name: 'source' }));
    await settled();
    expect(again.error).toBeUndefined();
    expect(offsetIn(await after.checkpoint(), 'source')).toBe(3);
  });
});

describe('pipelines that share a part', () => {
  function sharing(log: Log<number>) {
    const shared$ = log.stream$.pipe(uid('log'), share(), uid('shared'));
    const sum$ = shared$.pipe(
      scan((sum, n) => sum + n, 0),
      uid('sum'),
    );
    const count$ = shared$.pipe(
      map((n) => {
        if (n < 0) throw new Error('below zero');
        return n;
      }),
      scan((count) => count + 1, 0),
      uid('count'),
    );
    return { sum$, count$ };
  }

  test('have one source', async () => {
    const log = new Log([1]);
    const { sum$, count$ } = sharing(log);
    const checkpoints = new CheckpointSubject({ storage: memoryStorage() });
    const sum = observe(checkpoints.recover(sum$, { name: 'sum' }));
    const count = observe(checkpoints.recover(count$, { name: 'count' }));
    await settled();
    log.write(5);
    expect(log.readerCount).toBe(1);
    expect([sum.values, count.values]).toEqual([
      [1, 6],
      [1, 2],
    ]);
    const checkpoint = await checkpoints.checkpoint();
    expect(Object.keys(checkpoint.operators).sort()).toEqual(['count', 'log', 'shared', 'sum']);
  });

  test('restart together: when one fails the other is stopped with a RegionRestartError, and stock retry brings both back', async () => {
    const log = new Log<number>();
    const { sum$, count$ } = sharing(log);
    const checkpoints = new CheckpointSubject({ storage: memoryStorage() });
    const errors: unknown[] = [];
    const restart = () =>
      rxRetry<number>({
        delay: (error) => {
          errors.push(error);
          if (log.records.includes(-1)) log.records.splice(log.records.indexOf(-1), 1);
          return [0];
        },
      });
    const sum = observe(checkpoints.recover(sum$, { name: 'sum' }).pipe(restart()));
    const count = observe(checkpoints.recover(count$, { name: 'count' }).pipe(restart()));
    await settled();
    log.write(1, 2);
    await checkpoints.checkpoint();
    log.write(4);
    log.records.push(8);
    expect([sum.last, count.last]).toEqual([7, 3]);
    log.write(-1);
    await settled();
    expect(errors).toMatchObject([
      { code: 'region-restart', pipeline: 'sum', others: ['count'] },
      { message: 'below zero' },
    ]);
    log.write(16);
    expect([sum.error, count.error]).toEqual([undefined, undefined]);
    expect([sum.last, count.last]).toEqual([31, 5]);
    expect(log.readerCount).toBe(1);
    const checkpoint = await checkpoints.checkpoint();
    expect([foldedIn(checkpoint, 'sum'), foldedIn(checkpoint, 'count')]).toEqual([31, 5]);
  });

  test('restart together from nothing as well, when there was no checkpoint', async () => {
    const log = new Log<number>();
    const { sum$, count$ } = sharing(log);
    const checkpoints = new CheckpointSubject({ storage: memoryStorage() });
    const sum = observe(checkpoints.recover(sum$, { name: 'sum' }).pipe(rxRetry(1)));
    const count = observe(checkpoints.recover(count$, { name: 'count' }).pipe(rxRetry(1)));
    await settled();
    log.write(1);
    log.breakDown(new Error('gone'));
    await settled();
    log.write(2);
    expect([sum.error, count.error]).toEqual([undefined, undefined]);
    expect(sum.last).toBe(3);
    expect(count.error).toBeUndefined();
  });

  test('cannot be checkpointed when one has left, nor can that one come back while the other goes on', async () => {
    const log = new Log([1]);
    const { sum$, count$ } = sharing(log);
    const checkpoints = new CheckpointSubject({ storage: memoryStorage() });
    const failures = observe(checkpoints.failures$);
    const sum = observe(checkpoints.recover(sum$, { name: 'sum' }));
    const restoredCount$ = checkpoints.recover(count$, { name: 'count' });
    const count = observe(restoredCount$);
    observe(checkpoints.recover(totalOf(new Log(), 'third'), { name: 'third' }));
    await settled();
    await checkpoints.checkpoint();
    count.unsubscribe();
    log.write(5);
    checkpoints.next();
    await settled();
    expect(failures.values).toMatchObject([{ reason: 'region-broken' }]);
    const refused = observe(restoredCount$);
    await settled();
    expect(refused.error).toMatchObject({ code: 'region-restart', pipeline: 'count', others: ['sum'] });

    sum.unsubscribe();
    const both = [observe(checkpoints.recover(sum$, { name: 'sum' })), observe(restoredCount$)];
    await settled();
    log.write(7);
    expect(both.map(({ last }) => last)).toEqual([13, 3]);
    await checkpoints.checkpoint();
    expect(failures.values).toHaveLength(1);
  });

  test('let the other pipelines of the job go on', async () => {
    const log = new Log<number>();
    const other = new Log<number>();
    const { sum$, count$ } = sharing(log);
    const checkpoints = new CheckpointSubject({ storage: memoryStorage() });
    observe(checkpoints.recover(sum$, { name: 'sum' }));
    observe(checkpoints.recover(count$, { name: 'count' }));
    const apart = observe(checkpoints.recover(totalOf(other, 'apart'), { name: 'apart' }));
    await settled();
    log.breakDown(new Error('gone'));
    other.write(3);
    expect(apart).toMatchObject({ values: [3], error: undefined });
    expect(foldedIn(await checkpoints.checkpoint(), 'apart total')).toBe(3);
  });

  test('share nothing of an earlier run: what is left of the shared part stops with the last of them', async () => {
    const log = new Log([1]);
    const shared$ = log.stream$.pipe(uid('log'), share({ resetOnRefCountZero: false }), uid('shared'));
    const checkpoints = new CheckpointSubject({ storage: memoryStorage() });
    const sum$ = checkpoints.recover(
      shared$.pipe(
        scan((sum, n) => sum + n, 0),
        uid('sum'),
      ),
      { name: 'sum' },
    );
    observe(checkpoints.recover(totalOf(new Log(), 'other'), { name: 'other' }));
    const first = observe(sum$);
    await settled();
    await checkpoints.checkpoint();
    first.unsubscribe();
    expect(log.readerCount).toBe(0);
    log.write(2);
    const second = observe(sum$);
    await settled();
    expect(second.values).toEqual([3]);
  });

  test('report of their own parts only, also when something leaves while one is connected', async () => {
    const storage = memoryStorage();
    const start = (values: readonly number[]) => {
      const [own, other] = [new Log<number>(values), new Log<number>()];
      const checkpoints = new CheckpointSubject({ storage });
      const reports: RestoreReport[] = [];
      const onRestore = (report: RestoreReport): void => void reports.push(report);
      const recovered = {
        // The part in front of take() is looked for when it is restored, and is not there any more.
        own$: checkpoints.recover(concat(own.stream$.pipe(share(), take(1)), NEVER), { name: 'own', onRestore }),
        other$: checkpoints.recover(other.stream$.pipe(mergeMap(() => timer(5).pipe(map((_, i) => i)))), {
          name: 'other',
        }),
      };
      return { checkpoints, other, reports, ...recovered };
    };
    const first = start([1]);
    const running = [observe(first.own$), observe(first.other$)];
    await settled();
    await first.checkpoints.checkpoint();
    for (const observed of running) observed.unsubscribe();
    await settled();

    const { other, reports, own$, other$ } = start([]);
    observe(other$);
    await settled();
    other.write(1);
    observe(own$);
    await settled();
    expect(reports.map(({ new: joined }) => joined)).toEqual([[]]);
  });
});
