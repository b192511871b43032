import { describe, expect, jest, test } from '@jest/globals';

import type { CheckpointedObservable, CheckpointedOperator, CheckpointStorage } from '../../src/index.js';
import {
  catchError,
  CheckpointSubject,
  concatMap,
  defer,
  groupBy,
  interval,
  map,
  memoryStorage,
  merge,
  mergeMap,
  of,
  OrphanedSnapshotError,
  publishReplay,
  ReplaySubject,
  retry,
  scan,
  share,
  shareReplay,
  switchMap,
  take,
  throwError,
  timer,
  uid,
} from '../../src/index.js';
import { beginNextProcess } from '../../src/operators/base/sharedStreams.js';
import { live, restoresEverywhere } from '../rules/inVirtualTime.js';
import { inFakeTime } from '../support/inFakeTime.js';
import type { Observed } from '../support/Observed.js';
import { observe, settled } from '../support/Observed.js';

type Sharing = CheckpointedOperator<number, number>;

const ways: readonly [string, () => Sharing][] = [
  ['shareReplay(1)', () => shareReplay(1)],
  ['shareReplay(2, 15)', () => shareReplay(2, 15)],
  ['share without a reset', () => share({ resetOnRefCountZero: false })],
  ['share with a reset after a while', () => share({ resetOnRefCountZero: () => timer(13.5) })],
  [
    'share with a reset of several parts',
    () => share({ resetOnRefCountZero: () => of(1).pipe(concatMap(() => timer(9.3))) }),
  ],
  [
    'share with a replay and a reset after its end',
    () =>
      share({
        connector: () => new ReplaySubject(1),
        resetOnComplete: () => timer(17.1),
        resetOnRefCountZero: () => timer(31.9),
      }),
  ],
];

/** Who comes every 20 ms stays for one value. */
function visitors(shared$: CheckpointedObservable<number>): CheckpointedObservable<string> {
  return timer(7.5, 20.25).pipe(
    take(5),
    switchMap((n) =>
      shared$.pipe(
        take(1),
        map((value) => `${n}: ${value}`),
      ),
    ),
  );
}

describe.each(ways)('%s, which only inner pipelines subscribe to', (_, sharing) => {
  test('goes on for nobody after a restore, over an interval', () => {
    const { outputs } = restoresEverywhere(() => visitors(interval(6).pipe(sharing(), uid('shared'))));
    expect(outputs.length).toBeGreaterThan(3);
  });

  test('over what has inner pipelines of its own, and a name', () => {
    restoresEverywhere(() =>
      visitors(
        interval(6).pipe(
          mergeMap((i) => timer(2.75).pipe(map(() => i))),
          uid('slow'),
          scan((sum, i) => sum + i, 0),
          uid('sum'),
          sharing(),
          uid('shared'),
        ),
      ),
    );
  });

  test('over what ends', () => {
    restoresEverywhere(() => visitors(interval(6).pipe(take(4), sharing(), uid('shared'))));
  });

  test('over another one, and through one', () => {
    restoresEverywhere(() => {
      const first$ = interval(6).pipe(sharing(), uid('first'));
      const second$ = first$.pipe(
        map((i) => i * 10),
        sharing(),
        uid('second'),
      );
      const third$ = timer(1.125, 11.1).pipe(
        take(6),
        switchMap(() => second$),
        sharing(),
        uid('third'),
      );
      return merge(visitors(second$), visitors(third$));
    });
  });
});

describe.each(ways)('%s, which a projection makes for its inner pipeline', (_, sharing) => {
  const made = (ms: number): CheckpointedObservable<number> => interval(ms).pipe(sharing(), uid('shared'));

  test('goes on for nobody after a restore', () => {
    restoresEverywhere(() => defer(() => visitors(made(6))));
  });

  test('one for each inner pipeline', () => {
    restoresEverywhere(() =>
      timer(1.3, 7.7).pipe(
        take(9),
        groupBy((n) => n % 2),
        mergeMap((group$) => {
          const shared$ = made(6 + group$.key);
          return group$.pipe(
            switchMap((n) =>
              shared$.pipe(
                take(2),
                map((value) => `${n}: ${value}`),
              ),
            ),
          );
        }),
      ),
    );
  });

  test('in a handler, and in an attempt', () => {
    restoresEverywhere(() =>
      defer(() =>
        merge(visitors(made(6)), timer(41.1).pipe(mergeMap(() => throwError(() => new Error('to be handled'))))),
      ).pipe(
        retry(1),
        catchError(() => visitors(made(5))),
      ),
    );
  });
});

test('of two with one uid that a projection makes for one inner pipeline, none is taken', () => {
  const build = (): CheckpointedObservable<string> =>
    defer(() => {
      const [, shared$] = [1, 2].map(() => interval(6).pipe(shareReplay(1), uid('shared')));
      return visitors(shared$!);
    });
  const { cuts } = live(build);
  const cut = cuts.find(({ snapshots }) => snapshots.get('main:defer[0]/shared')?.unused === 'active')!;
  expect(live(build, cut).problems).toEqual([expect.stringContaining('not claimed: ')]);
});

describe('in a process of its own', () => {
  inFakeTime();

  /** A process, which others follow that know nothing of it. */
  async function begin<T>(storage: CheckpointStorage, pipeline: () => CheckpointedObservable<T>): Promise<Life<T>> {
    beginNextProcess();
    const job = new CheckpointSubject({ storage });
    const out = observe(job.recover(pipeline()));
    await settled();
    return { job, out };
  }

  interface Life<T> {
    readonly job: CheckpointSubject;
    readonly out: Observed<T>;
  }

  /** @param name - that of the shared stream. */
  const program = (name: CheckpointedOperator<number, number> = uid('shared')): CheckpointedObservable<string> => {
    const shared$ = interval(100).pipe(shareReplay(1), name);
    return visits(() => shared$);
  };

  const visits = (shared: () => CheckpointedObservable<number>): CheckpointedObservable<string> =>
    timer(50, 930).pipe(
      uid('timer'),
      switchMap((n) =>
        shared().pipe(
          take(1),
          map((value) => `${n}: ${value}`),
        ),
      ),
      uid('visits'),
    );

  async function before(): Promise<CheckpointStorage> {
    const storage = memoryStorage();
    const { job, out } = await begin(storage, program);
    await jest.advanceTimersByTimeAsync(520);
    expect(out.values).toEqual(['0: 0']);
    await job.checkpoint();
    out.unsubscribe();
    await settled();
    return storage;
  }

  test('it goes on from the restart, and is in each checkpoint', async () => {
    const storage = await before();
    const second = await begin(storage, program);
    await jest.advanceTimersByTimeAsync(200);
    await second.job.checkpoint();
    second.out.unsubscribe();
    await settled();
    const { out } = await begin(storage, program);
    await jest.advanceTimersByTimeAsync(400);
    // As if there had been no restart.
    expect([out.error, out.values]).toEqual([undefined, ['1: 8']]);
    out.unsubscribe();
  });

  test('what came due while nothing ran comes once, before the next visitor', async () => {
    const storage = await before();
    await jest.advanceTimersByTimeAsync(2_000);
    const { out } = await begin(storage, program);
    expect([out.error, out.values]).toEqual([undefined, ['1: 4']]);
    out.unsubscribe();
  });

  test('a check finds its place, and leaves nothing behind', async () => {
    const storage = await before();
    beginNextProcess();
    const job = new CheckpointSubject({ storage });
    expect(await job.check(program())).toMatchObject({
      ...{ orphaned: [], problems: [] },
      matched: ['shared', 'shared@0:interval', 'timer', 'visits'],
    });
    expect(jest.getTimerCount()).toBe(0);
  });

  test('it is found under an old name', async () => {
    const storage = await before();
    const { out } = await begin(storage, () => program(uid('new', { was: 'shared' })));
    await jest.advanceTimersByTimeAsync(600);
    expect([out.error, out.values]).toEqual([undefined, ['1: 8']]);
    out.unsubscribe();
  });

  test('it is refused if the program has no stream of that name any more', async () => {
    const storage = await before();
    // What the process of before has made is not meant to be found here.
    program();
    const { out } = await begin(storage, () => program(uid('other')));
    expect(out.error).toBeInstanceOf(OrphanedSnapshotError);
    expect(out.error).toMatchObject({ message: expect.stringContaining('nobody was subscribed to shared') });
  });

  test('it is refused if the program has several, of which one may be of another job', async () => {
    const storage = await before();
    const { out } = await begin(storage, () => {
      program();
      return program();
    });
    expect(out.error).toBeInstanceOf(OrphanedSnapshotError);
    expect(out.error).toMatchObject({ message: expect.stringContaining('say which one is meant') });
  });

  test('what is made after recover() was called is found', async () => {
    const storage = await before();
    beginNextProcess();
    const later: { shared$?: CheckpointedObservable<number> } = {};
    const job = new CheckpointSubject({ storage });
    const out = observe(job.recover(visits(() => later.shared$!)));
    later.shared$ = interval(100).pipe(shareReplay(1), uid('shared'));
    await settled();
    await jest.advanceTimersByTimeAsync(600);
    expect([out.error, out.values]).toEqual([undefined, ['1: 8']]);
    out.unsubscribe();
  });

  test('two pipelines lead to it, of which one comes back', async () => {
    const storage = memoryStorage();
    const both = (): readonly CheckpointedObservable<string>[] => {
      const shared$ = interval(100).pipe(shareReplay(1), uid('shared'));
      return ['a', 'b'].map((name) =>
        timer(50, 930).pipe(
          uid(`${name}-timer`),
          switchMap((n) =>
            shared$.pipe(
              take(1),
              map((value) => `${name}${n}: ${value}`),
            ),
          ),
          uid(`${name}-visits`),
        ),
      );
    };
    const recovered = (names: readonly string[]) => {
      beginNextProcess();
      const job = new CheckpointSubject({ storage });
      const pipelines = both();
      const outs = names.map((name) => observe(job.recover(pipelines[name === 'a' ? 0 : 1]!, { name })));
      return { job, outs };
    };
    const first = recovered(['a', 'b']);
    await settled();
    await jest.advanceTimersByTimeAsync(520);
    await first.job.checkpoint();
    for (const out of first.outs) out.unsubscribe();
    await settled();
    const second = recovered(['a']);
    await settled();
    await jest.advanceTimersByTimeAsync(600);
    expect(second.outs.map(({ error, values }) => [error, values])).toEqual([[undefined, ['a1: 8']]]);
    for (const out of second.outs) out.unsubscribe();
    await settled();
    const third = recovered(['b', 'a']);
    await settled();
    await jest.advanceTimersByTimeAsync(600);
    expect(third.outs.map(({ error, values }) => [error, values])).toEqual([
      // Overdue since the first checkpoint, and in the order in which they were due: a value, the visitors.
      [undefined, ['b1: 4']],
      [undefined, ['a1: 4']],
    ]);
    for (const out of third.outs) out.unsubscribe();
  });
});

test('one that is connected by the program goes on as well', () => {
  restoresEverywhere(() => {
    const shared$ = interval(6).pipe(publishReplay(1), uid('shared'));
    (shared$ as unknown as { connect(): unknown }).connect();
    return visitors(shared$);
  });
});
