import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { retry as rxRetry, Subject } from 'rxjs';

import type { CheckpointedObservable, RestoreFrom } from '../../src/index.js';
import {
  bufferCount,
  CheckpointFailedError,
  CheckpointSubject,
  concat,
  concatMap,
  delay,
  EmptyError,
  endWith,
  exportSavepoint,
  importSavepoint,
  interval,
  journaled,
  last,
  listSavepoints,
  map,
  memoryStorage,
  merge,
  mergeMap,
  of,
  reduce,
  removeSavepoint,
  repeat,
  RestorePointConflictError,
  RestorePointNotFoundError,
  retry,
  SavepointExistsError,
  scan,
  timer,
  uid,
} from '../../src/index.js';
import { exportCheckpoint } from '../../src/inspect/index.js';
import { StorageError } from '../../src/errors/StorageError.js';
import { FaultyStorage } from '../../src/testing/FaultyStorage.js';
import { Log } from '../support/Log.js';
import { totals } from '../support/totals.js';
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

/** One life of a job, from when it runs. */
async function run(storage: ScriptedStorage, log: Log<number>, from?: RestoreFrom, retained = 3) {
  const checkpoints = new CheckpointSubject({ storage, retained });
  const failures = observe(checkpoints.failures$);
  const pipeline = observe(checkpoints.recover(totals(log), { from }));
  await settled();
  return { checkpoints, failures, pipeline };
}

/** What a crash leaves. */
function crashed(storage: ScriptedStorage): ScriptedStorage {
  return new ScriptedStorage(new Map(Array.from(storage.blobs, ([name, bytes]) => [name, bytes.slice()])));
}

const sum = (a: number, b: number): number => a + b;

describe('savepoint()', () => {
  test('is of a checkpoint, which is taken for it; what came after is not in it', async () => {
    const storage = new ScriptedStorage();
    const log = new Log([1, 2]);
    const { checkpoints } = await run(storage, log);
    const savepoint = await checkpoints.savepoint('two');
    expect(savepoint).toMatchObject({ name: 'two', checkpointId: 1, pipelines: { main: 'running' } });
    expect(savepoint.sizeBytes).toBe(storage.blobs.get('savepoint-two')!.length);
    log.write(4);
    await checkpoints.checkpoint();
    expect(storage.names()).toEqual(['checkpoint-000000000001', 'checkpoint-000000000002', 'savepoint-two']);

    const { pipeline } = await run(crashed(storage), log, 'two');
    expect(pipeline.values).toEqual([7]);
  });

  test('outlives all checkpoints that it was made of', async () => {
    const storage = new ScriptedStorage();
    const log = new Log([1]);
    const { checkpoints } = await run(storage, log, undefined, 1);
    await checkpoints.savepoint('first');
    for (let i = 0; i < 5; i++) {
      log.write(10);
      await checkpoints.checkpoint();
      await settled();
    }
    expect(storage.names()).toEqual(['checkpoint-000000000006', 'savepoint-first']);
    const next = await run(crashed(storage), log, 'first');
    expect(next.pipeline.values).toEqual([11, 21, 31, 41, 51]);
  });

  test('is copied although checkpoints come meanwhile that would remove it', async () => {
    const storage = new ScriptedStorage();
    const log = new Log([1]);
    const { checkpoints } = await run(storage, log, undefined, 1);
    await checkpoints.checkpoint();
    let letGo = (): void => {};
    const held = new Promise<void>((resolve) => (letGo = resolve));
    const read = storage.read.bind(storage);
    storage.read = async (name) => (await held, read(name));
    const savepoint = checkpoints.savepoint('slow');
    await settled();
    for (let i = 0; i < 3; i++) {
      log.write(1);
      await checkpoints.checkpoint();
    }
    letGo();
    expect(await savepoint).toMatchObject({ checkpointId: 2 });
    log.write(1);
    await checkpoints.checkpoint();
    await settled();
    expect(storage.names()).toEqual(['checkpoint-000000000006', 'savepoint-slow']);
  });

  test('is not refused while a checkpoint is on its way', async () => {
    const { checkpoints, failures } = await run(new ScriptedStorage(), new Log([1]));
    const [checkpoint, a, b] = await Promise.all([
      checkpoints.checkpoint(),
      checkpoints.savepoint('a'),
      checkpoints.savepoint('b'),
    ]);
    expect(checkpoint.id).toBe(1);
    expect(Math.min(a.checkpointId, b.checkpointId)).toBeGreaterThan(1);
    expect(failures.values).toEqual([]);
  });

  test('refuses a name that is taken, also by another that is being made, and one that is none', async () => {
    const storage = new ScriptedStorage();
    const { checkpoints } = await run(storage, new Log([1]));
    const both = await Promise.allSettled([checkpoints.savepoint('a'), checkpoints.savepoint('a')]);
    expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    const refused = both.find((outcome) => outcome.status === 'rejected')!.reason as SavepointExistsError;
    expect(refused).toMatchObject({ code: 'savepoint-exists', isUnderWay: true });
    expect(refused.message).toContain('on its way');
    await expect(checkpoints.savepoint('a')).rejects.toThrow(SavepointExistsError);
    await expect(checkpoints.savepoint('A')).rejects.toMatchObject({ code: 'invalid-savepoint-name' });
    const ids = storage.names().filter((name) => name.startsWith('checkpoint'));
    expect(ids).toHaveLength(1);
  });

  test.each([undefined, null, 5n, 'latest'])(
    'needs a name, which %p is not, and takes nothing without',
    async (name) => {
      const storage = new ScriptedStorage();
      const { checkpoints } = await run(storage, new Log([1]));
      const refused = { code: 'invalid-savepoint-name' };
      await expect(checkpoints.savepoint(name as string)).rejects.toMatchObject(refused);
      await expect(importSavepoint(storage, new Uint8Array(), { name: name as string })).rejects.toMatchObject(refused);
      await expect(importSavepoint(storage, new Uint8Array(), undefined as never)).rejects.toMatchObject(refused);
      expect(storage.names()).toEqual([]);
    },
  );

  test('without a running pipeline is refused', async () => {
    const checkpoints = new CheckpointSubject({ storage: memoryStorage() });
    await expect(checkpoints.savepoint('a')).rejects.toMatchObject({ reason: 'not-running' });
    await expect(checkpoints.stop()).rejects.toMatchObject({ reason: 'not-running' });
  });

  test('that cannot be written says that the checkpoint is complete; the pipelines go on', async () => {
    const storage = new ScriptedStorage();
    const log = new Log([1]);
    const { checkpoints, pipeline } = await run(storage, log);
    const write = storage.write.bind(storage);
    storage.write = async (name, bytes) => {
      if (name.startsWith('savepoint')) throw new Error('no space');
      return write(name, bytes);
    };
    const error = await checkpoints.savepoint('a').catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(CheckpointFailedError);
    expect((error as Error).message).toMatchInlineSnapshot(
      `"Checkpoint 1 is complete, but savepoint 'a' of it could not be written. The storage (a scripted storage) could not write 'savepoint-a': no space. This checkpoint is not durable; the ones before it are untouched."`,
    );
    log.write(1);
    expect(pipeline.values).toEqual([1, 2]);
  });

  test('whose name the storage never looks up is given up after timeoutMs, and the name is free again', async () => {
    const storage = new ScriptedStorage();
    const checkpoints = new CheckpointSubject({ storage, timeoutMs: 1_000 });
    const subscription = checkpoints.recover(totals(new Log([1]))).subscribe();
    await settled();
    const list = storage.list.bind(storage);
    let answer = (): void => {};
    storage.list = async () => {
      await new Promise<void>((resolve) => (answer = resolve));
      return list();
    };
    const savepoint = checkpoints.savepoint('a').catch((reason: unknown) => reason);
    await settled();
    jest.advanceTimersByTime(1_000);
    expect(await savepoint).toMatchObject({
      reason: 'storage-failed',
      message: expect.stringMatching(/^Savepoint 'a' was not taken: .* did not answer within 1000 ms\.$/),
    });
    storage.list = list;
    answer();
    await settled();
    await checkpoints.savepoint('a');
    subscription.unsubscribe();
  });

  test('that was given up while it was copied is not written later, over another one of its name', async () => {
    const storage = new ScriptedStorage();
    const log = new Log([1]);
    const checkpoints = new CheckpointSubject({ storage, timeoutMs: 1_000 });
    const subscription = checkpoints.recover(totals(log)).subscribe();
    await settled();
    const read = storage.read.bind(storage);
    let answer = (): void => {};
    storage.read = async (name) => {
      await new Promise<void>((resolve) => (answer = resolve));
      return read(name);
    };
    const given = checkpoints.savepoint('a').catch((reason: unknown) => reason);
    await settled();
    jest.advanceTimersByTime(1_000);
    expect(await given).toMatchObject({ reason: 'expired' });
    await expect(checkpoints.savepoint('a')).rejects.toBeInstanceOf(SavepointExistsError);
    storage.read = read;
    answer();
    await settled();
    expect(storage.names().filter((name) => name.startsWith('savepoint-'))).toEqual([]);
    expect(await checkpoints.savepoint('a')).toMatchObject({ checkpointId: 2 });
    subscription.unsubscribe();
  });

  test('that the storage never answers is given up after timeoutMs, and the job can end', async () => {
    const storage = new ScriptedStorage();
    const checkpoints = new CheckpointSubject({ storage, timeoutMs: 1_000 });
    const subscription = checkpoints.recover(totals(new Log([1]))).subscribe();
    await settled();
    storage.read = () => new Promise(() => {});
    const savepoint = checkpoints.savepoint('a').catch((reason: unknown) => reason);
    await settled();
    subscription.unsubscribe();
    await settled();
    jest.advanceTimersByTime(1_000);
    expect(await savepoint).toMatchObject({ reason: 'expired', checkpointId: 1 });
  });
});

describe('stop()', () => {
  test('emits nothing that the savepoint does not have; the subscriber hears complete when it is durable', async () => {
    const storage = new ScriptedStorage();
    const log = new Log([1, 2]);
    const { checkpoints, pipeline } = await run(storage, log);
    storage.writeFate = 'hold';
    const stopped = checkpoints.stop({ savepoint: 'deploy' });
    await settled();
    log.write(4);
    await settled();
    expect(pipeline).toMatchObject({ values: [1, 3], hasCompleted: false });
    storage.writeFate = 'succeed';
    storage.land('checkpoint-000000000001');
    expect(await stopped).toMatchObject({ name: 'deploy', checkpointId: 1, pipelines: { main: 'running' } });
    expect(pipeline).toMatchObject({ values: [1, 3], hasCompleted: true });

    const inPlace = await run(crashed(storage), log);
    expect(inPlace.pipeline.values).toEqual([7]);
    const fromSavepoint = await run(crashed(storage), log, 'deploy');
    expect(fromSavepoint.pipeline.values).toEqual([7]);
  });

  test('within a turn stops after all of it', async () => {
    const log = new Log([1]);
    const storage = new ScriptedStorage();
    const checkpoints = new CheckpointSubject({ storage });
    const seen: number[] = [];
    checkpoints.recover(totals(log)).subscribe((total) => {
      seen.push(total);
      if (total === 3) void checkpoints.stop();
    });
    await settled();
    log.write(2);
    log.write(3);
    await settled();
    expect(seen).toEqual([1, 3]);
    expect((await run(storage, log)).pipeline.values).toEqual([6]);
  });

  test('stops all pipelines, and the storage is free for the next job', async () => {
    const storage = memoryStorage();
    const checkpoints = new CheckpointSubject({ storage });
    const logs = [new Log([1]), new Log([2])];
    const pipelines = logs.map((log, i) =>
      observe(
        checkpoints.recover(
          log.stream$.pipe(
            uid(`log-${i}`),
            scan((sum, n) => sum + n, 0),
            uid(`total-${i}`),
          ),
          {
            name: `p${i}`,
          },
        ),
      ),
    );
    await settled();
    const checkpoint = await checkpoints.stop();
    expect(checkpoint.pipelines).toEqual({ p0: 'running', p1: 'running' });
    expect(pipelines.map(({ hasCompleted }) => hasCompleted)).toEqual([true, true]);
    await settled();
    await (await storage.lock!()).release();
  });

  test('that cannot be stored ends the pipelines with the reason, and retry() restarts them', async () => {
    const storage = new ScriptedStorage();
    const log = new Log([1]);
    const checkpoints = new CheckpointSubject({ storage });
    const pipeline = observe(checkpoints.recover(totals(log)).pipe(rxRetry(1)));
    await settled();
    await checkpoints.checkpoint();
    log.write(2);
    storage.writeFate = 'fail';
    await expect(checkpoints.stop()).rejects.toMatchObject({ reason: 'storage-failed' });
    storage.writeFate = 'succeed';
    await settled();
    log.write(4);
    await settled();
    expect(pipeline.values).toEqual([1, 3, 3, 7]);
    expect(pipeline.hasCompleted).toBe(false);
  });

  test('that a participant declines changes nothing', async () => {
    const log = new Log<number>([1]);
    const checkpoints = new CheckpointSubject({ storage: memoryStorage() });
    let isBad = true;
    const pipeline = observe(
      checkpoints.recover(
        log.stream$.pipe(
          uid('log'),
          scan((_state: unknown, n) => (isBad ? () => n : n), 0 as unknown),
          uid('state'),
        ),
      ),
    );
    await settled();
    await expect(checkpoints.stop({ savepoint: 'a' })).rejects.toMatchObject({ reason: 'declined', operator: 'state' });
    isBad = false;
    log.write(2);
    expect(pipeline.values).toHaveLength(2);
    expect(pipeline.values[1]).toBe(2);
    await checkpoints.stop();
    expect(pipeline.hasCompleted).toBe(true);
  });

  test('lets no pipeline begin that was waiting for another checkpoint', async () => {
    const storage = new ScriptedStorage();
    const checkpoints = new CheckpointSubject({ storage });
    const first = observe(checkpoints.recover(totals(new Log([1])), { name: 'one' }));
    await settled();
    storage.writeFate = 'hold';
    const held = checkpoints.checkpoint();
    await settled();
    const second = observe(checkpoints.recover(new Log([7]).stream$.pipe(uid('other')), { name: 'two' }));
    await settled();
    storage.writeFate = 'succeed';
    const stopped = checkpoints.stop({ savepoint: 'end' });
    await settled();
    storage.land('checkpoint-000000000001');
    await settled();
    await Promise.all([held, stopped]);
    expect(second).toMatchObject({ values: [], hasCompleted: true });
    expect(first).toMatchObject({ values: [1], hasCompleted: true });
  });

  test('ends pipelines that were waiting to be attached', async () => {
    const log = new Log([1]);
    const { checkpoints, pipeline } = await run(new ScriptedStorage(), log);
    const late = observe(checkpoints.recover(totals(new Log([1])), { name: 'late' }));
    await checkpoints.stop();
    await settled();
    expect([pipeline.hasCompleted, late.hasCompleted]).toEqual([true, true]);
    expect(late.values).toEqual([]);
  });
});

describe('stop({ drain: true })', () => {
  async function drained<T>(
    program: (log: Log<number>) => CheckpointedObservable<T>,
    { timeoutMs = 1000, later = () => {} }: { timeoutMs?: number; later?: (log: Log<number>) => void } = {},
  ) {
    const storage = new ScriptedStorage();
    const log = new Log([1, 2, 3]);
    const checkpoints = new CheckpointSubject({ storage, timeoutMs });
    const failures = observe(checkpoints.failures$);
    const pipeline = observe(checkpoints.recover(program(log)));
    await settled();
    await checkpoints.checkpoint();
    const stopped = checkpoints.stop({ savepoint: 'end', drain: true }).catch((error: unknown) => error);
    await settled();
    later(log);
    await settled();
    return { storage, log, checkpoints, failures, pipeline, stopped };
  }

  test('ends the sources: what is held goes out, the pipelines complete, and the savepoint is of the end', async () => {
    const { storage, log, pipeline, stopped } = await drained((log) =>
      merge(
        log.stream$.pipe(uid('log'), bufferCount(2)),
        concat(log.stream$.pipe(uid('log2'), reduce(sum, 0)), log.stream$.pipe(uid('log3'))),
      ),
    );
    expect(pipeline.values).toEqual([[1, 2], [3], 6]);
    expect(pipeline.hasCompleted).toBe(true);
    expect(await stopped).toMatchObject({ name: 'end', checkpointId: 2, pipelines: { main: 'completed' } });
    log.write(4);
    for (const from of [undefined, 'end']) {
      const again = await run(crashed(storage), log, from);
      expect(again.pipeline).toMatchObject({ values: [], hasCompleted: true });
    }
  });

  test('emits what operators add at the end', async () => {
    const { pipeline } = await drained((log) => log.stream$.pipe(uid('log'), endWith(7, 8)));
    expect(pipeline).toMatchObject({ values: [1, 2, 3, 7, 8], hasCompleted: true });
  });

  test('that is refused, because its name is taken or cannot be looked up, lets all go on', async () => {
    const storage = new FaultyStorage({ seed: 1 });
    const log = new Log([1]);
    const checkpoints = new CheckpointSubject({ storage });
    const pipeline = observe(checkpoints.recover(log.stream$.pipe(uid('log'), reduce(sum, 0))));
    await settled();
    await checkpoints.savepoint('end');
    const stopped = checkpoints.stop({ savepoint: 'end', drain: true });
    await expect(stopped).rejects.toBeInstanceOf(SavepointExistsError);
    storage.faults = { outage: 1, outageCalls: 1 };
    await expect(checkpoints.stop({ savepoint: 'other', drain: true })).rejects.toBeInstanceOf(StorageError);
    storage.faults = {};
    expect(pipeline.error).toBeUndefined();
    log.write(2);
    await checkpoints.stop({ drain: true });
    expect(pipeline).toMatchObject({ values: [3], hasCompleted: true });
  });

  test('ends sources too that would have come next, also those that emit all that they have at once', async () => {
    const { pipeline, stopped } = await drained((log) => concat(log.stream$.pipe(uid('log')), of(8, 9)));
    expect(pipeline).toMatchObject({ values: [1, 2, 3], hasCompleted: true });
    expect(await stopped).toMatchObject({ name: 'end' });
  });

  test('ends intervals and timers, also those that come next', async () => {
    const { pipeline } = await drained(() =>
      merge(interval(10).pipe(uid('ticks')), concat(timer(5, 10).pipe(uid('first')), interval(10).pipe(uid('second')))),
    );
    expect(pipeline).toMatchObject({ error: undefined, hasCompleted: true });
  });

  test('is refused while another one is on its way, which goes on', async () => {
    const { checkpoints, pipeline, stopped } = await drained((log) =>
      log.stream$.pipe(uid('log'), delay(50), uid('late')),
    );
    await expect(checkpoints.stop({ drain: true })).rejects.toMatchObject({ reason: 'cancelled' });
    jest.advanceTimersByTime(50);
    await settled();
    expect(await stopped).toMatchObject({ name: 'end' });
    expect(pipeline).toMatchObject({ values: [1, 2, 3], error: undefined, hasCompleted: true });
  });

  test('that fails lets all pipelines be restarted by retry(), in another job', async () => {
    const checkpoints = new CheckpointSubject({ storage: new ScriptedStorage(), timeoutMs: 1_000 });
    const logs = [new Log([1]), new Log([2])];
    const pipelines = logs.map((log, i) => {
      const endless$ = log.stream$.pipe(
        uid(`log${i}`),
        mergeMap((n) => interval(10).pipe(map(() => n))),
        uid(`inners${i}`),
      );
      return observe(checkpoints.recover(endless$, { name: `p${i}` }).pipe(rxRetry(1)));
    });
    await settled();
    await checkpoints.checkpoint();
    const stopped = checkpoints.stop({ drain: true }).catch((error: unknown) => error);
    await settled();
    jest.advanceTimersByTime(1_000);
    expect(await stopped).toMatchObject({ code: 'drain-timeout' });
    await settled();
    await settled();
    expect(pipelines.map(({ error }) => error)).toEqual([undefined, undefined]);
    expect(logs.map(({ readerCount }) => readerCount)).toEqual([1, 1]);
    await expect(checkpoints.checkpoint()).resolves.toMatchObject({ id: expect.any(Number) });
  });

  test('waits for timers and inner pipelines to end, and takes no checkpoint meanwhile', async () => {
    const { checkpoints, pipeline, stopped, failures, storage } = await drained((log) =>
      log.stream$.pipe(
        uid('log'),
        concatMap((n) => of(n).pipe(delay(100))),
        delay(50),
      ),
    );
    await expect(checkpoints.checkpoint()).rejects.toMatchObject({ reason: 'cancelled' });
    for (let i = 0; i < 5; i++) {
      jest.advanceTimersByTime(100);
      await settled();
    }
    expect(pipeline).toMatchObject({ values: [1, 2, 3], hasCompleted: true });
    expect(await stopped).toMatchObject({ name: 'end' });
    expect(failures.values.map(({ reason }) => reason)).toEqual(['cancelled']);
    expect(storage.names()).toEqual(['checkpoint-000000000001', 'checkpoint-000000000002', 'savepoint-end']);
  });

  test('repeats and retries nothing', async () => {
    const repeated = await drained((log) => log.stream$.pipe(uid('log'), repeat()));
    expect(repeated.pipeline).toMatchObject({ values: [1, 2, 3], hasCompleted: true });
    const retried = await drained((log) =>
      log.stream$.pipe(
        uid('log'),
        last((n) => n > 9),
        retry(),
      ),
    );
    expect(retried.pipeline.error).toBeInstanceOf(EmptyError);
    expect(await retried.stopped).toBe(retried.pipeline.error);
    // It is not recorded as ended.
    retried.log.write(10);
    retried.log.end();
    const checkpoints = new CheckpointSubject({ storage: crashed(retried.storage) });
    const again = observe(
      checkpoints.recover(
        retried.log.stream$.pipe(
          uid('log'),
          last((n) => n > 9),
          retry(),
        ),
      ),
    );
    await settled();
    expect(again.values).toEqual([10]);
  });

  test('gives up after timeoutMs, says what is left, and a restart begins before it', async () => {
    const { storage, log, pipeline, stopped } = await drained((log) =>
      log.stream$.pipe(
        uid('log'),
        mergeMap((n) => interval(60_000).pipe(map(() => n))),
        uid('endless'),
      ),
    );
    jest.advanceTimersByTime(1000);
    const error = await stopped;
    expect(error).toMatchObject({ code: 'drain-timeout', pipelines: ['main'] });
    expect((error as Error).message).toMatchInlineSnapshot(
      `"The job was drained, and after 1000 ms pipeline main had not completed: there are still endless, endless[0]:interval, endless[1]:interval, endless[2]:interval. A restart begins with the checkpoint before the drain. An inner pipeline that never ends cannot be drained: end it, raise timeoutMs if it only needs longer, or stop() without drain."`,
    );
    expect(pipeline.error).toBe(error);
    await settled();
    log.write(4);
    const again = await run(storage, log);
    expect(again.pipeline.error).toMatchObject({ code: 'orphaned-snapshot' });
  });

  test('within a turn lets that end first', async () => {
    const checkpoints = new CheckpointSubject({ storage: memoryStorage() });
    const seen: unknown[] = [];
    const stops: Promise<unknown>[] = [];
    const pairs$ = new Log([1]).stream$.pipe(
      uid('log'),
      mergeMap((n) => of(n, -n)),
    );
    checkpoints.recover(pairs$).subscribe({
      next: (n) => {
        seen.push(n);
        if (stops.length === 0) stops.push(checkpoints.stop({ drain: true }));
      },
      complete: () => seen.push('end'),
    });
    await settled();
    expect(await stops[0]).toMatchObject({ pipelines: { main: 'completed' } });
    expect(seen).toEqual([1, -1, 'end']);
  });

  test('of several pipelines waits for all', async () => {
    const checkpoints = new CheckpointSubject({ storage: memoryStorage() });
    const quick = observe(checkpoints.recover(new Log([1]).stream$.pipe(uid('a')), { name: 'quick' }));
    const slow = observe(checkpoints.recover(new Log([1]).stream$.pipe(uid('b'), delay(500)), { name: 'slow' }));
    await settled();
    const stopped = checkpoints.stop({ drain: true });
    await settled();
    expect([quick.hasCompleted, slow.hasCompleted]).toEqual([true, false]);
    jest.advanceTimersByTime(500);
    expect((await stopped).pipelines).toEqual({ quick: 'completed', slow: 'completed' });
    expect(slow).toMatchObject({ values: [1], hasCompleted: true });
  });

  test('emits what waits in a journal before the end', async () => {
    const input = new Subject<number>();
    const checkpoints = new CheckpointSubject({ storage: new ScriptedStorage() });
    const pipeline = observe(checkpoints.recover(journaled(input).pipe(uid('hot'), reduce(sum, 0))));
    await settled();
    input.next(1);
    const stopped = checkpoints.stop({ drain: true });
    input.next(2);
    await stopped;
    expect(pipeline).toMatchObject({ values: [3], hasCompleted: true });
    expect(input.observed).toBe(false);
  });
});

describe('from', () => {
  test('a savepoint, ids go on above those of the storage, and the first checkpoint is complete in itself', async () => {
    const storage = new ScriptedStorage();
    const log = new Log([1]);
    const first = await run(storage, log);
    await first.checkpoints.savepoint('one');
    log.write(2);
    await first.checkpoints.checkpoint();
    await first.checkpoints.checkpoint();

    const next = await run(crashed(storage), log, 'one');
    expect(next.pipeline.values).toEqual([3]);
    const { id, writtenBytes, sizeBytes } = await next.checkpoints.checkpoint();
    expect(id).toBe(4);
    expect(writtenBytes).toBeGreaterThan(sizeBytes);
  });

  test('goes on with the newest checkpoint of the run that began so, as long as there is one', async () => {
    const storage = new ScriptedStorage();
    const log = new Log([1]);
    await (await run(storage, log)).checkpoints.savepoint('one');
    log.write(2);
    let place = crashed(storage);
    expect((await run(place, log, 'one')).pipeline.values).toEqual([3]);
    // Crashed before it had a checkpoint: again from the savepoint.
    place = crashed(place);
    const second = await run(place, log, 'one');
    expect(second.pipeline.values).toEqual([3]);
    await second.checkpoints.checkpoint();
    log.write(4);
    // Crashed after.
    place = crashed(place);
    const third = await run(place, log, 'one');
    expect(third.pipeline.values).toEqual([7]);
    await third.checkpoints.checkpoint();
    // And once more, also without `from` in between, and without the savepoint.
    place = crashed(place);
    log.write(8);
    const fourth = await run(place, log);
    expect(fourth.pipeline.values).toEqual([15]);
    await fourth.checkpoints.checkpoint();
    place = crashed(place);
    await removeSavepoint(place, 'one');
    log.write(16);
    expect((await run(place, log, 'one')).pipeline.values).toEqual([31]);
  });

  test('another savepoint of the same name, or the same one under another name, is another beginning', async () => {
    const storage = new ScriptedStorage();
    const log = new Log([1]);
    const bytes = await (async () => {
      await (await run(storage, log)).checkpoints.savepoint('one');
      return exportSavepoint(storage, 'one');
    })();
    let place = crashed(storage);
    log.write(2);
    const second = await run(place, log, 'one');
    await second.checkpoints.checkpoint();
    log.write(4);
    place = crashed(place);
    await importSavepoint(place, bytes, { name: 'again' });
    const third = await run(place, log, 'again');
    expect(third.pipeline.values).toEqual([3, 7]);
    await removeSavepoint(place, 'one');
    await third.checkpoints.savepoint('one');
    place = crashed(place);
    log.write(8);
    expect((await run(place, log, 'one')).pipeline.values).toEqual([15]);
  });

  test('a checkpoint that is retained, and then what came of that', async () => {
    const storage = new ScriptedStorage();
    const log = new Log([1]);
    const { checkpoints } = await run(storage, log);
    await checkpoints.checkpoint();
    log.write(2);
    await checkpoints.checkpoint();
    log.write(4);
    await checkpoints.checkpoint();
    let place = crashed(storage);
    const next = await run(place, log, 1, 1);
    expect(next.pipeline.values).toEqual([3, 7]);
    expect((await next.checkpoints.checkpoint()).id).toBe(4);
    await settled();
    expect(place.names()).toEqual(['checkpoint-000000000004']);
    place = crashed(place);
    log.write(8);
    // Checkpoint 1 is gone, as is right: the run that began with it has gone on.
    expect((await run(place, log, 1)).pipeline.values).toEqual([15]);
    await expect(run(crashed(storage), log, 9).then(({ pipeline }) => pipeline.error)).resolves.toMatchObject({
      ...{ code: 'restore-point-not-found', from: 9, checkpoints: [3, 2, 1] },
    });
  });

  test('a checkpoint that stays its owner’s, until he removes it', async () => {
    const storage = new ScriptedStorage();
    const log = new Log([1]);
    await (await run(storage, log)).checkpoints.checkpoint();
    let place = storage;
    for (let life = 0; life < 3; life++) {
      place = crashed(place);
      const checkpoints = new CheckpointSubject({ storage: place, retained: 1 });
      observe(checkpoints.recover(totals(log), { from: 1, claim: false }));
      await settled();
      for (let i = 0; i < 2; i++) await checkpoints.checkpoint();
      await settled();
      const names = [1, 2, 3 + 2 * life].map((id) => `checkpoint-${String(id).padStart(12, '0')}`);
      expect(place.names()).toEqual(names); // 2 has what did not change since
    }
    const copy = await exportCheckpoint(place, '1');
    expect((await run(new ScriptedStorage(), new Log([1, 2]), copy)).pipeline.values).toEqual([3]);
    place = crashed(place);
    place.blobs.delete('checkpoint-000000000001');
    log.write(2);
    expect((await run(place, log)).pipeline.values).toEqual([3]);
  });

  test('what is not there is an error that lists what is, and the storage is free again', async () => {
    const storage = memoryStorage();
    const checkpoints = new CheckpointSubject({ storage });
    const { error } = await (async () => {
      const observed = observe(checkpoints.recover(totals(new Log([1])), { from: 'none' }));
      await settled();
      return observed;
    })();
    expect(error).toBeInstanceOf(RestorePointNotFoundError);
    await (await storage.lock!()).release();
  });

  test.each([NaN, -1, 1.5, Infinity, 1e13])('checkpoint %d is not there', async (from) => {
    const { pipeline } = await run(new ScriptedStorage(), new Log([1]), from);
    expect(pipeline.error).toBeInstanceOf(RestorePointNotFoundError);
  });

  test('bytes, in another storage', async () => {
    const log = new Log([1, 2]);
    const here = new ScriptedStorage();
    const first = await run(here, log);
    for (let i = 0; i < 4; i++) await first.checkpoints.checkpoint();
    await first.checkpoints.stop({ savepoint: 'move' });
    const bytes = await exportSavepoint(here, 'move');
    log.write(4);
    const there = new ScriptedStorage();
    const second = await run(there, log, new Blob([bytes]));
    expect(second.pipeline.values).toEqual([7]);
    // Above the id of the savepoint: whoever was told of ids before sees them ascend.
    expect((await second.checkpoints.checkpoint()).id).toBe(6);
    log.write(8);
    expect((await run(crashed(there), log, bytes)).pipeline.values).toEqual([15]);
    expect(await listSavepoints(there)).toEqual([]);
  });

  test('nobody falls back to the run that was left: when the newest is damaged, to the one before of the same run', async () => {
    const storage = new ScriptedStorage();
    const log = new Log([1]);
    const first = await run(storage, log);
    await first.checkpoints.savepoint('one');
    log.write(2);
    await first.checkpoints.checkpoint();
    const place = crashed(storage);
    const second = await run(place, log, 'one');
    for (const n of [4, 8]) {
      log.write(n);
      await second.checkpoints.checkpoint();
    }
    place.blobs.get('checkpoint-000000000004')![30]! ^= 1;
    const third = await run(crashed(place), log);
    expect(third.pipeline.values).toEqual([15]);
    // With all of them damaged, the savepoint is what there is to begin with.
    place.blobs.get('checkpoint-000000000003')![30]! ^= 1;
    const fourth = await run(crashed(place), log, 'one');
    expect(fourth.pipeline.values).toEqual([3, 7, 15]);
  });

  test.each([true, false])('with claim: %s the savepoint goes in time, or stays', async (claim) => {
    const storage = new ScriptedStorage();
    const log = new Log([1]);
    await (await run(storage, log)).checkpoints.savepoint('one');
    let place = crashed(storage);
    for (let life = 0; life < 3; life++) {
      const checkpoints = new CheckpointSubject({ storage: place });
      observe(checkpoints.recover(totals(log), { from: 'one', claim }));
      await settled();
      expect(await listSavepoints(place)).toEqual(['one']);
      log.write(1);
      await checkpoints.checkpoint();
      await settled();
      place = crashed(place);
    }
    expect(await listSavepoints(place)).toEqual(claim ? [] : ['one']);
    // And it is still known what it began with.
    log.write(1);
    if (claim) expect((await run(place, log, 'one')).pipeline.values).toEqual([5]);
  });

  test('works when no checkpoint is intact, and says so', async () => {
    const storage = new ScriptedStorage();
    const log = new Log([1]);
    const { checkpoints } = await run(storage, log);
    await checkpoints.savepoint('one');
    const place = crashed(storage);
    place.blobs.set('checkpoint-000000000001', Uint8Array.of(1));
    log.write(2);
    const next = await run(place, log, 'one');
    expect(next.pipeline.values).toEqual([3]);
    expect(next.failures.values.map(({ reason }) => reason)).toEqual(['damaged-checkpoint']);
    expect((await next.checkpoints.checkpoint()).id).toBe(2);
  });

  test('a damaged savepoint is refused', async () => {
    const storage = new ScriptedStorage();
    storage.blobs.set('savepoint-bad', Uint8Array.of(1, 2, 3));
    const { pipeline } = await run(storage, new Log([1]), 'bad');
    expect(pipeline.error).toMatchObject({ code: 'damaged-savepoint' });
  });

  test('is the same for all pipelines of a job', async () => {
    const storage = new ScriptedStorage();
    const logs = [new Log([1]), new Log([10])];
    const pipelinesOf = (checkpoints: CheckpointSubject, froms: (RestoreFrom | undefined)[]) =>
      froms.map((from, i) =>
        observe(
          checkpoints.recover(
            logs[i]!.stream$.pipe(
              uid(`log-${i}`),
              scan((sum, n) => sum + n, 0),
              uid(`total-${i}`),
            ),
            { name: `p${i}`, from },
          ),
        ),
      );
    const first = new CheckpointSubject({ storage });
    pipelinesOf(first, [undefined, undefined]);
    await settled();
    await first.savepoint('one');
    for (const log of logs) log.write(1);
    await first.stop();
    await settled();

    const second = new CheckpointSubject({ storage: crashed(storage) });
    const pipelines = pipelinesOf(second, [undefined, 'one']);
    await settled();
    expect(pipelines.map(({ values }) => values)).toEqual([[2], [11]]);

    const third = new CheckpointSubject({ storage: crashed(storage) });
    const [a, b] = pipelinesOf(third, ['one', 1]);
    await settled();
    expect(a!.values).toEqual([2]);
    expect(b!.error).toBeInstanceOf(RestorePointConflictError);

    const fourth = new CheckpointSubject({ storage: crashed(storage) });
    const [c] = pipelinesOf(fourth, [undefined]);
    await settled();
    expect(c!.values).toEqual([]);
    const late = observe(
      fourth.recover(
        logs[1]!.stream$.pipe(
          uid('log-1'),
          scan((sum, n) => sum + n, 0),
          uid('total-1'),
        ),
        {
          ...{ name: 'p1', from: 'one' },
        },
      ),
    );
    await settled();
    expect(late.error).toMatchObject({ code: 'restore-point-conflict', actual: 'checkpoint 2' });
  });

  test('behind retry(): a restart goes on with the checkpoint', async () => {
    const storage = new ScriptedStorage();
    const log = new Log([1]);
    await (await run(storage, log)).checkpoints.savepoint('one');
    const checkpoints = new CheckpointSubject({ storage: crashed(storage) });
    let isBroken = false;
    const p$ = log.stream$.pipe(
      uid('log'),
      scan((sum, n) => {
        if (isBroken) throw new Error('broken');
        return sum + n;
      }, 0),
      uid('total'),
    );
    const pipeline = observe(checkpoints.recover(p$, { from: 'one' }).pipe(rxRetry(1)));
    await settled();
    log.write(2);
    await checkpoints.checkpoint();
    isBroken = true;
    log.write(4);
    isBroken = false;
    await settled();
    expect(pipeline.values).toEqual([3, 7]);
  });
});

describe('a journaled source', () => {
  function sums(input: Subject<number>) {
    return journaled(input).pipe(
      uid('hot'),
      scan((sum, n) => sum + n, 0),
      uid('sum'),
    );
  }

  async function live(storage: ScriptedStorage, from?: RestoreFrom, claim?: boolean) {
    const input = new Subject<number>();
    const checkpoints = new CheckpointSubject({ storage });
    const pipeline = observe(checkpoints.recover(sums(input), { from, claim }));
    await settled();
    return { input, checkpoints, pipeline };
  }

  async function tell({ input }: { input: Subject<number> }, value: number): Promise<void> {
    input.next(value);
    await settled();
  }

  test('what it had not emitted is in the savepoint, and is emitted once in any storage', async () => {
    const storage = new ScriptedStorage();
    const first = await live(storage);
    first.input.next(1);
    await settled();
    const stopping = first.checkpoints.stop({ savepoint: 'move' });
    first.input.next(2);
    await stopping;
    const bytes = await exportSavepoint(storage, 'move');

    const there = new ScriptedStorage();
    const second = await live(there, bytes);
    expect(first.pipeline.values).toEqual([1]);
    second.input.next(4);
    await settled();
    const values = second.pipeline.values;
    // 2 had come, and was not emitted before the barrier.
    expect(values).toEqual([3, 7]);
    await second.checkpoints.checkpoint();
    second.input.next(8);
    await settled();
    const third = await live(crashed(there), bytes);
    expect(third.pipeline.values).toEqual([15]);
  });

  test('what was emitted after the savepoint belongs to the run that is left, and is not emitted again', async () => {
    const storage = new ScriptedStorage();
    const first = await live(storage);
    first.input.next(1);
    await settled();
    await first.checkpoints.savepoint('one');
    first.input.next(2);
    await settled();
    await first.checkpoints.checkpoint();
    first.input.next(4);
    await settled();

    const place = crashed(storage);
    const second = await live(place, 'one');
    expect(second.pipeline.values).toEqual([]);
    second.input.next(10);
    await settled();
    expect(second.pipeline.values).toEqual([11]);
    // Crashed before its first checkpoint: whoever goes on without `from` finds the other run as it was.
    const back = await live(crashed(place));
    expect(back.pipeline.values).toEqual([7]);
    await second.checkpoints.checkpoint();
    second.input.next(100);
    await settled();
    const third = await live(crashed(place));
    expect(third.pipeline.values).toEqual([111]);
  });

  test('going back to a checkpoint emits again what was journaled since', async () => {
    const storage = new ScriptedStorage();
    const first = await live(storage);
    first.input.next(1);
    await settled();
    await first.checkpoints.checkpoint();
    first.input.next(2);
    await settled();
    await first.checkpoints.checkpoint();
    first.input.next(4);
    await settled();
    const place = crashed(storage);
    const second = await live(place, 1);
    expect(second.pipeline.values).toEqual([3, 7]);
    await second.checkpoints.checkpoint();
    second.input.next(8);
    await settled();
    expect((await live(crashed(place), 1)).pipeline.values).toEqual([15]);
    expect((await live(crashed(place))).pipeline.values).toEqual([15]);
  });

  test('begins twice with one savepoint, with another run in between: each run has its own journal', async () => {
    const storage = new ScriptedStorage();
    const first = await live(storage);
    await tell(first, 1);
    await first.checkpoints.savepoint('one');
    let place = crashed(storage);
    const runs: [RestoreFrom, number][] = [
      ['one', 10],
      [1, 100],
    ];
    for (const [from, value] of runs) {
      const run = await live(place, from);
      expect(run.pipeline.values).toEqual([]);
      await tell(run, value);
      await run.checkpoints.checkpoint();
      await tell(run, value);
      place = crashed(place);
    }
    const again = await live(place, 'one');
    expect(again.pipeline.values).toEqual([]);
    await tell(again, 1000);
    await again.checkpoints.checkpoint();
    await tell(again, 1000);
    // The restart goes on with this one: not with what the first run from the savepoint has left.
    place = crashed(place);
    const last = await live(place, 'one');
    expect(last.pipeline.values).toEqual([2001]);
    for (let i = 0; i < 4; i++) {
      await tell(last, 1);
      await last.checkpoints.checkpoint();
    }
    await last.checkpoints.stop();
    // Two lives of it, and nothing of those that were left.
    expect((await live(crashed(place), 'one')).pipeline.values).toEqual([]);
  });

  test('of a checkpoint that stays its owner’s keeps what that one needs, and not what comes later', async () => {
    const storage = new ScriptedStorage();
    const first = await live(storage);
    first.input.next(1);
    await settled();
    await first.checkpoints.checkpoint();
    first.input.next(2);
    await settled();
    let place = storage;
    const counts: number[] = [];
    for (let life = 0; life < 4; life++) {
      place = crashed(place);
      const { input, checkpoints, pipeline } = await live(place, 1, false);
      if (life === 0) expect(pipeline.values).toEqual([3]);
      for (let i = 0; i < 6; i++) {
        input.next(10);
        await settled();
        await checkpoints.checkpoint();
        await settled();
      }
      counts.push(place.names().filter((name) => name.startsWith('journal-')).length);
    }
    expect(Math.max(...counts)).toBe(counts[0]);
    // Its owner finds it with what was journaled after it.
    const elsewhere = await live(new ScriptedStorage(), await exportCheckpoint(place, '1'));
    expect(elsewhere.pipeline.values).toEqual([3]);
  });
});
