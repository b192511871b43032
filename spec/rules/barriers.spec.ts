// Rules 1 to 4 of the runtime: each with the example that fails without it.
import { describe, expect, jest, test } from '@jest/globals';

import { BehaviorSubject, range } from 'rxjs';

import type { CheckpointedObservable } from '../../src/index.js';
import {
  bufferTime,
  CheckpointSubject,
  concat,
  concatMap,
  delay,
  from,
  fromArray,
  fromObservable,
  groupBy,
  map,
  memoryStorage,
  merge,
  mergeMap,
  of,
  scan,
  share,
  startWith,
  take,
  uid,
} from '../../src/index.js';
import { fileNode } from '../../src/sources/fileNode.js';
import { lines } from '../../src/sources/lines.js';
import { MemoryFileSystem } from '../io/MemoryFileSystem.js';
import { foldedIn, offsetIn } from '../support/CheckpointStates.js';
import { inFakeTime } from '../support/inFakeTime.js';
import { Log } from '../support/Log.js';
import { observe, settled } from '../support/Observed.js';
import { ScriptedStorage } from '../checkpoint/store/ScriptedStorage.js';
import type { Life } from '../support/VirtualJob.js';
import { outputOf, restoresEverywhere, timed } from './inVirtualTime.js';

inFakeTime();

const sum = () => scan((all: number, n: number) => all + n, 0);

/** The positions of a source in the checkpoints of a run, each once. */
function positions({ cuts }: Life, source: string): (number | undefined)[] {
  const all = cuts.map(({ snapshots }) => (snapshots.get(source)?.position as { offset: number } | undefined)?.offset);
  return all.filter((position, i) => position !== all[i - 1]);
}

/** The states of a `scan` in the checkpoints of a run, each once. */
function folded({ cuts }: Life, operator: string): unknown[] {
  const all = cuts.map(({ snapshots }) => (snapshots.get(operator)?.state as { value: unknown } | undefined)?.value);
  return all.filter((value, i) => value !== all[i - 1]);
}

/** How many checkpoints have the participant. */
function appearances({ cuts }: Life, participant: string): number {
  return cuts.filter(({ snapshots }) => snapshots.has(participant)).length;
}

describe('rule 1: a barrier passes at once, whatever is held back is in the snapshot', () => {
  test('a checkpoint is taken in one go while values wait in a delay, a buffer and a queue', () => {
    const { outputs } = restoresEverywhere(() =>
      merge(
        timed('1-2-3|').pipe(delay(7.5)),
        timed('-4-5-|', 0.25).pipe(bufferTime(3.125)),
        timed('67|', 0.0625).pipe(concatMap((n) => timed(`---${n}|`))),
      ),
    );
    expect(outputs).toHaveLength(8);
  });

  test('it ends where it began: what comes after the request is in the next one', async () => {
    const log = new Log([1]);
    const checkpoints = new CheckpointSubject({ storage: memoryStorage() });
    observe(checkpoints.recover(merge(log.stream$.pipe(uid('log')), of(0).pipe(delay(1e6))).pipe(sum(), uid('sum'))));
    await settled();
    const asked = checkpoints.checkpoint();
    log.write(10);
    expect(foldedIn(await asked, 'sum')).toBe(1);
  });

  test('whoever joins a share that the barrier has passed is in the next checkpoint', () => {
    const { outputs } = restoresEverywhere(() => {
      const shared$ = timed('1234567|').pipe(uid('source'), share(), uid('shared'));
      const joiner$ = timed('--9|', 0.5).pipe(mergeMap(() => shared$.pipe(map((n) => 10 * n))));
      return merge(shared$, joiner$);
    });
    expect(outputs.filter((line) => line.endsWith('0'))).toHaveLength(4);
  });
});

describe('rule 2: barriers start at every root', () => {
  test('a delay whose source has completed', () => {
    const life = restoresEverywhere(() => of(1).pipe(uid('of'), delay(10), uid('delay')));
    expect(outputOf(life)).toEqual(['1', 'complete']);
    expect(life.cuts.some(({ snapshots }) => snapshots.has('delay') && !snapshots.has('of'))).toBe(true);
  });

  test('an inner whose outer has completed', () => {
    const life = restoresEverywhere(() =>
      of(1).pipe(
        uid('of'),
        mergeMap(() => timed('--5-6|').pipe(uid('inner'))),
        uid('all'),
      ),
    );
    expect(outputOf(life)).toEqual(['5', '6', 'complete']);
    expect(appearances(life, 'all[0]/inner')).toBeGreaterThan(appearances(life, 'of'));
  });

  test('a promise whose outer has completed', async () => {
    const storage = memoryStorage();
    let answers: ((n: number) => void)[] = [];
    const build = () =>
      of(1).pipe(
        uid('of'),
        mergeMap(() => new Promise<number>((resolve) => answers.push(resolve))),
        uid('ask'),
      );
    const checkpoints = new CheckpointSubject({ storage });
    const first = observe(checkpoints.recover(build()));
    await settled();
    expect(Object.keys((await checkpoints.checkpoint()).operators).sort()).toEqual(['ask', 'ask[0]:plain']);
    first.unsubscribe();
    await settled();
    answers = [];
    const second = observe(new CheckpointSubject({ storage }).recover(build()));
    await settled();
    answers[0]!(42);
    await settled();
    expect(second).toMatchObject({ values: [42], hasCompleted: true });
  });

  test('a group whose owner is gone', () => {
    const life = restoresEverywhere(() =>
      timed('1-2-1-2-1-2|').pipe(
        uid('source'),
        groupBy((n) => n),
        uid('groups'),
        take(1),
        uid('first'),
        mergeMap((group$) => group$.pipe(sum(), uid('sum'))),
        uid('all'),
      ),
    );
    expect(outputOf(life)).toEqual(['1', '2', '3', 'complete']);
    const [after] = life.cuts.slice(-3);
    expect([...after!.snapshots.keys()].sort()).toEqual(['all', 'all[0]/sum', 'groups', 'source']);
  });

  test('a share that has ended and is kept for whoever comes late', () => {
    const life = restoresEverywhere(() => {
      const ended$ = of(1).pipe(uid('of'), share({ resetOnComplete: false }), uid('ended'));
      const late$ = timed('--2-|').pipe(mergeMap(() => ended$.pipe(startWith('late'))));
      return merge(ended$, late$);
    });
    expect(outputOf(life)).toEqual(['1', 'late', 'complete']);
    expect(life.cuts.some(({ snapshots }) => snapshots.has('ended') && !snapshots.has('of'))).toBe(true);
  });

  test.each([
    { inner: 'with a state', step: () => startWith<number | string, string[]>('arrived') },
    { inner: 'without', step: () => map((n: number | string) => n) },
  ])('a group that nobody feeds any more, which is waited for $inner', ({ step }) => {
    const life = restoresEverywhere(() =>
      timed('1-1-1-1|').pipe(
        groupBy((n) => n),
        take(1),
        delay(3.5),
        mergeMap((group$) => group$.pipe(step())),
      ),
    );
    expect(outputOf(life).includes('complete')).toBe(false);
  });
});

describe('rule 3: a turn is one entry from outside, handled all the way down', () => {
  test('of at the root: each record is a turn', () => {
    const life = restoresEverywhere(() => of(1, 2, 3).pipe(uid('of'), sum(), uid('sum')));
    expect(positions(life, 'of')).toEqual([0, 1, 2, 3]);
  });

  test('of as the second of a concat belongs to the turn in which the first ended', () => {
    const life = restoresEverywhere(() =>
      concat(timed('-9|').pipe(uid('first')), of(1, 2, 3).pipe(uid('of'))).pipe(sum(), uid('sum')),
    );
    expect(outputOf(life)).toEqual(['9', '10', '12', '15', 'complete']);
    expect(positions(life, 'of')).toEqual([undefined]);
  });

  test('so does of in an inner pipeline', () => {
    const life = restoresEverywhere(() =>
      timed('-9-|').pipe(
        mergeMap(() => of(1, 2).pipe(uid('of'))),
        uid('all'),
      ),
    );
    expect(outputOf(life)).toEqual(['1', '2', 'complete']);
    expect(positions(life, 'all[0]/of')).toEqual([undefined]);
  });

  const synchronous: [string, () => CheckpointedObservable<number>][] = [
    ['from of an array', () => from([1, 2, 3])],
    ['a plain range', () => fromObservable(range(1, 3))],
  ];

  test.each(synchronous)('%s at the root: each record is a turn', (_, source) => {
    const life = restoresEverywhere(() => merge(source(), timed('----|')).pipe(sum(), uid('sum')));
    expect(folded(life, 'sum')).toEqual([0, 1, 3, 6]);
  });

  test.each(synchronous)('%s within a turn belongs to it', (_, source) => {
    const life = restoresEverywhere(() => concat(timed('-9|'), source(), timed('-|', 0.5)).pipe(sum(), uid('sum')));
    expect(outputOf(life)).toEqual(['9', '10', '12', '15', 'complete']);
    expect(folded(life, 'sum')).toEqual([0, 9, 15]);
  });

  test('fromFile as the second of a concat: each of its records is a turn', async () => {
    const fileSystem = new MemoryFileSystem();
    fileSystem.files.set('a', new TextEncoder().encode('1\n2\n3\n4\n'));
    const log = new Log<string>();
    const checkpoints = new CheckpointSubject({ storage: memoryStorage() });
    const taken = observe(checkpoints);
    const file$ = fileNode({ fileSystem, path: 'a', format: lines() }).pipe(uid('file'));
    const counted$ = concat(log.stream$, file$).pipe(
      scan((n) => n + 1, 0),
      uid('count'),
    );
    const pipeline = observe(checkpoints.recover(counted$), (count) => count === 2 && checkpoints.next());
    await settled();
    log.end();
    while (!pipeline.hasCompleted) await settled();
    const [checkpoint] = taken.values;
    expect([offsetIn(checkpoint, 'file'), foldedIn(checkpoint, 'count')]).toEqual([4, 2]);
  });

  test('fromArray as the second of a concat: its first slice belongs to that turn, then each record is one', async () => {
    const log = new Log<number>();
    const array = Array.from({ length: 200_000 }, (_, i) => i);
    const checkpoints = new CheckpointSubject({ storage: memoryStorage() });
    const taken = observe(checkpoints);
    const counted$ = concat(log.stream$.pipe(uid('first')), fromArray(array).pipe(uid('array'))).pipe(
      scan((n) => n + 1, 0),
      uid('count'),
    );
    observe(checkpoints.recover(counted$), (count) => (count === 10 || count === 100_000) && checkpoints.next());
    await settled();
    log.end();
    await jest.advanceTimersByTimeAsync(1);
    const [early, late] = taken.values;
    expect(offsetIn(early, 'array')).toBeGreaterThan(1_000);
    expect(foldedIn(early, 'count')).toBe(offsetIn(early, 'array'));
    expect([offsetIn(late, 'array'), foldedIn(late, 'count')]).toEqual([100_000, 100_000]);
  });

  test('what a BehaviorSubject says to a branch that comes is a turn', async () => {
    const checkpoints = new CheckpointSubject({ storage: memoryStorage() });
    const taken = observe(checkpoints);
    const shared$ = new Log<number>().stream$.pipe(
      uid('log'),
      share({ connector: () => new BehaviorSubject(5) }),
      uid('shared'),
    );
    const summed$ = shared$.pipe(
      scan((all, n) => {
        checkpoints.next();
        return all + n;
      }, 0),
      uid('sum'),
    );
    observe(checkpoints.recover(summed$));
    await settled();
    expect(taken.values.map((checkpoint) => foldedIn(checkpoint, 'sum'))).toEqual([5]);
  });

  test('a checkpoint that is asked for within a turn waits for its end', async () => {
    const checkpoints = new CheckpointSubject({ storage: memoryStorage() });
    const taken = observe(checkpoints);
    const log = new Log([1]);
    const inner = () => of(5, 6, 7).pipe(uid('of'));
    observe(checkpoints.recover(log.stream$.pipe(uid('log'), concatMap(inner), uid('inners'), sum(), uid('sum'))), () =>
      checkpoints.next(),
    );
    await settled();
    expect(taken.values.map((checkpoint) => foldedIn(checkpoint, 'sum'))).toEqual([18]);
    expect(taken.values.map((checkpoint) => offsetIn(checkpoint, 'log'))).toEqual([1]);
  });
});

describe('rule 4: parts that end during a checkpoint keep what they acknowledged', () => {
  function parts(left: Log<number>, right: Log<number>): CheckpointedObservable<number> {
    return merge(
      left.stream$.pipe(uid('left'), sum(), uid('left sum')),
      right.stream$.pipe(uid('right'), sum(), uid('right sum')),
    ).pipe(uid('merge'));
  }

  test.each(['completes', 'is unsubscribed', 'fails'])(
    'a part that %s while the checkpoint is written',
    async (way) => {
      const storage = new ScriptedStorage();
      const [left, right] = [new Log([1]), new Log([10])];
      const checkpoints = new CheckpointSubject({ storage });
      const taken = observe(checkpoints);
      const pipeline = observe(checkpoints.recover(parts(left, right)));
      await settled();
      storage.writeFate = 'hold';
      checkpoints.next();
      if (way === 'completes') left.end();
      else if (way === 'fails') left.breakDown(new Error('gone'));
      else pipeline.unsubscribe();
      left.isEnded = false;
      storage.land('checkpoint-000000000001');
      await settled();
      expect(taken.values.map((checkpoint) => foldedIn(checkpoint, 'left sum'))).toEqual([1]);
      pipeline.unsubscribe();
      await settled();
      storage.writeFate = 'succeed';
      const restored = observe(new CheckpointSubject({ storage }).recover(parts(left, right)));
      await settled();
      left.write(2);
      right.write(20);
      expect(restored.values).toEqual([3, 30]);
    },
  );
});
