import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { Subject } from 'rxjs';

import type { CheckpointedObservable, CheckpointStorage, RecoverOptions, RestoreReport } from '../../src/index.js';
import {
  catchError,
  CheckpointSubject,
  delay,
  distinct,
  groupBy,
  interval,
  journaled,
  map,
  memoryStorage,
  merge,
  mergeMap,
  mergeScan,
  MigrationError,
  NewerStateError,
  NotMigratableError,
  of,
  operate,
  OrphanedSnapshotError,
  reduce,
  RenameConflictError,
  scan,
  share,
  shareReplay,
  switchScan,
  take,
  uid,
} from '../../src/index.js';
import { counted } from '../support/counted.js';
import { Log } from '../support/Log.js';
import { observe, settled } from '../support/Observed.js';
import { ScriptedStorage } from './store/ScriptedStorage.js';

let warn: jest.SpiedFunction<typeof console.warn>;

beforeEach(() => {
  jest.useFakeTimers({ doNotFake: ['setImmediate', 'queueMicrotask', 'nextTick'] });
  warn = jest.spyOn(console, 'warn').mockImplementation(() => {});
});

afterEach(() => {
  warn.mockRestore();
  jest.useRealTimers();
});

type Program<T> = (log: CheckpointedObservable<number>) => CheckpointedObservable<T>;

/** Runs a program until its checkpoint is taken, and stops it. */
async function life<T>(
  storage: CheckpointStorage,
  log: Log<number>,
  program: Program<T>,
  options: RecoverOptions = {},
) {
  const checkpoints = new CheckpointSubject({ storage });
  const reports: RestoreReport[] = [];
  const onRestore = (report: RestoreReport): void => void reports.push(report);
  const pipeline = observe(checkpoints.recover(program(log.stream$.pipe(uid('log'))), { onRestore, ...options }));
  await settled();
  const { values, error } = pipeline;
  if (error === undefined && !pipeline.hasCompleted) await checkpoints.stop();
  await settled();
  return { values, error, report: reports[0] };
}

/** What the first program leaves, and what the second makes of it. */
async function upgraded<A, B>(before: Program<A>, after: Program<B>, options: RecoverOptions = {}) {
  const storage = new ScriptedStorage();
  const log = new Log([1, 2]);
  const first = await life(storage, log, before);
  if (first.error !== undefined) throw first.error;
  const stored = [...storage.blobs.keys()];
  log.write(4);
  const checked = await new CheckpointSubject({ storage }).check(after(log.stream$.pipe(uid('log'))), options);
  const { values, error, report } = await life(storage, log, after, options);
  return { storage, stored, log, checked, values, error, report };
}

const add = (sum: number, n: number): number => sum + n;

describe('the report of a restore', () => {
  test('says who was matched, who is new and what is orphaned; a dry run says the same', async () => {
    const { checked, error, report } = await upgraded(
      (log) => log.pipe(scan(add, 0), uid('total'), take(10), uid('limit')),
      (log) => log.pipe(scan(add, 0), uid('sum'), take(10), uid('limit')),
    );
    expect(report).toBeUndefined();
    expect(error).toBeInstanceOf(OrphanedSnapshotError);
    const expected = {
      checkpointId: 1,
      pipeline: 'main',
      new: ['sum'],
      orphaned: ['total'],
      renamed: [],
      migrated: [],
      waitsFor: [],
    };
    expect((error as OrphanedSnapshotError).report).toMatchObject(expected);
    expect((error as OrphanedSnapshotError).report.matched).toEqual(['limit', 'log']);
    expect(checked).toMatchObject({ ...expected, problems: [{ code: 'orphaned-snapshot' }] });
  });

  test('comes before anything flows, also for a fresh start', async () => {
    const checkpoints = new CheckpointSubject({ storage: memoryStorage() });
    const events: unknown[] = [];
    const onRestore = (report: RestoreReport): void => void events.push(report);
    checkpoints.recover(of(1).pipe(uid('one')), { onRestore }).subscribe((value) => events.push(value));
    await settled();
    expect(events).toEqual([
      {
        checkpointId: 0,
        pipeline: 'main',
        matched: [],
        new: ['one'],
        orphaned: [],
        renamed: [],
        migrated: [],
        waitsFor: [],
      },
      1,
    ]);
  });

  test('goes to restores$ as well, for each pipeline and each restart', async () => {
    const storage = memoryStorage();
    const checkpoints = new CheckpointSubject({ storage });
    const events: unknown[] = [];
    checkpoints.restores$.subscribe(({ pipeline, checkpointId, matched }) => {
      events.push(`${pipeline} from ${checkpointId}: ${matched.join()}`);
    });
    const log = new Log([1]);
    const first = observe(checkpoints.recover(log.stream$.pipe(uid('log')), { name: 'a' }), (value) =>
      events.push(value),
    );
    checkpoints.recover(of(2).pipe(uid('two')), { name: 'b' }).subscribe((value) => events.push(value));
    await settled();
    await checkpoints.checkpoint();
    first.unsubscribe();
    log.write(3);
    observe(checkpoints.recover(log.stream$.pipe(uid('log')), { name: 'a' }), (value) => events.push(value));
    await settled();
    expect(events).toEqual(['a from 0: ', 'b from 0: ', 1, 2, expect.stringMatching(/^a from \d: log$/), 3]);
  });

  test('can be refused by whoever takes it', async () => {
    const log = new Log([1]);
    const veto = new Error('not today');
    const { error, values } = await life(memoryStorage(), log, (log$) => log$, {
      onRestore: () => {
        throw veto;
      },
    });
    expect([error, values, log.readerCount]).toEqual([veto, [], 0]);
  });

  test('with allowNonRestoredState the orphans are dropped, and it says so aloud', async () => {
    const { values, report, storage, log } = await upgraded(
      (log) => log.pipe(scan(add, 0), uid('total')),
      (log) => log.pipe(scan(add, 100), uid('sum')),
      { allowNonRestoredState: true },
    );
    expect(values).toEqual([104]);
    expect(report).toMatchObject({ matched: ['log'], new: ['sum'], orphaned: ['total'] });
    expect(warn).not.toHaveBeenCalled();
    // It is gone from then on.
    log.write(1);
    const again = await life(storage, log, (log$) => log$.pipe(scan(add, 0), uid('sum')));
    expect(again.values).toEqual([105]);
    expect(again.report?.orphaned).toEqual([]);
  });

  test('without anybody to take it, what was dropped is on the console', async () => {
    await upgraded(
      (log) => log.pipe(scan(add, 0), uid('total')),
      (log) => log,
      { allowNonRestoredState: true, onRestore: undefined },
    );
    expect(warn.mock.calls).toEqual([
      [expect.stringMatching(/without the state of total, for which it has no operator/)],
    ]);
  });
});

describe('an operator with state behind a shared stream', () => {
  const plain: Program<number> = (log) => log.pipe(shareReplay(1), scan(add, 0), uid('sum'));
  const between: Program<number> = (log) => log.pipe(shareReplay(1), counted, uid('count'), scan(add, 0), uid('sum'));

  test('that is new takes the place of the branch: nothing is missed, and nothing is replayed', async () => {
    const { values, report } = await upgraded(plain, between);
    expect(values).toEqual([7]);
    expect(report?.new).toEqual(['count']);
  });

  test('that is gone leaves its place to what comes next', async () => {
    const { values } = await upgraded(between, plain, { allowNonRestoredState: true });
    expect(values).toEqual([7]);
  });

  test('may be one of several branches, each of which keeps its place', async () => {
    const both =
      (first: Program<number>): Program<number> =>
      (log) => {
        const shared = log.pipe(shareReplay(1));
        const sum = first(shared);
        return merge(sum, shared.pipe(scan(add, 100), uid('other')));
      };
    const before = both((shared) => shared.pipe(scan(add, 0), uid('sum')));
    const after = both((shared) => shared.pipe(counted, uid('count'), scan(add, 0), uid('sum')));
    expect((await upgraded(before, after)).values).toEqual([7, 107]);
    const fewer: Program<number> = (log) => log.pipe(shareReplay(1), scan(add, 0), uid('sum'));
    expect((await upgraded(before, fewer, { allowNonRestoredState: true })).values).toEqual([7]);
  });
});

test('a timer above a shared stream goes on, although the program has changed behind that', async () => {
  const storage = memoryStorage();
  const life = async (program: Program<number>, ms: number): Promise<number[]> => {
    const checkpoints = new CheckpointSubject({ storage });
    const ticks$ = interval(50).pipe(uid('ticks'), take(6), uid('six'), share(), uid('shared'));
    const pipeline = observe(checkpoints.recover(program(ticks$)));
    await settled();
    jest.advanceTimersByTime(ms);
    if (!pipeline.hasCompleted) await checkpoints.stop();
    await settled();
    return pipeline.values;
  };
  expect(await life((shared$) => shared$, 170)).toEqual([0, 1, 2]);
  expect(await life((shared$) => shared$.pipe(scan(add, 0), uid('sum')), 600)).toEqual([3, 7, 12]);
});

describe('a renamed operator', () => {
  test('has nothing to do with one whose uid begins with its old name and a dot', async () => {
    const { values, error } = await upgraded(
      (log) => log.pipe(scan(add, 0), uid('a.b'), scan(add, 0), uid('a')),
      (log) => log.pipe(scan(add, 0), uid('a.b'), scan(add, 0), uid('z', { was: 'a' })),
    );
    expect({ values, error }).toEqual({ values: [11], error: undefined });
  });

  test.each([['total'], [['sum', 'total']]] as const)('keeps its state: was %j', async (was) => {
    const { values, report, checked } = await upgraded(
      (log) => log.pipe(scan(add, 0), uid('total')),
      (log) => log.pipe(scan(add, 0), uid('grand-total', { was })),
    );
    expect(values).toEqual([7]);
    expect(report).toMatchObject({ renamed: [{ operator: 'grand-total', was: 'total' }], new: [], orphaned: [] });
    expect(checked).toEqual({ ...report, problems: [] });
  });

  test('may still say so when the checkpoint has the new name', async () => {
    const renamed: Program<number> = (log) => log.pipe(scan(add, 0), uid('new', { was: 'old' }));
    const { storage, log } = await upgraded((log$) => log$.pipe(scan(add, 0), uid('old')), renamed);
    log.write(8);
    expect((await life(storage, log, renamed)).values).toEqual([15]);
  });

  test('that had no uid is found by its structural name', async () => {
    const { values, report } = await upgraded(
      (log) => log.pipe(scan(add, 0)),
      (log) => log.pipe(scan(add, 0), uid('total', { was: 'main:log:scan' })),
    );
    expect(values).toEqual([7]);
    expect(report?.renamed).toEqual([{ operator: 'total', was: 'main:log:scan' }]);
  });

  test('takes along what has its name in theirs: operators without a uid, inner pipelines, branches', async () => {
    const program =
      (names: [string, string, string], was?: [string, string, string]): Program<unknown> =>
      (log) => {
        const option = (i: 0 | 1 | 2) => (was === undefined ? {} : { was: was[i] });
        const shared = log.pipe(
          map((n) => n),
          uid(names[0], option(0)),
          scan(add, 0),
          share(),
        );
        const keyed = shared.pipe(
          groupBy((n) => n % 2),
          uid(names[1], option(1)),
          mergeMap((group) => group.pipe(scan(add, 0), uid('inner'), scan(add, 0))),
          uid(names[2], option(2)),
        );
        return merge(keyed, shared.pipe(scan(add, 1000))).pipe(uid('all'));
      };
    const { values, report, checked } = await upgraded(
      program(['a', 'b', 'c']),
      program(['x', 'y', 'z'], ['a', 'b', 'c']),
    );
    const log = new Log([1, 2, 4]);
    const uninterrupted = await life(memoryStorage(), log, program(['a', 'b', 'c']));
    expect(values).toEqual(uninterrupted.values.slice(-2));
    expect(report?.orphaned).toEqual([]);
    expect(report?.new).toEqual([]);
    expect(checked.problems).toEqual([]);
    expect(report?.matched).toContain('z[0]/inner');
    expect(report?.matched).toContain('z[0]:inner:scan');
  });

  test('is found in as many inner pipelines as there are, and around them, in no more than a moment', async () => {
    const program =
      ([outer, inner]: [string, string], was?: [string, string]): Program<unknown> =>
      (log) =>
        log.pipe(
          groupBy((n) => n),
          uid('groups'),
          mergeMap((group) => group.pipe(scan(add, 0), uid(inner, was === undefined ? {} : { was: was[1] }))),
          uid(outer, was === undefined ? {} : { was: was[0] }),
        );
    const storage = memoryStorage();
    const log = new Log(Array.from({ length: 5_000 }, (_, i) => i));
    await life(storage, log, program(['a', 'b']));
    const began = process.cpuUsage();
    log.write(7);
    const { values, report } = await life(storage, log, program(['x', 'y'], ['a', 'b']));
    expect(process.cpuUsage(began).user / 1e6).toBeLessThan(5);
    expect(values).toEqual([14]);
    expect(report?.renamed).toHaveLength(5_001);
  });

  test('within an inner pipeline is renamed in each', async () => {
    const program =
      (name: string, was?: string): Program<unknown> =>
      (log) =>
        log.pipe(
          groupBy((n) => n),
          uid('groups'),
          mergeMap((group) => group.pipe(scan(add, 0), uid(name, was === undefined ? {} : { was }))),
          uid('each'),
        );
    const { report } = await upgraded(program('a'), program('b', 'a'));
    expect(report?.renamed).toEqual([
      { operator: 'each[0]/b', was: 'each[0]/a' },
      { operator: 'each[1]/b', was: 'each[1]/a' },
    ]);
    const structural = await upgraded(
      (log) =>
        log.pipe(
          mergeMap((n) => of(n).pipe(delay(1000), scan(add, 0))),
          uid('each'),
        ),
      (log) =>
        log.pipe(
          mergeMap((n) =>
            of(n).pipe(delay(1000), uid('held', { was: ':delay' }), scan(add, 0), uid('s', { was: ':scan' })),
          ),
          uid('each'),
        ),
    );
    expect(structural.error).toBeUndefined();
    expect(structural.report?.renamed).toHaveLength(4);
  });

  test('is an error when the checkpoint has the new name, too', async () => {
    const both: Program<unknown> = (log) => log.pipe(scan(add, 0), uid('old'), scan(add, 0), uid('new'));
    const { error, checked } = await upgraded(both, (log) =>
      log.pipe(scan(add, 0), scan(add, 0), uid('new', { was: 'old' })),
    );
    expect(error).toBeInstanceOf(RenameConflictError);
    expect(checked.problems[0]).toEqual(error);
    const several = await upgraded(both, (log) => log.pipe(scan(add, 0), uid('third', { was: ['old', 'new'] })));
    expect(several.error).toMatchObject({ code: 'rename-conflict', operator: 'third', was: 'new' });
  });

  test('is an error when two claim one name, or an operator has it now', () => {
    const checkpoints = new CheckpointSubject({ storage: memoryStorage() });
    const log$ = new Log<number>().stream$;
    const twice = log$.pipe(scan(add, 0), uid('a', { was: 'old' }), scan(add, 0), uid('b', { was: 'old' }));
    expect(() => checkpoints.recover(twice)).toThrow(/'b' cannot take over the state of 'old': another operator says/);
    const used = log$.pipe(scan(add, 0), uid('a', { was: 'b' }), scan(add, 0), uid('b'));
    expect(() => checkpoints.check(used)).toThrow(/another operator has that uid now/);
  });

  test('that is a journaled source begins a journal of its own, unless something waits in the old one', async () => {
    const program = (input: Subject<number>, name: string, was?: string) =>
      journaled(input).pipe(uid(name, was === undefined ? {} : { was }), scan(add, 0), uid('sum'));
    const storage = new ScriptedStorage();
    const run = async (name: string, was?: string) => {
      const input = new Subject<number>();
      const checkpoints = new CheckpointSubject({ storage });
      const pipeline = observe(checkpoints.recover(program(input, name, was)));
      await settled();
      return { input, checkpoints, pipeline };
    };
    const first = await run('old');
    first.input.next(1);
    await settled();
    await first.checkpoints.checkpoint();
    first.input.next(2);
    await settled();
    first.pipeline.unsubscribe();
    await settled();
    const refused = await run('new', 'old');
    expect(refused.pipeline.error).toMatchObject({ code: 'rename-conflict' });
    await settled();
    const caughtUp = await run('old');
    expect(caughtUp.pipeline.values).toEqual([3]);
    await caughtUp.checkpoints.stop();
    await settled();
    const renamed = await run('new', 'old');
    renamed.input.next(4);
    await settled();
    expect(renamed.pipeline.values).toEqual([7]);
    await renamed.checkpoints.checkpoint();
    renamed.input.next(8);
    await settled();
    renamed.pipeline.unsubscribe();
    await settled();
    expect((await run('new', 'old')).pipeline.values).toEqual([15]);
  });
});

describe('a state with a version', () => {
  interface V2 {
    sum: number;
  }
  interface V3 {
    total: number;
    count: number;
  }

  const v1: Program<unknown> = (log) => log.pipe(scan(add, 0), uid('total'));
  const v3 = (migrate: Parameters<typeof uid<unknown, never>>[1]['migrate']): Program<V3> => {
    return (log) =>
      log.pipe(
        scan((state: V3, n) => ({ total: state.total + n, count: state.count + 1 }), { total: 0, count: 0 }),
        uid('total', { version: 3, migrate }),
      );
  };
  const chain = { 1: (sum: number): V2 => ({ sum }), 2: ({ sum }: V2): V3 => ({ total: sum, count: -1 }) };

  test('is migrated step by step; what was stored without a version is 1', async () => {
    const { values, report, checked, storage, log } = await upgraded(v1, v3(chain));
    expect(values).toEqual([{ total: 7, count: 0 }]);
    expect(report?.migrated).toEqual([{ operator: 'total', from: 1, to: 3 }]);
    expect(checked).toEqual({ ...report, problems: [] });
    // Once it is stored it is of that version.
    log.write(1);
    const again = await life(storage, log, v3(chain));
    expect(again.values).toEqual([{ total: 8, count: 1 }]);
    expect(again.report?.migrated).toEqual([]);
  });

  test('is migrated in one go by a function, which is told the version', async () => {
    const calls: unknown[] = [];
    const migrate = (old: number, from: number): V3 => (calls.push([old, from]), { total: old, count: 2 });
    const { values } = await upgraded(v1, v3(migrate));
    expect(values).toEqual([{ total: 7, count: 3 }]);
    expect(calls).toEqual([
      [3, 1],
      [3, 1],
    ]);
  });

  test('gets a copy, so that a migration that changes it in place and throws leaves the checkpoint as it was', async () => {
    const before: Program<unknown> = (log) =>
      log.pipe(
        scan((list: number[], n) => [...list, n], []),
        uid('list'),
      );
    const after = (migrate: (old: number[]) => unknown): Program<unknown> => {
      return (log) =>
        log.pipe(
          scan((list: number[], n) => [...list, n], []),
          uid('list', { version: 2, migrate }),
        );
    };
    const storage = new ScriptedStorage();
    const log = new Log([1, 2]);
    await life(storage, log, before);
    const failing = after((old) => {
      old.push(99);
      throw new Error('no');
    });
    const checkpoints = new CheckpointSubject({ storage });
    const p$ = failing(log.stream$.pipe(uid('log')));
    const errors = [observe(checkpoints.recover(p$)), observe(checkpoints.recover(p$, { name: 'other' }))];
    await settled();
    expect(errors[0]!.error).toMatchObject({ code: 'migration-failed', operator: 'list', from: 1, to: 2 });
    log.write(3);
    expect((await life(storage, log, before)).values).toEqual([[1, 2, 3]]);
  });

  test.each<[string, () => unknown, string]>([
    ['throws', (): never => fail(), 'thrown'],
    ['returns nothing', () => undefined, 'nothing'],
    ['returns a Promise', () => Promise.resolve(1), 'promise'],
    ['returns what cannot be stored', () => ({ f: () => 1 }), 'unstorable'],
  ])('that %s is refused before anything is subscribed, with operator and versions', async (_, migrate, problem) => {
    const { error, checked, storage, stored, log } = await upgraded(
      v1,
      v3({ 1: (n: number) => ({ sum: n }), 2: migrate }),
    );
    expect(error).toBeInstanceOf(MigrationError);
    expect(error).toMatchObject({ operator: 'total', to: 3, problem });
    expect(checked).toMatchObject({
      matched: expect.arrayContaining(['total']),
      problems: [{ code: 'migration-failed', problem }],
    });
    expect(storage.names()).toEqual(stored.sort());
    expect(log.readerCount).toBe(0);
  });

  test('without a step that leads on is refused', async () => {
    const { error } = await upgraded(v1, v3({ 2: chain[2] }));
    expect(error).toMatchObject({ problem: 'no-step', from: 1, to: 3 });
  });

  test('newer than the program is refused', async () => {
    const { error } = await upgraded(v3(chain), v1);
    expect(error).toEqual(new NewerStateError('total', 3, 1));
    const two: Program<unknown> = (log) =>
      log.pipe(scan(add, 0), uid('total', { version: 2, migrate: (n: number) => n }));
    expect((await upgraded(v3(chain), two)).error).toEqual(new NewerStateError('total', 3, 2));
  });

  test('is refused before catchError of the pipeline could handle it', async () => {
    const program =
      (inner: ReturnType<typeof uid<number>>): Program<unknown> =>
      (log) =>
        log.pipe(
          mergeMap((n) => new Log([n]).stream$.pipe(scan(add, 0), inner)),
          uid('each'),
          catchError(() => of(-1)),
          uid('caught'),
        );
    const { error, values } = await upgraded(
      program(uid('inner')),
      program(uid('inner', { version: 2, migrate: (): never => fail() })),
    );
    expect(error).toMatchObject({ code: 'migration-failed', operator: 'each[0]/inner' });
    expect(values).toEqual([]);
  });

  test.each<[string, Program<unknown>, Program<unknown>, unknown]>([
    [
      'reduce',
      (log) => log.pipe(reduce(add, 0), uid('s')),
      (log) =>
        log.pipe(
          take(1),
          uid('t'),
          reduce((s: string, n) => `${s}+${n}`, ''),
          uid('s', { version: 2, migrate: (n: number) => `${n}` }),
        ),
      ['3+4'],
    ],
    [
      'scan without a seed',
      (log) => log.pipe(scan(add), uid('s')),
      (log) =>
        log.pipe(
          scan((s: number, n: number) => s + n),
          uid('s', { version: 2, migrate: (n: number) => n * 100 }),
        ),
      [304],
    ],
    [
      'distinct',
      (log) =>
        log.pipe(
          distinct((n) => n),
          uid('s'),
        ),
      (log) =>
        log.pipe(
          distinct((n) => `k${n % 3}`),
          uid('s', { version: 2, migrate: (key: number) => `k${key}` }),
        ),
      [],
    ],
    [
      'operate()',
      (log) => log.pipe(summing(0), uid('s')),
      (log) => log.pipe(summing('0'), uid('s', { version: 2, migrate: (n: number) => `${n}` })),
      ['34'],
    ],
    [
      'mergeScan, with the states that running inners started with',
      (log) =>
        log.pipe(
          mergeScan((acc: number, n) => new Log([acc + n]).stream$, 0),
          uid('s'),
        ),
      (log) =>
        log.pipe(
          mergeScan((acc: string, n) => new Log([`${acc}+${n}`, 'again']).stream$, ''),
          uid('s', { version: 2, migrate: (n: number) => `v${n}` }),
        ),
      ['v3+4', 'again', 'again', 'again'],
    ],
    [
      'switchScan',
      (log) =>
        log.pipe(
          switchScan((acc: number, n: number): CheckpointedObservable<number> => new Log([acc + n]).stream$, 0),
          uid('s'),
        ),
      (log) =>
        log.pipe(
          switchScan((acc: string, n: number): CheckpointedObservable<string> => new Log([`${acc}+${n}`]).stream$, ''),
          uid('s', { version: 2, migrate: (n: number) => `v${n}` }),
        ),
      ['v3+4'],
    ],
    [
      'each group of a groupBy',
      (log) =>
        log.pipe(
          groupBy((n) => n % 2),
          uid('g'),
          mergeMap((group) => group.pipe(scan(add, 0), uid('s'))),
          uid('m'),
        ),
      (log) =>
        log.pipe(
          groupBy((n) => n % 2),
          uid('g'),
          mergeMap((group) =>
            group.pipe(
              scan((s: string, n) => `${s}+${n}`, ''),
              uid('s', { version: 2, migrate: (n: number) => `v${n}` }),
            ),
          ),
          uid('m'),
        ),
      ['v2+4'],
    ],
  ])('of %s is what the user knows', async (_, before, after, expected) => {
    const { values, error } = await upgraded(before, after);
    expect(error).toBeUndefined();
    expect(values).toEqual(expected);
  });

  test('is for operators with a state of the user', () => {
    const log$ = new Log<number>().stream$;
    const p$ = log$.pipe(delay(1), uid('late', { version: 2, migrate: (x) => x }));
    expect(() => new CheckpointSubject({ storage: memoryStorage() }).recover(p$)).toThrow(NotMigratableError);
    expect(() =>
      new CheckpointSubject({ storage: memoryStorage() }).recover(
        log$.pipe(uid('l', { version: 2, migrate: (x) => x })),
      ),
    ).toThrow(NotMigratableError);
  });

  test.each([0, 1.5, -1, NaN, 2 ** 53])('%d is no version', (version) => {
    expect(() => uid('a', { version, migrate: (x) => x })).toThrow(RangeError);
  });

  test.each([
    [3, {}],
    [3, { 1: String }],
    [3, { 1: String, 2: String, 3: String }],
    [4, { 1: String, 3: String }],
  ])('version %d is not reached by the steps %j', (version, migrate) => {
    expect(() => uid('a', { version, migrate })).toThrow(/do not lead to version/);
  });

  test.each([{ 1: 5 }, 'x', 5, [1]])('%j are no migrations', (migrate) => {
    expect(() => uid('a', { version: 2, migrate: migrate as never })).toThrow(
      /^migrate of uid\('a'\) is .*: it has to be a function, or an object of functions by versions\.$/,
    );
  });

  test.each([
    [null, "The options of uid('a') are null: they have to be an object."],
    [{ verison: 2 }, "uid('a') has no option 'verison', only was, version, migrate."],
  ])('%j are no options', (options, message) => {
    expect(() => uid('a', options as object)).toThrow(new TypeError(message));
  });

  test.each(['', 'a/b', 'a', 7, 5n])('%p is no old name', (was) => {
    expect(() => uid('a', { was: was as string })).toThrow(/cannot be a uid/);
  });

  test('and a new name are one step', async () => {
    const { values, report } = await upgraded(v1, (log) =>
      log.pipe(
        scan((s: { n: number }, n) => ({ n: s.n + n }), { n: 0 }),
        uid('sum', { was: 'total', version: 2, migrate: (n: number) => ({ n }) }),
      ),
    );
    expect(values).toEqual([{ n: 7 }]);
    expect(report).toMatchObject({
      renamed: [{ operator: 'sum', was: 'total' }],
      migrated: [{ operator: 'sum', from: 1, to: 2 }],
    });
  });
});

describe('check()', () => {
  test('writes nothing, takes no lock and subscribes nothing, beside a job that runs', async () => {
    const storage = memoryStorage();
    const log = new Log([1]);
    const p$ = log.stream$.pipe(uid('log'), scan(add, 0), uid('total'));
    const checkpoints = new CheckpointSubject({ storage });
    const pipeline = observe(checkpoints.recover(p$));
    await settled();
    await checkpoints.savepoint('one');
    const names = await storage.list();
    const write = jest.spyOn(storage, 'write');
    const remove = jest.spyOn(storage, 'remove');
    const lock = jest.spyOn(storage, 'lock' as never);
    const other = new CheckpointSubject({ storage });
    for (const from of [undefined, 'one', 1] as const) {
      const report = await other.check(p$, { from });
      expect(report).toMatchObject({ checkpointId: 1, matched: ['log', 'total'], new: [], problems: [] });
    }
    expect([write, remove, lock].map((spy) => spy.mock.calls.length)).toEqual([0, 0, 0]);
    expect(await storage.list()).toEqual(names);
    expect(log.readerCount).toBe(1);
    log.write(1);
    await checkpoints.checkpoint();
    expect(pipeline.values).toEqual([1, 2]);
  });

  test('of an empty storage, or of a pipeline that has completed, finds nothing amiss', async () => {
    const storage = memoryStorage();
    const checkpoints = new CheckpointSubject({ storage });
    const p$ = of(1).pipe(uid('one'));
    expect(await checkpoints.check(p$)).toMatchObject({ checkpointId: 0, new: ['one'], problems: [] });
    observe(checkpoints.recover(p$));
    await settled();
    expect(await checkpoints.check(p$)).toMatchObject({ checkpointId: 1, new: [], matched: [], problems: [] });
  });

  test('of what is not there rejects, as the restore would', async () => {
    const checkpoints = new CheckpointSubject({ storage: memoryStorage() });
    await expect(checkpoints.check(of(1), { from: 'none' })).rejects.toMatchObject({ code: 'restore-point-not-found' });
    expect(() => checkpoints.check(null as never)).toThrow(/recover/);
  });
});

function fail(): never {
  throw new Error('broken');
}

function summing<S extends number | string>(seed: S) {
  return operate<number, S, S>({
    operator: 'summing',
    create: () => {
      let state = seed;
      return {
        next: (n, out) => out.next((state = (typeof state === 'string' ? `${state}${n}` : Number(state) + n) as S)),
        snapshotState: () => state,
        restoreState: (restored) => void (state = restored),
      };
    },
  });
}
