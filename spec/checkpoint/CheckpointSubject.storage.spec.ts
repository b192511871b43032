import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { retry as rxRetry, VirtualTimeScheduler } from 'rxjs';

import { CheckpointSubject, memoryStorage } from '../../src/index.js';
import { foldedIn } from '../support/CheckpointStates.js';
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
  expect(warn).not.toHaveBeenCalled();
  warn.mockRestore();
  jest.useRealTimers();
});

function warnings(): string[] {
  const messages = warn.mock.calls.map((call) => String(call[0]));
  warn.mockClear();
  return messages;
}

async function running(
  storage: ScriptedStorage,
  log: Log<number>,
  options: { timeoutMs?: number; scheduler?: VirtualTimeScheduler } = {},
) {
  const checkpoints = new CheckpointSubject({ storage, ...options });
  const failures = observe(checkpoints.failures$);
  const taken = observe(checkpoints);
  const pipeline = observe(checkpoints.recover(totals(log)));
  await settled();
  return { checkpoints, failures, taken, pipeline };
}

/** What a crash leaves: the bytes that are durable at this moment. */
function afterCrash(storage: ScriptedStorage): ScriptedStorage {
  const copy = new ScriptedStorage();
  for (const [name, bytes] of storage.blobs) copy.blobs.set(name, bytes.slice());
  return copy;
}

describe('a storage that fails to write', () => {
  test('fails the checkpoint with the reason; the pipeline goes on, and the next checkpoint may succeed', async () => {
    const storage = new ScriptedStorage();
    const log = new Log([1]);
    const { checkpoints, failures, taken, pipeline } = await running(storage, log);
    await checkpoints.checkpoint();
    storage.writeFate = 'fail';
    log.write(2);
    await expect(checkpoints.checkpoint()).rejects.toMatchObject({
      code: 'checkpoint-failed',
      reason: 'storage-failed',
      checkpointId: 2,
      cause: { code: 'storage-failed', operation: 'write', cause: { message: 'no space' } },
    });
    expect(failures.values).toHaveLength(1);
    const restored = observe(new CheckpointSubject({ storage: afterCrash(storage) }).recover(totals(log)));
    await settled();
    expect(restored.values).toEqual([3]);

    storage.writeFate = 'succeed';
    log.write(4);
    expect(foldedIn(await checkpoints.checkpoint(), 'total')).toBe(7);
    expect(taken.values.map(({ id }) => id)).toEqual([1, 3]);
    expect(pipeline.values).toEqual([1, 3, 7]);
  });

  test('whose write lands although it says it failed does no harm', async () => {
    const storage = new ScriptedStorage();
    const log = new Log([1]);
    const { checkpoints, failures } = await running(storage, log);
    storage.writeFate = 'fail but land';
    await checkpoints.checkpoint().catch(() => {});
    storage.writeFate = 'succeed';
    log.write(2);
    await checkpoints.checkpoint();
    log.write(4);
    expect(failures.values).toHaveLength(1);
    const restored = observe(new CheckpointSubject({ storage: afterCrash(storage) }).recover(totals(log)));
    await settled();
    expect(restored.values).toEqual([7]);
  });

  test('is on the console when nobody listens to failures$', async () => {
    const storage = new ScriptedStorage();
    const checkpoints = new CheckpointSubject({ storage });
    observe(checkpoints.recover(totals(new Log([1]))));
    await settled();
    storage.writeFate = 'fail';
    checkpoints.next();
    await settled();
    expect(warnings()).toEqual([
      expect.stringMatching(/^rxjs-checkpoint: Checkpoint 1 could not be written.*no space/),
    ]);
  });

  test('leaves what is harmless off the console: not running, too many pending', async () => {
    const checkpoints = new CheckpointSubject({ storage: new ScriptedStorage() });
    checkpoints.next();
    observe(checkpoints.recover(totals(new Log([1]))));
    await settled();
    checkpoints.next();
    checkpoints.next();
    await settled();
    expect(warnings()).toEqual([]);
  });
});

describe('a storage that hangs', () => {
  test('makes the checkpoint expire after timeoutMs, in the time of the scheduler', async () => {
    const storage = new ScriptedStorage();
    const log = new Log([1]);
    const scheduler = new VirtualTimeScheduler();
    const { checkpoints, failures, taken, pipeline } = await running(storage, log, { timeoutMs: 5_000, scheduler });
    storage.writeFate = 'hold';
    const asked = checkpoints.checkpoint();
    scheduler.maxFrames = 4_999;
    scheduler.flush();
    await settled();
    expect(failures.values).toEqual([]);
    scheduler.maxFrames = 5_000;
    scheduler.flush();
    await expect(asked).rejects.toMatchObject({ reason: 'expired', checkpointId: 1 });
    expect(failures.values.map(({ message }) => message)).toEqual([
      'Checkpoint 1 was given up after 5000 ms of waiting for the storage. The pipelines go on; a restart begins with ' +
        'the checkpoint before, or with this one if the storage has it after all. Raise timeoutMs if it only needs longer.',
    ]);
    storage.writeFate = 'succeed';
    log.write(2);
    expect((await checkpoints.checkpoint()).id).toBe(2);
    expect(taken.values).toHaveLength(1);
    expect(pipeline.values).toEqual([1, 3]);
  });

  test('may still land what was given up: a restart takes the newest that is whole, and ids go on above', async () => {
    const storage = new ScriptedStorage();
    const log = new Log([1]);
    const { checkpoints, taken } = await running(storage, log, { timeoutMs: 1_000 });
    storage.writeFate = 'hold';
    checkpoints.checkpoint().catch(() => {});
    await jest.advanceTimersByTimeAsync(1_000);
    storage.land('checkpoint-000000000001');
    await settled();
    expect(taken.values).toEqual([]);
    storage.writeFate = 'succeed';
    log.write(2);
    expect((await checkpoints.checkpoint()).id).toBe(2);
    log.write(4);
    const restored = observe(new CheckpointSubject({ storage: afterCrash(storage) }).recover(totals(log)));
    await settled();
    expect(restored.values).toEqual([7]);
  });

  test('does not mix up a write of an earlier run that lands late with a checkpoint of this one', async () => {
    const storage = new ScriptedStorage();
    const log = new Log([1]);
    const { checkpoints, pipeline } = await running(storage, log, { timeoutMs: 1_000 });
    await checkpoints.checkpoint();
    storage.writeFate = 'hold';
    log.write(2);
    checkpoints.checkpoint().catch(() => {});
    await jest.advanceTimersByTimeAsync(1_000);
    pipeline.unsubscribe();
    await settled();
    storage.writeFate = 'succeed';
    const again = observe(checkpoints.recover(totals(log)));
    await settled();
    expect(again.values).toEqual([3]);
    log.write(4);
    const { id } = await checkpoints.checkpoint();
    expect(id).toBeGreaterThan(2);
    storage.land('checkpoint-000000000002');
    await settled();
    const restored = observe(new CheckpointSubject({ storage: afterCrash(storage) }).recover(totals(log)));
    await settled();
    log.write(8);
    expect(restored.values).toEqual([15]);
  });

  test('lets a trigger in the meantime know that one is on its way', async () => {
    const storage = new ScriptedStorage();
    const { checkpoints, failures } = await running(storage, new Log([1]), { timeoutMs: 1_000 });
    storage.writeFate = 'hold';
    checkpoints.next();
    checkpoints.next();
    expect(failures.values.map(({ reason }) => reason)).toEqual(['too-many-pending']);
    await jest.advanceTimersByTimeAsync(1_000);
    storage.writeFate = 'succeed';
    checkpoints.next();
    await settled();
    expect(failures.values.map(({ reason }) => reason)).toEqual(['too-many-pending', 'expired']);
  });

  test('takes the checkpoint that waits as soon as the one before has expired', async () => {
    const storage = new ScriptedStorage();
    const log = new Log([1]);
    const { checkpoints } = await running(storage, log, { timeoutMs: 1_000 });
    storage.writeFate = 'hold';
    const first = checkpoints.checkpoint();
    const second = checkpoints.checkpoint();
    storage.writeFate = 'succeed';
    void expect(first).rejects.toMatchObject({ reason: 'expired' });
    await jest.advanceTimersByTimeAsync(1_000);
    expect(await second).toMatchObject({ id: 2, durationMs: 0 });
  });

  test('stops timing when the checkpoint is done', async () => {
    const { checkpoints } = await running(new ScriptedStorage(), new Log([1]), { timeoutMs: 1_000 });
    await checkpoints.checkpoint();
    expect(jest.getTimerCount()).toBe(0);
  });
});

describe('a storage that cannot be opened', () => {
  test('is an error of the pipeline: nothing starts from nothing', async () => {
    const storage = new ScriptedStorage();
    storage.readFails = true;
    storage.blobs.set('checkpoint-000000000001', new Uint8Array(100));
    const log = new Log([1]);
    const { pipeline } = await running(storage, log);
    expect(pipeline).toMatchObject({ values: [], error: { code: 'storage-failed', operation: 'read' } });
    expect(log.readerCount).toBe(0);
  });

  test('is tried again by each subscription, so retry() works for two pipelines as well', async () => {
    const storage = memoryStorage();
    const { list } = storage;
    let attempts = 0;
    storage.list = () => (++attempts < 3 ? Promise.reject(new Error('not yet')) : list.call(storage));
    const checkpoints = new CheckpointSubject({ storage });
    const pipelines = ['a', 'b'].map((name) =>
      observe(checkpoints.recover(new Log([1]).stream$, { name }).pipe(rxRetry(3))),
    );
    await settled();
    expect(pipelines).toMatchObject([
      { values: [1], error: undefined },
      { values: [1], error: undefined },
    ]);
    expect(attempts).toBe(3);
  });
});

describe('a damaged checkpoint', () => {
  /** Three checkpoints, of the totals 1, 3 and 6; the log goes on to 10. */
  async function threeCheckpoints() {
    const storage = new ScriptedStorage();
    const log = new Log<number>();
    const { checkpoints } = await running(storage, log);
    for (const n of [1, 2, 3]) {
      log.write(n);
      await checkpoints.checkpoint();
    }
    return { storage: afterCrash(storage), log: new Log([...log.records, 4]) };
  }

  function damage(storage: ScriptedStorage, id: number): void {
    storage.blobs.get(`checkpoint-${String(id).padStart(12, '0')}`)![40]! ^= 1;
  }

  test('that is the newest: the one before is restored, and failures$ says so', async () => {
    const { storage, log } = await threeCheckpoints();
    damage(storage, 3);
    const { checkpoints, failures, pipeline } = await running(storage, log);
    expect(pipeline.values).toEqual([6, 10]);
    expect(failures.values).toMatchObject([{ reason: 'damaged-checkpoint', checkpointId: 3 }]);
    expect((await checkpoints.checkpoint()).id).toBe(4);
  });

  test('is on the console when nobody listens', async () => {
    const { storage, log } = await threeCheckpoints();
    damage(storage, 3);
    observe(new CheckpointSubject({ storage }).recover(totals(log)));
    await settled();
    expect(warnings()).toEqual([
      expect.stringContaining('Stored checkpoint 3 (checkpoint-000000000003) is damaged and was passed over'),
    ]);
  });

  test('cut off, empty, or something else: all the same', async () => {
    for (const spoil of [
      (bytes: Uint8Array) => bytes.slice(0, 60),
      () => new Uint8Array(0),
      () => new TextEncoder().encode('<html>'),
    ]) {
      const { storage, log } = await threeCheckpoints();
      storage.blobs.set('checkpoint-000000000003', spoil(storage.blobs.get('checkpoint-000000000003')!));
      const { failures, pipeline } = await running(storage, log);
      expect(pipeline.values).toEqual([6, 10]);
      expect(failures.values).toHaveLength(1);
    }
  });

  test('of all there are: nothing starts, never from nothing', async () => {
    const { storage, log } = await threeCheckpoints();
    for (const id of [1, 2, 3]) damage(storage, id);
    const { pipeline } = await running(storage, log);
    expect(pipeline).toMatchObject({ values: [], error: { code: 'damaged-checkpoints' } });
    expect((pipeline.error as Error).message).toContain('Starting empty would silently drop the state');
    expect(log.readerCount).toBe(0);
  });

  test('that only a newer version can read: nothing starts, and nothing is gone back to', async () => {
    const { storage, log } = await threeCheckpoints();
    const bytes = storage.blobs.get('checkpoint-000000000003')!;
    const header = new DataView(bytes.buffer);
    header.setUint32(8, 3, true);
    header.setUint32(12, crc32(bytes.subarray(0, 12)), true);
    const { pipeline } = await running(storage, log);
    expect(pipeline).toMatchObject({
      values: [],
      error: { code: 'newer-format', formatVersion: 3, supportedVersion: 2 },
    });
  });
});

/** Bit by bit, so as not to trust the code under test. */
function crc32(bytes: Uint8Array): number {
  let crc = -1;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  return ~crc >>> 0;
}

describe('a second job on the same storage', () => {
  test('is refused with the owner, until the first has stopped', async () => {
    const storage = memoryStorage();
    const log = new Log([1]);
    const first = observe(new CheckpointSubject({ storage }).recover(totals(log)));
    await settled();
    const checkpoints = new CheckpointSubject({ storage });
    const second = observe(checkpoints.recover(totals(log)));
    await settled();
    expect(second).toMatchObject({
      values: [],
      error: { code: 'storage-locked', owner: 'another job of this process' },
    });
    first.unsubscribe();
    await settled();
    const third = observe(checkpoints.recover(totals(log)));
    await settled();
    expect(third.values).toEqual([1]);
  });

  test('leaves the lock with its owner when it is refused', async () => {
    const storage = memoryStorage();
    observe(new CheckpointSubject({ storage }).recover(totals(new Log([1]))));
    await settled();
    for (let attempt = 0; attempt < 2; attempt++) {
      const refused = observe(new CheckpointSubject({ storage }).recover(totals(new Log([1]))));
      await settled();
      expect(refused.error).toMatchObject({ code: 'storage-locked' });
    }
  });

  test('a lock that cannot be given back is reported', async () => {
    const storage = memoryStorage();
    storage.lock = () => Promise.resolve({ release: () => Promise.reject(new Error('gone')) });
    const checkpoints = new CheckpointSubject({ storage });
    const failures = observe(checkpoints.failures$);
    const pipeline = observe(checkpoints.recover(totals(new Log([1]))));
    await settled();
    pipeline.unsubscribe();
    await settled();
    expect(failures.values).toMatchObject([
      { reason: 'storage-failed', message: 'The storage could not be given back. gone.' },
    ]);
  });
});

describe('a storage that fails at the start, and cannot be given back either', () => {
  test('tells why the job could not begin, and reports the other', async () => {
    const storage = memoryStorage();
    storage.lock = () => Promise.resolve({ release: () => Promise.reject(new Error('gone')) });
    storage.list = () => Promise.reject(new Error('no list'));
    const checkpoints = new CheckpointSubject({ storage });
    const failures = observe(checkpoints.failures$);
    const pipeline = observe(checkpoints.recover(totals(new Log([1]))));
    await settled();
    expect(pipeline.error).toMatchObject({ code: 'storage-failed', operation: 'list' });
    expect(failures.values).toMatchObject([
      { reason: 'storage-failed', message: 'The storage could not be given back. gone.' },
    ]);
  });
});

describe('checkpoints that are not needed any more', () => {
  test('are removed beyond the number to retain', async () => {
    const storage = new ScriptedStorage();
    const log = new Log<number>();
    const checkpoints = new CheckpointSubject({ storage, retained: 2 });
    observe(checkpoints.recover(totals(log)));
    await settled();
    for (let n = 0; n < 6; n++) {
      log.write(n);
      await checkpoints.checkpoint();
      await settled();
    }
    expect(storage.names()).toEqual(['checkpoint-000000000005', 'checkpoint-000000000006']);
  });

  test('are three by default', async () => {
    const storage = new ScriptedStorage();
    const log = new Log<number>();
    const { checkpoints } = await running(storage, log);
    for (let n = 0; n < 6; n++) {
      log.write(n);
      await checkpoints.checkpoint();
      await settled();
    }
    expect(storage.names()).toHaveLength(3);
  });

  test('stay when they cannot be removed, which is reported and harms nothing', async () => {
    const storage = new ScriptedStorage();
    const log = new Log<number>();
    const { checkpoints, failures, taken } = await running(storage, log);
    storage.removeFails = true;
    for (let n = 0; n < 5; n++) {
      log.write(n);
      await checkpoints.checkpoint();
      await settled();
    }
    expect(taken.values).toHaveLength(5);
    expect(failures.values.length).toBeGreaterThan(0);
    expect(new Set(failures.values.map(({ reason }) => reason))).toEqual(new Set(['cleanup-failed']));
    storage.removeFails = false;
    log.write(9);
    await checkpoints.checkpoint();
    await settled();
    expect(storage.names()).toHaveLength(3);
  });

  test('do not keep the next start waiting when their removal never ends', async () => {
    const storage = new ScriptedStorage();
    const log = new Log<number>();
    const scheduler = new VirtualTimeScheduler();
    const { checkpoints, pipeline } = await running(storage, log, { timeoutMs: 5_000, scheduler });
    storage.removalsHeld = new Promise(() => {});
    for (let n = 1; n <= 5; n++) {
      log.write(n);
      await checkpoints.checkpoint();
    }
    pipeline.unsubscribe();
    await settled();
    const next = observe(checkpoints.recover(totals(log)));
    await settled();
    expect(next.values).toEqual([]);
    log.write(6);
    scheduler.flush();
    await settled();
    expect(next.values).toEqual([21]);
  });
});
