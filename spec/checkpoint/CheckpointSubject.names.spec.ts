import { describe, expect, test } from '@jest/globals';

import type { CheckpointedObservable, CheckpointStorage, OrphanedSnapshotError } from '../../src/index.js';
import {
  CheckpointSubject,
  filter,
  fromArray,
  map,
  memoryStorage,
  merge,
  mergeMap,
  pairwise,
  scan,
  share,
  skip,
  take,
  tap,
  uid,
} from '../../src/index.js';
import { foldedIn } from '../support/CheckpointStates.js';
import { Log } from '../support/Log.js';
import { observe, settled } from '../support/Observed.js';

type Numbers = CheckpointedObservable<number>;

const sum = () => scan((all: number, n: number) => all + n, 0);
const largest = () => scan((most: number, n: number) => Math.max(most, n), 0);

/** Takes a checkpoint of the first pipeline, then restores the second one from it. */
async function edit(before: Numbers, after: Numbers, write: () => void = () => {}) {
  const storage = memoryStorage();
  await checkpointed(before, storage);
  write();
  const checkpoints = new CheckpointSubject({ storage });
  const restored = observe(checkpoints.recover(after));
  await settled();
  restored.unsubscribe();
  return restored;
}

async function checkpointed(pipeline: Numbers, storage: CheckpointStorage): Promise<void> {
  const checkpoints = new CheckpointSubject({ storage });
  const first = observe(checkpoints.recover(pipeline));
  await settled();
  await checkpoints.checkpoint();
  first.unsubscribe();
  await settled();
}

function reportOf(error: unknown) {
  expect(error).toMatchObject({ code: 'orphaned-snapshot' });
  const { checkpointId, pipeline, matched, orphaned, new: fresh } = (error as OrphanedSnapshotError).report;
  return {
    checkpointId,
    pipeline,
    matched: [...matched].sort(),
    orphaned: [...orphaned].sort(),
    new: [...fresh].sort(),
  };
}

describe('a pipeline with uids can be edited', () => {
  test('an operator without state may come, go and change', async () => {
    const log = new Log([1, 2]);
    const source$ = log.stream$.pipe(uid('log'));
    const restored = await edit(
      source$.pipe(
        map((n) => n * 10),
        sum(),
        uid('sum'),
      ),
      source$.pipe(
        tap(() => {}),
        filter((n) => n > 0),
        map((n) => n * 100),
        sum(),
        uid('sum'),
      ),
      () => log.write(3),
    );
    expect(restored.values).toEqual([330]);
  });

  test('an operator with state may come: it starts empty', async () => {
    const log = new Log([1, 2]);
    const source$ = log.stream$.pipe(uid('log'));
    const restored = await edit(
      source$.pipe(sum(), uid('sum')),
      source$.pipe(skip(1), uid('skip'), sum(), uid('sum')),
      () => log.write(3, 4),
    );
    expect(restored.values).toEqual([7]);
  });

  test('named operators may swap places', async () => {
    const log = new Log([5, 2]);
    const source$ = log.stream$.pipe(uid('log'));
    const restored = await edit(
      source$.pipe(sum(), uid('sum'), largest(), uid('largest')),
      source$.pipe(largest(), uid('largest'), sum(), uid('sum')),
      () => log.write(1),
    );
    expect(restored.values).toEqual([7 + 7]);
  });

  test('a source may be exchanged for another that has its uid and understands its position', async () => {
    const log = new Log([1, 2]);
    const restored = await edit(
      log.stream$.pipe(uid('numbers'), sum(), uid('sum')),
      fromArray([1, 2, 4]).pipe(uid('numbers'), sum(), uid('sum')),
    );
    expect(restored.values).toEqual([7]);
  });
});

describe('an edit that would lose state is refused', () => {
  test('an operator with a uid was removed: the report says which, and what was found', async () => {
    const source$ = new Log([1, 2]).stream$.pipe(uid('log'));
    const restored = await edit(
      source$.pipe(
        sum(),
        uid('sum'),
        pairwise(),
        uid('pairs'),
        map(([, n]) => n),
      ),
      source$.pipe(sum(), uid('sum'), take(9), uid('first nine')),
    );
    expect(restored.values).toEqual([]);
    expect(reportOf(restored.error)).toEqual({
      checkpointId: 1,
      pipeline: 'main',
      matched: ['log', 'sum'],
      orphaned: ['pairs'],
      new: ['first nine'],
    });
  });

  test('a uid was changed', async () => {
    const source$ = new Log([1, 2]).stream$.pipe(uid('log'));
    const restored = await edit(source$.pipe(sum(), uid('sum')), source$.pipe(sum(), uid('total')));
    expect(reportOf(restored.error)).toMatchObject({ matched: ['log'], orphaned: ['sum'], new: ['total'] });
  });

  test('a uid was given to an operator that had none, or taken from it', async () => {
    const source$ = new Log([1, 2]).stream$.pipe(uid('log'));
    const named = source$.pipe(sum(), uid('sum'));
    const unnamed = source$.pipe(sum());
    expect(reportOf((await edit(unnamed, named)).error)).toMatchObject({ orphaned: ['main:log:scan'], new: ['sum'] });
    expect(reportOf((await edit(named, unnamed)).error)).toMatchObject({ orphaned: ['sum'], new: ['main:log:scan'] });
  });

  test('nothing of another pipeline is in the report', async () => {
    const storage = memoryStorage();
    const source$ = new Log([1, 2]).stream$.pipe(uid('log'));
    await checkpointed(source$.pipe(sum(), uid('sum')), storage);
    const checkpoints = new CheckpointSubject({ storage });
    observe(
      checkpoints.recover(new Log([1]).stream$.pipe(uid('other log'), sum(), uid('other sum')), { name: 'other' }),
    );
    await settled();
    const restored = observe(checkpoints.recover(source$.pipe(sum(), uid('total'))));
    await settled();
    expect(reportOf(restored.error)).toEqual({
      checkpointId: 1,
      pipeline: 'main',
      matched: ['log'],
      orphaned: ['sum'],
      new: ['total'],
    });
  });

  test('nothing has started, and undoing the edit finds everything in its place', async () => {
    const storage = memoryStorage();
    const log = new Log([1, 2]);
    const source$ = log.stream$.pipe(uid('log'));
    await checkpointed(source$.pipe(sum(), uid('sum')), storage);
    const checkpoints = new CheckpointSubject({ storage });
    const refused = observe(checkpoints.recover(source$.pipe(sum(), uid('total'))));
    await settled();
    log.write(4);
    expect(refused.values).toEqual([]);
    const restored = observe(checkpoints.recover(source$.pipe(sum(), uid('sum'))));
    await settled();
    expect(restored.values).toEqual([7]);
    expect((await checkpoints.checkpoint()).id).toBe(2);
  });
});

describe('operators without a uid', () => {
  test('are found in an unchanged pipeline', async () => {
    const log = new Log([1, 2]);
    const pipeline = () => merge(log.stream$.pipe(sum()), log.stream$.pipe(skip(1), largest())).pipe(sum());
    const restored = await edit(pipeline(), pipeline(), () => log.write(10));
    // 1 + 3 + 2 until the checkpoint, then 13 and 10.
    expect(restored.values).toEqual([19, 29]);
  });

  test.each([
    ['one is added above', () => [sum(), sum(), largest()]],
    ['one is added below', () => [sum(), largest(), sum()]],
    ['one is removed', () => [largest()]],
  ] as const)('are not mixed up with others of their kind: %s', async (_, change) => {
    const log = new Log([5, 2]);
    const source$ = log.stream$.pipe(uid('log'));
    const before$ = source$.pipe(sum(), largest());
    const after$ = change().reduce<Numbers>((at$, step) => at$.pipe(step), source$);
    const restored = await edit(before$, after$, () => log.write(1));
    expect(restored).toMatchObject({ values: [], error: { code: 'orphaned-snapshot' } });
  });

  test('keep their state when two of different kinds swap places', async () => {
    const log = new Log([5, 2]);
    const source$ = log.stream$.pipe(uid('log'));
    const restored = await edit(source$.pipe(sum(), skip(1)), source$.pipe(skip(1), sum()), () => log.write(1));
    // One was skipped before, and the sum was 7.
    expect(restored.values).toEqual([8]);
  });

  test('of another kind do not take each other\u2019s state', async () => {
    const source$ = new Log([5, 2]).stream$.pipe(uid('log'));
    const restored = await edit(source$.pipe(sum()), source$.pipe(skip(1)));
    expect(reportOf(restored.error)).toMatchObject({ orphaned: ['main:log:scan'], new: ['main:log:skip'] });
  });

  test('are counted from the nearest uid above, so that what stands apart does not matter', async () => {
    const left = new Log([1]);
    const right = new Log([10]);
    const left$ = left.stream$.pipe(uid('left'));
    const right$ = right.stream$.pipe(uid('right'));
    const restored = await edit(
      merge(left$.pipe(sum()), right$.pipe(sum())).pipe(uid('merge')),
      merge(left$.pipe(sum()), right$.pipe(take(5), sum())).pipe(uid('merge')),
      () => (left.write(2), right.write(20)),
    );
    expect([...restored.values].sort((a, b) => a - b)).toEqual([3, 30]);
  });
});

describe('a duplicate uid', () => {
  test('of two operators is refused before anything is subscribed', () => {
    const checkpoints = new CheckpointSubject({ storage: memoryStorage() });
    const pipeline$ = new Log([1]).stream$.pipe(uid('log'), sum(), uid('sum'), skip(1), uid('sum'));
    expect(() => checkpoints.recover(pipeline$)).toThrow(
      expect.objectContaining({ code: 'duplicate-uid', kind: 'two-nodes', uid: 'sum' }),
    );
  });

  test('of one stream that is used twice without share() is told from that', () => {
    const checkpoints = new CheckpointSubject({ storage: memoryStorage() });
    const log$ = new Log([1]).stream$.pipe(uid('log'));
    expect(() => checkpoints.recover(merge(log$.pipe(sum()), log$))).toThrow(
      expect.objectContaining({ code: 'duplicate-uid', kind: 'same-node', uid: 'log' }),
    );
  });

  test('that a shared stream got later, when it was in use already, is told from that as well', () => {
    const checkpoints = new CheckpointSubject({ storage: memoryStorage() });
    const shared$ = new Log([1]).stream$.pipe(uid('log'), share());
    expect(() => checkpoints.recover(merge(shared$, shared$.pipe(uid('shared'))))).toThrow(
      expect.objectContaining({ code: 'duplicate-uid', kind: 'late-name', uid: 'shared' }),
    );
  });

  test('in two pipelines of one subject is refused when the second starts', async () => {
    const checkpoints = new CheckpointSubject({ storage: memoryStorage() });
    const first = observe(checkpoints.recover(new Log([1]).stream$.pipe(uid('log')), { name: 'first' }));
    const second = observe(checkpoints.recover(new Log([2]).stream$.pipe(uid('log')), { name: 'second' }));
    await settled();
    expect(first).toMatchObject({ values: [1], error: undefined });
    expect(second).toMatchObject({ values: [], error: { code: 'duplicate-uid', kind: 'two-nodes', uid: 'log' } });
    expect(Object.keys((await checkpoints.checkpoint()).operators)).toEqual(['log']);
  });

  test('in inner pipelines is none: each inner has names of its own', async () => {
    const checkpoints = new CheckpointSubject({ storage: memoryStorage() });
    const inner = (n: number) => new Log([n]).stream$.pipe(uid('log'), sum(), uid('sum'));
    observe(checkpoints.recover(new Log([1, 2]).stream$.pipe(uid('log'), mergeMap(inner), uid('all'))));
    await settled();
    const { operators } = await checkpoints.checkpoint();
    expect(Object.keys(operators).sort()).toEqual([
      'all',
      'all[0]/log',
      'all[0]/sum',
      'all[1]/log',
      'all[1]/sum',
      'log',
    ]);
  });

  test('within an inner pipeline is an error of the pipeline', async () => {
    const checkpoints = new CheckpointSubject({ storage: memoryStorage() });
    const inner = (n: number) => new Log([n]).stream$.pipe(uid('same'), sum(), uid('same'));
    const pipeline = observe(checkpoints.recover(new Log([1]).stream$.pipe(mergeMap(inner))));
    await settled();
    expect(pipeline.error).toMatchObject({ code: 'duplicate-uid', kind: 'two-nodes' });
  });
});

describe('requireUids', () => {
  const options = { storage: memoryStorage(), requireUids: true };

  test('names the operators with state that have none, sources among them', () => {
    const checkpoints = new CheckpointSubject(options);
    const pipeline$ = new Log([1]).stream$.pipe(
      map((n) => n),
      sum(),
      uid('sum'),
      map((n, index) => n + index),
      take(3),
    );
    expect(() => checkpoints.recover(pipeline$, { name: 'totals' })).toThrow(
      expect.objectContaining({ code: 'missing-uid', operators: ['totals:log', 'totals:sum:map', 'totals:sum:take'] }),
    );
  });

  test('is content with uids, and with operators that have no state', async () => {
    const checkpoints = new CheckpointSubject(options);
    const pipeline = observe(
      checkpoints.recover(
        new Log([1]).stream$.pipe(
          uid('log'),
          map((n) => n),
          sum(),
          uid('sum'),
        ),
      ),
    );
    await settled();
    expect(pipeline.values).toEqual([1]);
    pipeline.unsubscribe();
    await settled();
  });

  test('is asked of inner pipelines when they come up', async () => {
    const checkpoints = new CheckpointSubject({ storage: memoryStorage(), requireUids: true });
    const pipeline$ = new Log([1]).stream$.pipe(
      uid('log'),
      mergeMap((n) => new Log([n]).stream$.pipe(uid('inner'), sum())),
      uid('all'),
    );
    const pipeline = observe(checkpoints.recover(pipeline$));
    await settled();
    expect(pipeline.error).toMatchObject({ code: 'missing-uid', operators: ['all[0]:inner:scan'] });
  });
});

describe('uid()', () => {
  test.each([
    '',
    '__proto__',
    'a/b',
    'a:b',
    'a[0]',
    'a#1',
    'a@1',
    'a\nb',
    'x'.repeat(201),
    7 as never,
    undefined as never,
  ])('refuses %j', (name) => {
    expect(() => uid(name)).toThrow(expect.objectContaining({ code: 'invalid-uid' }));
  });

  test('takes any other text', async () => {
    const names = [
      'constructor',
      'toString',
      'main',
      'Ümläut und Leerzeichen',
      '顧客',
      "it's",
      '"',
      '\\',
      'a.b',
      '-1',
      '🐦',
    ];
    const storage = memoryStorage();
    const logs = names.map(() => new Log([1]));
    const build = () =>
      merge(...names.map((name, i) => logs[i]!.stream$.pipe(uid(`${name} log`), sum(), uid(name)))).pipe(uid('merge'));
    await checkpointed(build(), storage);
    const checkpoints = new CheckpointSubject({ storage });
    const restored = observe(checkpoints.recover(build()));
    await settled();
    for (const log of logs) log.write(1);
    expect(restored.values).toEqual(names.map(() => 2));
    const checkpoint = await checkpoints.checkpoint();
    expect(names.map((name) => foldedIn(checkpoint, name))).toEqual(names.map(() => 2));
  });
});

describe('the name of a pipeline', () => {
  test.each(['', '__proto__', 'a:b', 'a/b', 'x'.repeat(201), 7 as never, null as never])('cannot be %j', (name) => {
    const checkpoints = new CheckpointSubject({ storage: memoryStorage() });
    expect(() => checkpoints.recover(new Log([1]).stream$, { name })).toThrow(
      expect.objectContaining({ code: 'invalid-pipeline-name' }),
    );
  });

  test('can be any other text', async () => {
    const checkpoints = new CheckpointSubject({ storage: memoryStorage() });
    const names = ['constructor', 'hasOwnProperty', 'a b', '🐦'];
    for (const name of names) observe(checkpoints.recover(new Log([1]).stream$, { name }));
    await settled();
    const { operators, pipelines } = await checkpoints.checkpoint();
    expect(Object.keys(operators)).toEqual(names.map((name) => `${name}:log`));
    expect(pipelines).toEqual(Object.fromEntries(names.map((name) => [name, 'running'])));
  });
});
