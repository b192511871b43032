import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';

import { CheckpointSubject, fromArray, fromObservable, memoryStorage, merge, scan, uid } from '../../src/index.js';
import { foldedIn, offsetIn, stateIn } from '../support/CheckpointStates.js';
import { Log } from '../support/Log.js';
import { observe, settled } from '../support/Observed.js';

beforeEach(() => {
  jest.useFakeTimers({ doNotFake: ['setImmediate', 'queueMicrotask', 'nextTick'], now: 1_700_000_000_000 });
});

afterEach(() => {
  jest.useRealTimers();
});

function words(log: Log<string>) {
  return log.stream$.pipe(
    uid('log'),
    scan((seen: readonly string[], word) => [...seen, word], []),
    uid('seen'),
  );
}

async function running(log: Log<string>, storage = memoryStorage()) {
  const checkpoints = new CheckpointSubject({ storage });
  const pipeline = observe(checkpoints.recover(words(log)));
  await settled();
  return { checkpoints, pipeline, storage };
}

describe('a completed checkpoint', () => {
  test('says when it was triggered, and how long it took until it was durable', async () => {
    const storage = memoryStorage();
    const write = storage.write.bind(storage);
    storage.write = async (name, bytes) => {
      await new Promise((resolve) => setTimeout(resolve, 250));
      return write(name, bytes);
    };
    const { checkpoints } = await running(new Log(), storage);
    const taken = observe(checkpoints);
    await jest.advanceTimersByTimeAsync(1_000);
    checkpoints.next();
    await jest.advanceTimersByTimeAsync(249);
    expect(taken.values).toEqual([]);
    await jest.advanceTimersByTimeAsync(1);
    expect(taken.values).toMatchObject([{ timestamp: 1_700_000_001_000, durationMs: 250 }]);
  });

  test('has ascending ids: in a run, across runs, with a new subject, and over what could not be written', async () => {
    const log = new Log<string>();
    const { checkpoints, pipeline, storage } = await running(log);
    const failures = observe(checkpoints.failures$);
    const ids = [(await checkpoints.checkpoint()).id, (await checkpoints.checkpoint()).id];
    const { write } = storage;
    storage.write = () => Promise.reject(new Error('full'));
    await expect(checkpoints.checkpoint()).rejects.toMatchObject({ reason: 'storage-failed' });
    storage.write = write;
    ids.push((await checkpoints.checkpoint()).id);
    pipeline.unsubscribe();

    const again = observe(checkpoints.recover(words(log)));
    await settled();
    ids.push((await checkpoints.checkpoint()).id);
    again.unsubscribe();
    await settled();

    const { checkpoints: next } = await running(log, storage);
    ids.push((await next.checkpoint()).id);
    expect(failures.values).toHaveLength(1);
    expect([...ids].sort((a, b) => a - b)).toEqual(ids);
    expect(new Set(ids).size).toBe(5);
  });

  test('counts what it consists of and what it wrote itself', async () => {
    const log = new Log(['x'.repeat(10_000)]);
    const { checkpoints } = await running(log);
    const first = await checkpoints.checkpoint();
    const second = await checkpoints.checkpoint();
    expect(first.sizeBytes).toBeGreaterThan(10_000);
    expect(first.writtenBytes).toBeGreaterThanOrEqual(first.sizeBytes);
    expect(second.sizeBytes).toBeGreaterThan(10_000);
    expect(second.writtenBytes).toBeLessThan(1_000);
    const { operators } = first;
    expect(operators.seen!.sizeBytes).toBeGreaterThan(10_000);
    expect(operators.log!.sizeBytes).toBeLessThan(200);
    expect(operators.seen!.sizeBytes + operators.log!.sizeBytes).toBeLessThan(first.sizeBytes);
  });

  test('goes on referring after a restart to what had not changed', async () => {
    const log = new Log(['x'.repeat(10_000)]);
    const { checkpoints, pipeline, storage } = await running(log);
    await checkpoints.checkpoint();
    pipeline.unsubscribe();
    await settled();
    const { checkpoints: next } = await running(log, storage);
    const first = await next.checkpoint();
    expect(first.sizeBytes).toBeGreaterThan(10_000);
    expect(first.writtenBytes).toBeLessThan(1_000);
  });

  test('gives the positions of the sources, after the last record', async () => {
    const checkpoints = new CheckpointSubject({ storage: memoryStorage() });
    const letters = fromObservable(new Promise<string>(() => {})).pipe(uid('promise'));
    const log = new Log(['a', 'b', 'c']);
    observe(
      checkpoints.recover(merge(log.stream$.pipe(uid('log')), letters, fromArray<string>([]).pipe(uid('empty')))),
    );
    await settled();
    const { operators } = await checkpoints.checkpoint();
    expect(operators.log!.position).toEqual({ offset: 3, recordsAfterOffset: 0 });
    expect(operators.promise!.position).toEqual({ offset: -1, recordsAfterOffset: 0 });
    expect(operators.empty).toBeUndefined();
  });
});

describe('the tree of operators', () => {
  test('has a restored operator that is called as something that every object has', async () => {
    const log = new Log(['a']);
    const storage = memoryStorage();
    const named$ = log.stream$.pipe(uid('toString'));
    const before = new CheckpointSubject({ storage });
    const pipeline = observe(before.recover(named$));
    await settled();
    await before.checkpoint();
    pipeline.unsubscribe();
    await settled();
    const checkpoints = new CheckpointSubject({ storage });
    observe(checkpoints.recover(named$));
    await settled();
    const { operators } = await checkpoints.checkpoint();
    expect(Object.keys(operators)).toEqual(['toString']);
  });

  test('keeps the object of an operator that did not change', async () => {
    const left = new Log(['a']);
    const right = new Log(['b']);
    const named = (log: Log<string>, name: string) =>
      log.stream$.pipe(
        uid(`${name} log`),
        scan((all: string, word) => all + word, ''),
        uid(name),
      );
    const checkpoints = new CheckpointSubject({ storage: memoryStorage() });
    observe(checkpoints.recover(merge(named(left, 'left'), named(right, 'right')).pipe(uid('merge'))));
    await settled();
    const first = await checkpoints.checkpoint();
    const same = await checkpoints.checkpoint();
    right.write('c');
    const other = await checkpoints.checkpoint();
    expect(same.operators).toBe(first.operators);
    expect(other.operators).not.toBe(first.operators);
    expect(
      Object.keys(other.operators)
        .filter((name) => other.operators[name] !== first.operators[name])
        .sort(),
    ).toEqual(['right', 'right log']);
    expect([foldedIn(other, 'left'), foldedIn(other, 'right')]).toEqual(['a', 'bc']);
    expect([offsetIn(first, 'right log'), offsetIn(other, 'right log')]).toEqual([1, 2]);
  });

  test('shares the parts of a state that did not change', async () => {
    type Counts = Readonly<Record<string, { readonly times: number }>>;
    const log = new Log(['a', 'b']);
    const checkpoints = new CheckpointSubject({ storage: memoryStorage() });
    const counts$ = log.stream$.pipe(
      scan((counts: Counts, word) => ({ ...counts, [word]: { times: (counts[word]?.times ?? 0) + 1 } }), {}),
      uid('counts'),
    );
    observe(checkpoints.recover(counts$));
    await settled();
    const before = foldedIn(await checkpoints.checkpoint(), 'counts') as Counts;
    log.write('b');
    const after = foldedIn(await checkpoints.checkpoint(), 'counts') as Counts;
    expect(after).toEqual({ a: { times: 1 }, b: { times: 2 } });
    expect(after.a).toBe(before.a);
  });

  test('cannot be changed, nor can the checkpoint', async () => {
    const { checkpoints } = await running(new Log(['a']));
    const checkpoint = await checkpoints.checkpoint();
    const seen = checkpoint.operators.seen!;
    const frozen = [
      checkpoint,
      checkpoint.operators,
      seen,
      seen.state,
      foldedIn(checkpoint, 'seen'),
      checkpoint.pipelines,
    ];
    expect(frozen.map((part) => Object.isFrozen(part))).toEqual(frozen.map(() => true));
    expect(() => (foldedIn(checkpoint, 'seen') as string[]).push('b')).toThrow(TypeError);
    expect(() => Object.assign(checkpoint.operators, { other: seen })).toThrow(TypeError);
  });

  test('drops operators that are gone', async () => {
    const log = new Log(['a']);
    const ending = new Log(['b']);
    const checkpoints = new CheckpointSubject({ storage: memoryStorage() });
    observe(checkpoints.recover(merge(log.stream$.pipe(uid('log')), ending.stream$.pipe(uid('ending')))));
    await settled();
    expect(Object.keys((await checkpoints.checkpoint()).operators).sort()).toEqual(['ending', 'log', 'main:log:merge']);
    ending.end();
    expect(Object.keys((await checkpoints.checkpoint()).operators).sort()).toEqual(['log', 'main:log:merge']);
  });

  test('has states as the operators document them', async () => {
    const { checkpoints } = await running(new Log(['a']));
    expect(stateIn(await checkpoints.checkpoint(), 'seen')).toEqual({ hasValue: true, value: ['a'], index: 1 });
  });
});

test('subscribers hear of checkpoints that complete after they came, and of no end', async () => {
  const { checkpoints, pipeline } = await running(new Log(['a']));
  await checkpoints.checkpoint();
  const late = observe(checkpoints);
  await checkpoints.checkpoint();
  pipeline.unsubscribe();
  await settled();
  expect(late.values.map(({ id }) => id)).toEqual([2]);
  expect(late).toMatchObject({ hasCompleted: false, error: undefined });
});

test('options that cannot work are refused', () => {
  const storage = memoryStorage();
  expect(() => new CheckpointSubject({} as never)).toThrowErrorMatchingInlineSnapshot(
    `"CheckpointSubject needs a storage, e.g. { storage: memoryStorage() }."`,
  );
  expect(() => new CheckpointSubject(undefined as never)).toThrow('CheckpointSubject needs a storage');
  expect(() => new CheckpointSubject({ storage, trigger: 500 as never })).toThrowErrorMatchingInlineSnapshot(
    `"trigger has to be an Observable, e.g. interval(500) or everyMs(500)."`,
  );
  expect(() => new CheckpointSubject({ storage, retained: 0 })).toThrowErrorMatchingInlineSnapshot(
    `"retained is 0: it has to be a whole number from 1 on."`,
  );
  expect(() => new CheckpointSubject({ storage, retained: 1.5 })).toThrow(RangeError);
  expect(() => new CheckpointSubject({ storage, timeoutMs: 0 })).toThrowErrorMatchingInlineSnapshot(
    `"timeoutMs is 0: it has to be above 0."`,
  );
  expect(() => new CheckpointSubject({ storage, timeoutMs: NaN })).toThrow(RangeError);
});
