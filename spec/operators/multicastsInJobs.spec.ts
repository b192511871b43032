import { describe, expect, test } from '@jest/globals';
import * as rxjs from 'rxjs';
import { Subject } from 'rxjs';

import type { CheckpointedObservable, CheckpointedOperator, CheckpointStorage } from '../../src/index.js';
import {
  CheckpointSubject,
  connectable,
  distinctUntilChanged,
  map,
  memoryStorage,
  merge,
  mergeMap,
  multicast,
  of,
  publish,
  publishReplay,
  refCount,
  repeat,
  share,
  take,
  takeUntil,
  uid,
} from '../../src/index.js';
import { Log } from '../support/Log.js';
import type { Observed } from '../support/Observed.js';
import { observe, settled } from '../support/Observed.js';

type Sharing = () => CheckpointedOperator<number, number>;

const ways: Readonly<Record<string, Sharing>> = {
  publish: () => publish(),
  'multicast(factory)': () => multicast(() => new Subject<number>()),
};

interface Program {
  readonly job: CheckpointSubject;
  readonly left: Observed<number>;
  readonly right: Observed<number>;
  readonly other: Observed<number>;
}

/** Two pipelines over one stream that counts them. */
function start(storage: CheckpointStorage, log: Log<number>, sharing: Sharing): Program {
  const job = new CheckpointSubject({ storage });
  const counted$ = log.stream$.pipe(uid('log'), sharing(), refCount(), uid('counted'));
  const left = observe(job.recover(counted$, { name: 'left' }));
  const right = observe(job.recover(counted$.pipe(map((n) => 10 * n)), { name: 'right' }));
  // Keeps the job running when both have left.
  const other = observe(job.recover(new Log<number>().stream$, { name: 'other' }));
  return { job, left, right, other };
}

describe.each(Object.entries(ways))('%s and refCount in a job', (_, sharing) => {
  test('has one connection, for as long as somebody is there', async () => {
    const log = new Log([1]);
    const { left, right } = start(memoryStorage(), log, sharing);
    await settled();
    expect([left.values, right.values, log.readerCount]).toEqual([[1], [10], 1]);
    left.unsubscribe();
    log.write(2);
    expect([right.values, log.readerCount]).toEqual([[10, 20], 1]);
    right.unsubscribe();
    expect(log.readerCount).toBe(0);
  });

  test.each(['the same program', 'one that has an operator more'])('counts after a restore by %s', async (program) => {
    const storage = memoryStorage();
    const log = new Log([1]);
    const [stopLeft, stopRight] = [new Log<number>(), new Log<number>()];
    const run = (isNew: boolean): [CheckpointSubject, Observed<number>] => {
      const job = new CheckpointSubject({ storage });
      const counted$ = log.stream$.pipe(uid('log'), sharing(), refCount(), uid('counted'));
      const named$ = isNew ? counted$.pipe(distinctUntilChanged(), uid('more')) : counted$;
      const left$ = named$.pipe(takeUntil(stopLeft.stream$.pipe(uid('stop-left'))), uid('left'));
      const right$ = counted$.pipe(takeUntil(stopRight.stream$.pipe(uid('stop-right'))), uid('right'));
      // Completes later than both.
      const other$ = new Log<number>().stream$.pipe(uid('other'));
      return [job, observe(job.recover(merge(left$, right$, other$).pipe(uid('all'))))];
    };
    const [before, first] = run(false);
    await settled();
    await before.checkpoint();
    first.unsubscribe();
    await settled();
    const [, second] = run(program !== 'the same program');
    await settled();
    log.write(2);
    expect([second.error, second.values, log.readerCount]).toEqual([undefined, [2, 2], 1]);
    stopRight.write(0);
    log.write(3);
    expect([second.values, log.readerCount]).toEqual([[2, 2, 3], 1]);
    stopLeft.write(0);
    expect(log.readerCount).toBe(0);
  });

  test('works in inner pipelines', async () => {
    const log = new Log<number>();
    const job = new CheckpointSubject({ storage: memoryStorage() });
    const inner = (): CheckpointedObservable<number> => {
      const counted$ = log.stream$.pipe(take(2), sharing(), refCount());
      return merge(counted$, counted$.pipe(map((n) => 10 * n)));
    };
    const seen = observe(job.recover(of(0).pipe(mergeMap(inner))));
    await settled();
    log.write(1, 2);
    expect([seen.values, seen.hasCompleted]).toEqual([[1, 10, 2, 20], true]);
  });
});

describe('a deprecated multicast operator in a job', () => {
  test('begins the next connection when who hears of the end repeats, if it makes its Subjects', async () => {
    const job = new CheckpointSubject({ storage: memoryStorage() });
    const made$ = of(1, 2).pipe(
      multicast(() => new Subject<number>()),
      refCount(),
      repeat(3),
    );
    const seen = observe(job.recover(made$, { name: 'made' }));
    const one$ = of(1, 2).pipe(publish(), refCount(), repeat(3));
    const other = observe(job.recover(one$, { name: 'one' }));
    await settled();
    expect([seen.values, seen.hasCompleted]).toEqual([[1, 2, 1, 2, 1, 2], true]);
    expect([other.values, other.hasCompleted]).toEqual([[1, 2], true]);
  });

  test('is left when its source has emitted all that it has at once, and so has heard the end', async () => {
    const theirs: number[] = [];
    rxjs
      .of(1, 2)
      .pipe(rxjs.publish(), rxjs.refCount(), rxjs.take(2), rxjs.repeat(2))
      .subscribe((n) => theirs.push(n));
    const job = new CheckpointSubject({ storage: memoryStorage() });
    const seen = observe(job.recover(of(1, 2).pipe(publish(), refCount(), take(2), repeat(2))));
    await settled();
    expect(seen.values).toEqual(theirs);
    expect([theirs, seen.hasCompleted]).toEqual([[1, 2], true]);
  });

  test('begins it with the first of several that repeat', async () => {
    const job = new CheckpointSubject({ storage: memoryStorage() });
    const counted$ = new Log([1, 2]).stream$.pipe(take(2), multicast(() => new Subject<number>()), refCount()); // prettier-ignore
    const tens$ = counted$.pipe(map((n) => 10 * n));
    const seen = observe(job.recover(merge(counted$.pipe(repeat(2)), tens$.pipe(repeat(2)))));
    await settled();
    // The source gives all at once: the first to repeat has had it before the second one hears of the end.
    expect([seen.values, seen.hasCompleted]).toEqual([[1, 10, 2, 20, 1, 2, 10, 20], true]);
  });

  test('is not disconnected by who was there at an earlier connection, also after a restore', async () => {
    const storage = memoryStorage();
    const log = new Log([1]);
    const program = async (): Promise<[CheckpointSubject, Observed<number>, Observed<number>]> => {
      const job = new CheckpointSubject({ storage });
      const published$ = multicast(() => new Subject<number>())(log.stream$.pipe(uid('log')));
      const counted$ = published$.refCount() as CheckpointedObservable<number>;
      const left = observe(job.recover(counted$.pipe(uid('counted')), { name: 'left' }));
      await settled();
      if (log.readerCount === 1) published$.connect().unsubscribe();
      const right = observe(job.recover(counted$.pipe(uid('counted')), { name: 'right' }));
      await settled();
      return [job, left, right];
    };
    const [before, ...first] = await program();
    expect(first.map(({ values }) => values)).toEqual([[1], [1]]);
    await before.checkpoint();
    for (const seen of first) seen.unsubscribe();
    await settled();
    const [, left, right] = await program();
    left.unsubscribe();
    log.write(2);
    expect([left.values, right.values]).toEqual([[], [2]]);
  });

  test('replays to a newcomer after a restore', async () => {
    const storage = memoryStorage();
    const log = new Log([1, 2, 3]);
    const sharing: Sharing = () => publishReplay(2);
    const before = start(storage, log, sharing);
    await settled();
    await before.job.checkpoint();
    for (const seen of [before.left, before.right, before.other]) seen.unsubscribe();
    await settled();
    const job = new CheckpointSubject({ storage });
    const counted$ = log.stream$.pipe(uid('log'), sharing(), refCount(), uid('counted'));
    const old = observe(job.recover(counted$, { name: 'left' }));
    const right = observe(job.recover(counted$.pipe(map((n) => 10 * n)), { name: 'right' }));
    const newcomer = observe(job.recover(counted$.pipe(map((n) => -n)), { name: 'new' }));
    await settled();
    log.write(4);
    expect([old.values, right.values, newcomer.values]).toEqual([[4], [40], [-2, -3, -4]]);
  });

  test('can be connected by hand, named before or behind', async () => {
    const log = new Log([1]);
    const storage = memoryStorage();
    const program = (): [CheckpointSubject, Observed<number>, () => void] => {
      const job = new CheckpointSubject({ storage });
      const published$ = publish<number>()(log.stream$.pipe(uid('log')));
      const seen = observe(job.recover(published$.pipe(uid('published'), refCount())));
      return [job, seen, () => published$.connect().unsubscribe()];
    };
    const [job, seen, disconnect] = program();
    await settled();
    expect([seen.values, log.readerCount]).toEqual([[1], 1]);
    await job.checkpoint();
    disconnect();
    expect(log.readerCount).toBe(0);
    seen.unsubscribe();
    await settled();
    const [, again] = program();
    await settled();
    log.write(2);
    expect([again.values, log.readerCount]).toEqual([[2], 1]);
  });

  describe.each<[string, (source$: CheckpointedObservable<number>) => CheckpointedObservable<number>]>([
    ['a share', (source$) => source$.pipe(share(), uid('shared'))],
    [
      'a connectable',
      (source$) => {
        const connectable$ = connectable(source$, { connector: () => new Subject<number>() });
        connectable$.connect();
        return connectable$.pipe(uid('shared'));
      },
    ],
    [
      'a connectable that was not connected',
      (source$) => connectable(source$, { connector: () => new Subject<number>() }).pipe(uid('shared')),
    ],
  ])('that was %s until now', (_, before) => {
    const after = (source$: CheckpointedObservable<number>): CheckpointedObservable<number> =>
      source$.pipe(publish(), refCount(), uid('shared'));

    test('has its subscribers, and is left by the last of them', async () => {
      const storage = memoryStorage();
      const log = new Log<number>();
      const life = async (sharing: typeof after) => {
        const job = new CheckpointSubject({ storage });
        const shared$ = sharing(log.stream$.pipe(uid('log')));
        const left = observe(job.recover(shared$, { name: 'left' }));
        const right = observe(job.recover(shared$.pipe(map((n) => 10 * n)), { name: 'right' }));
        const other = observe(job.recover(new Log<number>().stream$, { name: 'other' }));
        await settled();
        const kill = async (): Promise<void> => {
          await job.checkpoint();
          for (const seen of [left, right, other]) seen.unsubscribe();
          await settled();
        };
        return { left, right, kill };
      };
      await (await life(before)).kill();
      await (await life(after)).kill();
      const { left, right } = await life(after);
      log.write(1);
      expect([left.error, right.error, left.values, right.values]).toEqual([undefined, undefined, [1], [10]]);
      left.unsubscribe();
      log.write(2);
      expect([right.values, log.readerCount]).toEqual([[10, 20], 1]);
      right.unsubscribe();
      expect(log.readerCount).toBe(0);
    });
  });
});
