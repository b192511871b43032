// Rules 10 to 13 of the runtime: each with the example that fails without it.
import { describe, expect, test } from '@jest/globals';

import type { CheckpointedObservable, CheckpointedOperator, GroupedObservable } from '../../src/index.js';
import {
  bufferCount,
  catchError,
  CheckpointSubject,
  concatMap,
  delay,
  groupBy,
  map,
  memoryStorage,
  merge,
  mergeMap,
  of,
  repeat,
  retry,
  scan,
  share,
  startWith,
  take,
  uid,
} from '../../src/index.js';
import { Log } from '../support/Log.js';
import { observe, settled } from '../support/Observed.js';
import type { Life } from '../support/VirtualJob.js';
import { outputOf, restoresEverywhere, timed } from './inVirtualTime.js';

const sum = () => scan((all: number, n: number) => all + n, 0);

/** All names that participants had in the checkpoints of a run. */
function namesIn({ cuts }: Life): string[] {
  return [...new Set(cuts.flatMap(({ snapshots }) => [...snapshots.keys()]))].sort();
}

async function runOnce(build: () => CheckpointedObservable<unknown>, storage = memoryStorage()) {
  const checkpoints = new CheckpointSubject({ storage });
  const pipeline = observe(checkpoints.recover(build()));
  await settled();
  return { checkpoints, pipeline, storage };
}

describe('rule 10: inner pipelines are named by index, attempts by number', () => {
  test('a group that ended and came back under its key is another one', () => {
    const life = restoresEverywhere(() =>
      timed('1-----1-1---|').pipe(
        uid('source'),
        groupBy((n) => n, { duration: () => timed('---0|', 0.25).pipe(uid('duration')) }),
        uid('groups'),
        mergeMap((group$) => group$.pipe(sum(), uid('sum'))),
        uid('all'),
      ),
    );
    expect(outputOf(life)).toEqual(['1', '1', '2', 'complete']);
    expect(namesIn(life)).toEqual([
      'all',
      'all[0]/sum',
      'all[1]/sum',
      'groups',
      'groups[0]/duration',
      'groups[1]/duration',
      'source',
    ]);
  });

  test('the counter is in the snapshot: a later inner takes no earlier one\u2019s name', () => {
    const life = restoresEverywhere(() =>
      timed('1-2-3|').pipe(
        uid('source'),
        concatMap((n) => timed(`-${n}|`, 0.25).pipe(uid('inner'), sum(), uid('sum'))),
        uid('all'),
      ),
    );
    expect(outputOf(life)).toEqual(['1', '2', '3', 'complete']);
    expect(namesIn(life).filter((name) => name.endsWith('sum'))).toEqual(['all[0]/sum', 'all[1]/sum', 'all[2]/sum']);
  });

  test('so is that of groups: a later one\u2019s duration takes no earlier one\u2019s name', () => {
    const life = restoresEverywhere(() =>
      timed('1-2-3-1-2-3|').pipe(
        groupBy((n) => n, { duration: () => timed('-----0|', 0.25).pipe(uid('duration')) }),
        uid('groups'),
        mergeMap((group$, index) => group$.pipe(map((n) => `${index}:${n}`))),
      ),
    );
    // The first has ended when its key comes again, the others have not: 5.25 frames after each began.
    expect(outputOf(life)).toEqual(['0:1', '1:2', '2:3', '3:1', '4:2', '5:3', 'complete']);
    expect(namesIn(life).filter((name) => name.startsWith('groups['))).toHaveLength(6);
  });

  test('groups of an old attempt outlive it, beside those of the new one', () => {
    const life = restoresEverywhere(() =>
      timed('1-2--1---2|').pipe(
        uid('source'),
        groupBy((n) => n),
        uid('groups'),
        take(2),
        uid('two'),
        repeat(2),
        uid('twice'),
        mergeMap((group$) => group$),
        uid('all'),
      ),
    );
    // The second group gets its first value when `take` has completed, and the second attempt emitted.
    expect(outputOf(life)).toEqual(['1', '1', '2', '2', '1', '1', '2', '2', 'complete']);
    expect(namesIn(life)).toEqual([
      'all',
      'groups',
      'source',
      'twice',
      'twice@1/groups',
      'twice@1/source',
      'twice@1/two',
      'two',
    ]);
    const both = life.cuts.filter(({ snapshots }) => snapshots.has('groups') && snapshots.has('twice@1/groups'));
    expect(both.length).toBeGreaterThan(2);
  });

  test('the first attempt has the names of a pipeline without retry, so that adding retry orphans nothing', async () => {
    const log = new Log([1, 2]);
    const build = (again?: CheckpointedOperator<number, number>) => {
      const summed$ = log.stream$.pipe(uid('log'), sum(), uid('sum'));
      return again === undefined ? summed$ : summed$.pipe(again);
    };
    const before = await runOnce(() => build());
    await before.checkpoints.checkpoint();
    before.pipeline.unsubscribe();
    await settled();
    const after = await runOnce(() => build(retry(3)), before.storage);
    log.write(4);
    expect(after.pipeline).toMatchObject({ values: [7], error: undefined });
  });
});

describe('rule 11: a shared stream is named where it was made', () => {
  test('whoever reaches it first: two pipelines may start in any order', async () => {
    const storage = memoryStorage();
    const log = new Log([1]);
    const shared$ = log.stream$.pipe(uid('log'), share(), uid('shared'));
    const pipelines = {
      a: shared$.pipe(sum(), uid('sum')),
      b: shared$.pipe(
        scan((n) => n + 1, 0),
        uid('count'),
      ),
    };
    const start = async (names: ('a' | 'b')[]) => {
      const checkpoints = new CheckpointSubject({ storage });
      const observed = {
        a: null as ReturnType<typeof observe<number>> | null,
        b: null as ReturnType<typeof observe<number>> | null,
      };
      for (const name of names) observed[name] = observe(checkpoints.recover(pipelines[name], { name }));
      await settled();
      return { checkpoints, a: observed.a!, b: observed.b! };
    };
    const first = await start(['a', 'b']);
    await first.checkpoints.checkpoint();
    first.a.unsubscribe();
    first.b.unsubscribe();
    await settled();
    const second = await start(['b', 'a']);
    log.write(5);
    expect([second.a.values, second.b.values]).toEqual([[6], [2]]);
  });

  test('used from two pipelines it needs a uid', async () => {
    const shared$ = new Log([1]).stream$.pipe(share());
    const checkpoints = new CheckpointSubject({ storage: memoryStorage() });
    const a = observe(checkpoints.recover(shared$, { name: 'a' }));
    const b = observe(checkpoints.recover(shared$, { name: 'b' }));
    await settled();
    expect(a).toMatchObject({ values: [1], error: undefined });
    expect(b.error).toMatchObject({ code: 'shared-without-uid', operator: 'share' });
  });

  test('used inside and outside of inner pipelines it needs a uid', async () => {
    const build = (named: boolean) => {
      const log$ = new Log([1, 2]).stream$.pipe(uid('log'), share());
      const shared$ = named ? log$.pipe(uid('shared')) : log$;
      return merge(
        shared$,
        new Log([3]).stream$.pipe(
          uid('other'),
          mergeMap((n) => shared$.pipe(map((m) => n * m))),
        ),
      );
    };
    expect((await runOnce(() => build(false))).pipeline.error).toMatchObject({ code: 'shared-without-uid' });
    expect((await runOnce(() => build(true))).pipeline.error).toBeUndefined();
  });

  test('made in a projection it belongs to that inner pipeline, and needs none', () => {
    const life = restoresEverywhere(() =>
      timed('-1-2|').pipe(
        uid('source'),
        mergeMap((n) => {
          const shared$ = timed(`-${n}-${n}|`, 0.25).pipe(share());
          return merge(shared$, shared$.pipe(sum()));
        }),
        uid('all'),
      ),
    );
    expect(outputOf(life)).toEqual(['1', '1', '1', '2', '2', '2', '2', '4', 'complete']);
    expect(namesIn(life)).toEqual(expect.arrayContaining(['all[0]:share', 'all[1]:share']));
  });

  test('made in one projection and used in another it needs a uid', async () => {
    let first$: CheckpointedObservable<number> | null = null;
    const { pipeline } = await runOnce(() =>
      new Log([1, 2]).stream$.pipe(
        uid('log'),
        mergeMap((n) => (first$ ??= new Log([n]).stream$.pipe(share()))),
      ),
    );
    expect(pipeline.error).toMatchObject({ code: 'shared-without-uid' });
  });

  test('two that are made in one projection are told apart', () => {
    const life = restoresEverywhere(() =>
      timed('-1|').pipe(
        uid('source'),
        mergeMap(() => {
          const [a$, b$] = [timed('-1-2|', 0.25).pipe(share()), timed('-3-4|', 0.5).pipe(share())];
          return merge(a$, a$.pipe(sum()), b$, b$.pipe(sum()));
        }),
        uid('all'),
      ),
    );
    expect(outputOf(life)).toEqual(['1', '1', '3', '3', '2', '3', '4', '7', 'complete']);
    expect(namesIn(life)).toEqual(expect.arrayContaining(['all[0]:share#1of2', 'all[0]:share#2of2']));
  });

  test('all attempts of a retry use the same, and it needs no uid', () => {
    const life = restoresEverywhere(() => {
      const shared$ = timed('1-2-3-4|').pipe(share());
      const failing$ = shared$.pipe(
        map((n) => {
          if (n === 2) throw new Error('2');
          return 10 * n;
        }),
        retry(1),
      );
      return merge(shared$, failing$);
    });
    expect(outputOf(life)).toEqual(['1', '10', '2', '3', '30', '4', '40', 'complete']);
  });

  test('the same cold stream with a name used twice is told to share()', () => {
    const log$ = new Log([1]).stream$.pipe(uid('log'));
    const checkpoints = new CheckpointSubject({ storage: memoryStorage() });
    expect(() => checkpoints.recover(merge(log$, log$))).toThrow(/Put share\(\) before its uid/);
  });

  test('the same cold stream without a name used twice is two', () => {
    const life = restoresEverywhere(() => {
      const source$ = timed('1-2|');
      return merge(source$.pipe(sum()), source$.pipe(delay(0.5), sum()));
    });
    expect(outputOf(life)).toEqual(['1', '1', '3', '3', 'complete']);
    expect(namesIn(life)).toEqual([
      'main:delay',
      'main:merge',
      'main:scan#1of2',
      'main:scan#2of2',
      'main:timed#1of2',
      'main:timed#2of2',
    ]);
  });
});

describe('rule 12: a live group is known by an id of its own', () => {
  test('its key does not tell it from its successor, when both are held in a delay', () => {
    const life = restoresEverywhere(() =>
      timed('1-1-1-1---|').pipe(
        groupBy((n) => n, { duration: () => timed('-0|', 0.25) }),
        // The first has ended, the second is live, when they are handed on.
        delay(3.5),
        mergeMap((group$, index) =>
          group$.pipe(
            map(() => `group ${index}`),
            startWith(`group ${index} arrives`),
          ),
        ),
      ),
    );
    expect(outputOf(life)).toEqual([
      'group 0 arrives',
      'group 1 arrives',
      'group 2 arrives',
      'group 3 arrives',
      'complete',
    ]);
  });

  test('one that has ended does not get what its successor under the same key emits', () => {
    const life = restoresEverywhere(() =>
      timed('1-11----|').pipe(
        groupBy((n) => n, { duration: () => timed('-0|', 0.25) }),
        // The first is handed on at 2.5, after its end, and before the second emits again.
        delay(2.5),
        mergeMap((group$, index) => group$.pipe(map((n) => `${index}:${n}`))),
      ),
    );
    expect(outputOf(life)).toEqual(['complete']);
  });

  test('one that is live again gets what belongs to it', () => {
    const life = restoresEverywhere(() =>
      timed('1--11-1|').pipe(
        groupBy((n) => n, { duration: () => timed('-0|', 0.25) }),
        delay(0.5),
        mergeMap((group$, index) => group$.pipe(map((n) => `${index}:${n}`))),
      ),
    );
    expect(outputOf(life)).toEqual(['1:1', 'complete']);
  });

  test('one that is handed on before its stream fails, fails with it', () => {
    const life = restoresEverywhere(() =>
      timed('1-#').pipe(
        groupBy((n) => n),
        retry(1),
        delay(1.5),
        mergeMap((group$) => group$.pipe(startWith(-1))),
      ),
    );
    expect(outputOf(life)[0]).toBe('-1');
    expect(outputOf(life).slice(-1)[0]).toContain('error');
  });

  test('one that had failed when it is handed on comes back with its key and its error', () => {
    const life = restoresEverywhere(() =>
      timed('7-#').pipe(
        groupBy((n) => n),
        catchError(() => timed('-----|', 0.25)),
        delay(3.5),
        mergeMap((group$) =>
          (group$ as GroupedObservable<number, number>).pipe(
            catchError((error: unknown) =>
              of(`${(group$ as GroupedObservable<number, number>).key}: ${String(error)}`),
            ),
          ),
        ),
      ),
    );
    expect(outputOf(life)).toEqual(['7: ThrownByInput: thrown by an input', 'complete']);
  });

  test('one that nobody feeds any more comes back silent: it neither emits nor ends', () => {
    const life = restoresEverywhere(() =>
      timed('1-1-1-1|').pipe(
        groupBy((n) => n),
        take(1),
        delay(3.5),
        // Two at a time: the third would get its turn if the group ended. The second carries the barriers.
        mergeMap((group$) => merge(group$, timed('--5', 0.25), of(9), 2)),
      ),
    );
    expect(outputOf(life)).toEqual(['5']);
  });

  test('ids go on after a restart: a new group is not taken for one of before', async () => {
    const log = new Log(['a']);
    const build = () =>
      log.stream$.pipe(
        uid('log'),
        groupBy((key) => key),
        uid('groups'),
        bufferCount(3),
        uid('three'),
        mergeMap((groups) => merge(...groups.map((group$) => group$.pipe(map((item) => `${group$.key}:${item}`))))),
        uid('all'),
      );
    const storage = memoryStorage();
    for (const next of ['b', 'c']) {
      const { checkpoints, pipeline } = await runOnce(build, storage);
      if (next === 'c') log.write('b');
      await checkpoints.checkpoint();
      pipeline.unsubscribe();
      await settled();
    }
    const { pipeline } = await runOnce(build, storage);
    log.write('c', 'a', 'b', 'c');
    expect(pipeline.values).toEqual(['c:c', 'a:a', 'b:b', 'c:c']);
  });
});

describe('rule 13: order is state', () => {
  test('that of the branches of a share: one that joined late stays behind', () => {
    const life = restoresEverywhere(() => {
      const shared$ = timed('-1-2-3-4|').pipe(uid('source'), share(), uid('shared'));
      // Connected first after a restore, but it had joined as the last one.
      const late$ = timed('--0|', 0.5).pipe(mergeMap(() => shared$.pipe(map((n) => `late ${n}`))));
      return merge(late$, shared$.pipe(map((n) => `early ${n}`)));
    });
    expect(outputOf(life)).toEqual([
      'early 1',
      'early 2',
      'late 2',
      'early 3',
      'late 3',
      'early 4',
      'late 4',
      'complete',
    ]);
  });

  test('that of the branches of a group', () => {
    const life = restoresEverywhere(() =>
      timed('1-1-1-1|').pipe(
        groupBy((n) => n),
        mergeMap((group$) =>
          merge(
            group$.pipe(
              delay(2.5),
              mergeMap((_, index) => (index === 0 ? group$.pipe(map(() => 'late')) : [])),
            ),
            group$.pipe(map(() => 'early')),
          ),
        ),
      ),
    );
    expect(outputOf(life)).toEqual(['early', 'early', 'early', 'late', 'early', 'late', 'complete']);
  });

  test('that of timers which are due at the same time', () => {
    const life = restoresEverywhere(() =>
      merge(timed('--1|').pipe(delay(4)), timed('-2|').pipe(delay(5)), timed('3|').pipe(delay(6))),
    );
    // By when they were set.
    expect(life.outputs).toEqual(['6 next 3', '6 next 2', '6 next 1', '6 complete']);
  });
});
