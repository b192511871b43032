import { describe, expect, jest, test } from '@jest/globals';
import { retry } from 'rxjs';

import type { CheckpointedObservable, CheckpointStorage } from '../../src/index.js';
import {
  CheckpointSubject,
  defer,
  interval,
  map,
  memoryStorage,
  OrphanedSnapshotError,
  shareReplay,
  switchMap,
  take,
  timer,
  uid,
} from '../../src/index.js';
import { beginNextProcess } from '../../src/operators/base/sharedStreams.js';
import { inFakeTime } from '../support/inFakeTime.js';
import type { Observed } from '../support/Observed.js';
import { observe, settled } from '../support/Observed.js';

interface Program {
  readonly config$: CheckpointedObservable<string>;
  readonly visits$: CheckpointedObservable<string>;
}

interface Life {
  readonly job: CheckpointSubject;
  readonly out: Observed<string>;
}

/** Uses a config that goes on while nobody is subscribed to it. Each call makes one, of the same name. */
function make(tenant: string): Program {
  const config$ = interval(100).pipe(
    map((n) => `${tenant}${n}`),
    shareReplay(1),
    uid('config'),
  );
  const visits$ = timer(50, 930).pipe(
    uid('timer'),
    switchMap((n) =>
      config$.pipe(
        take(1),
        map((value) => `${n}: ${value}`),
      ),
    ),
    uid('visits'),
  );
  return { config$, visits$ };
}

describe('several shared streams of one uid in a process, which nobody uses at the checkpoint', () => {
  inFakeTime();

  async function begin(
    storage: CheckpointStorage,
    visits$: CheckpointedObservable<string>,
    shared: readonly CheckpointedObservable<unknown>[] = [],
  ): Promise<Life> {
    const job = new CheckpointSubject({ storage });
    const out = observe(job.recover(visits$, { shared }));
    await settled();
    return { job, out };
  }

  async function stop({ job, out }: Life): Promise<void> {
    await job.checkpoint();
    out.unsubscribe();
    await settled();
  }

  const after =
    (ms: number) =>
    async (life: Life): Promise<Life> => {
      await jest.advanceTimersByTimeAsync(ms);
      return life;
    };

  /** What has been seen of each after a life of 500 ms, and from a second one that goes on to 1 s. */
  async function lives(
    tenants: readonly string[],
    start: (storage: CheckpointStorage, tenant: string) => Promise<Life>,
    startAgain: (storage: CheckpointStorage, tenant: string) => Promise<Life> = start,
  ): Promise<readonly Life[]> {
    const storages = tenants.map(() => memoryStorage());
    const first: Life[] = [];
    for (const [i, tenant] of tenants.entries()) first.push(await start(storages[i]!, tenant));
    await jest.advanceTimersByTimeAsync(500);
    for (const life of first) await stop(life);
    expect(first.map(({ out }) => out.values)).toEqual(tenants.map((tenant) => [`0: ${tenant}0`]));
    const second: Life[] = [];
    for (const [i, tenant] of tenants.entries()) second.push(await startAgain(storages[i]!, tenant));
    await jest.advanceTimersByTimeAsync(500);
    for (const { out } of second) out.unsubscribe();
    await settled();
    return second;
  }

  const seen = (all: readonly Life[]): unknown => all.map(({ out: { error, values } }) => error ?? values);
  /** As if there had been no restart. */
  const undisturbed = (...tenants: string[]): unknown => tenants.map((tenant) => [`1: ${tenant}8`]);

  test('are refused for what an unknown one would have been, and the error says what to do', async () => {
    const second = await lives(['a'], (storage, tenant) => begin(storage, make(tenant).visits$));
    expect(second[0]!.out.error).toBeInstanceOf(OrphanedSnapshotError);
    expect(second[0]!.out.error).toMatchObject({
      message: expect.stringContaining('recover(pipeline$, { shared: [shared$] })'),
    });
  });

  test('one that the program says is meant, in a second life of one process', async () => {
    const start = (storage: CheckpointStorage, tenant: string): Promise<Life> => {
      const { visits$, config$ } = make(tenant);
      return begin(storage, visits$, [config$]);
    };
    expect(seen(await lives(['a'], start))).toEqual(undisturbed('a'));
  });

  test('the same in several jobs at once, and in a process of their own', async () => {
    const start = (storage: CheckpointStorage, tenant: string): Promise<Life> => {
      const { visits$, config$ } = make(tenant);
      return begin(storage, visits$, [config$]);
    };
    expect(seen(await lives(['a', 'b'], start))).toEqual(undisturbed('a', 'b'));
    let isNext = false;
    const later = (storage: CheckpointStorage, tenant: string): Promise<Life> => {
      if (!isNext) beginNextProcess();
      isNext = true;
      return start(storage, tenant);
    };
    expect(seen(await lives(['a', 'b'], start, later))).toEqual(undisturbed('a', 'b'));
  });

  test('one that the pipeline has made itself', async () => {
    const start = (storage: CheckpointStorage, tenant: string): Promise<Life> =>
      begin(
        storage,
        defer(() => make(tenant).visits$),
      );
    expect(seen(await lives(['a', 'b'], start))).toEqual(undisturbed('a', 'b'));
  });

  test('one to which that very pipeline has led before', async () => {
    const programs: Record<string, Program> = {};
    const start = (storage: CheckpointStorage, tenant: string): Promise<Life> =>
      begin(storage, (programs[tenant] ??= make(tenant)).visits$);
    expect(seen(await lives(['a', 'b'], start))).toEqual(undisturbed('a', 'b'));
  });

  test('the same when it has failed, and is tried again', async () => {
    const observed = ['a', 'b'].map((tenant) => {
      const job = new CheckpointSubject({ storage: memoryStorage(), trigger: interval(300) });
      let fails = tenant === 'a';
      const failing$ = make(tenant).visits$.pipe(
        map((value) => {
          if (!value.startsWith('1') || !fails) return value;
          fails = false;
          throw new Error('once');
        }),
      );
      return observe(job.recover(failing$).pipe(retry({ count: 1, delay: 3 })));
    });
    await settled();
    await jest.advanceTimersByTimeAsync(990);
    expect(observed.map(({ error, values }) => [error, values])).toEqual([
      [undefined, ['0: a0', '1: a8']],
      [undefined, ['0: b0', '1: b8']],
    ]);
    for (const { subscription } of observed) subscription.unsubscribe();
    await settled();
  });

  test('none, if that pipeline has led to two', async () => {
    const configs = [make('a').config$, make('b').config$];
    let life = 0;
    const visits$ = timer(50, 930).pipe(switchMap(() => configs[life]!.pipe(take(1))));
    const storage = memoryStorage();
    const first = await begin(storage, visits$).then(after(500));
    first.out.unsubscribe();
    await settled();
    life++;
    await stop(await begin(storage, visits$).then(after(500)));
    expect(seen([await begin(storage, visits$)])).toEqual([expect.any(OrphanedSnapshotError)]);
  });

  test('none that the same pipeline has led to over another storage', async () => {
    let current$ = make('b').config$;
    const visits = () => timer(50, 930).pipe(switchMap(() => current$.pipe(take(1))));
    const storage = memoryStorage();
    await stop(await begin(storage, visits()).then(after(500)));
    const visits$ = visits();
    current$ = make('a').config$;
    await stop(await begin(memoryStorage(), visits$).then(after(500)));
    current$ = make('b').config$;
    expect(seen([await begin(storage, visits$)])).toEqual([expect.any(OrphanedSnapshotError)]);
  });

  test('a check takes them, too', async () => {
    const storage = memoryStorage();
    const { visits$, config$ } = make('a');
    const first = await begin(storage, visits$);
    await jest.advanceTimersByTimeAsync(500);
    await stop(first);
    const job = new CheckpointSubject({ storage });
    const again = make('a');
    expect(await job.check(again.visits$)).toMatchObject({ orphaned: ['config', 'config@0:interval'] });
    const report = await job.check(make('a').visits$, { shared: [config$] });
    expect(report).toMatchObject({ orphaned: [], problems: [] });
    expect(jest.getTimerCount()).toBe(0);
  });

  test.each([
    ['no array', {} as never],
    ['what is no stream', [1] as never],
    ['a stream that is not shared', [interval(1).pipe(uid('a'))]],
    ['a shared one without a uid', [interval(1).pipe(shareReplay(1))]],
    ['one with two of one uid', [make('a').config$, make('b').config$]],
  ])('%s is no such list', (_, shared) => {
    const job = new CheckpointSubject({ storage: memoryStorage() });
    expect(() => job.recover(make('a').visits$, { shared })).toThrow(TypeError);
  });
});
