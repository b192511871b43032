import { describe, expect, jest, test } from '@jest/globals';
import { firstValueFrom, lastValueFrom } from 'rxjs';

import { CheckpointSubject, memoryStorage, scan, StorageLockedError } from '../../src/index.js';
import type { CheckpointStorage, Pipeline } from '../../src/index.js';
import { inFakeTime } from '../support/inFakeTime.js';
import { Log } from '../support/Log.js';
import { observe, settled } from '../support/Observed.js';

inFakeTime();

const totals = (log: Log<number>): Pipeline<number> => log.stream$.pipe(scan((sum, n) => sum + n, 0));

function ended(...records: number[]): Log<number> {
  const log = new Log(records);
  log.end();
  return log;
}

/** One that is not given back until it is let go. */
function keptStorage(): { storage: CheckpointStorage; letGo: () => void } {
  const storage = memoryStorage();
  const lock = storage.lock!.bind(storage);
  let letGo: () => void = () => {};
  const free = new Promise<void>((resolve) => (letGo = resolve));
  storage.lock = async (options) => {
    const held = await lock(options);
    const release = held.release.bind(held);
    return Object.assign(held, { release: () => free.then(release) });
  };
  return { storage, letGo: () => letGo() };
}

describe('another CheckpointSubject over the same storage, in the same process', () => {
  test('begins behind a pipeline whose end was just heard, though its last checkpoint is still being written', async () => {
    const storage = memoryStorage();
    const life = () =>
      lastValueFrom(new CheckpointSubject({ storage }).recover(totals(ended(1, 2))), { defaultValue: 0 });
    expect(await life()).toBe(3);
    expect(await life()).toBe(0);
  });

  test('begins behind a pipeline that was left', async () => {
    const storage = memoryStorage();
    const life = () => firstValueFrom(new CheckpointSubject({ storage }).recover(totals(new Log([1, 2]))));
    expect(await life()).toBe(1);
    expect(await life()).toBe(1);
  });

  test('begins behind one that was left before it had started', async () => {
    const storage = memoryStorage();
    observe(new CheckpointSubject({ storage }).recover(totals(new Log([1, 2])))).unsubscribe();
    const second = observe(new CheckpointSubject({ storage }).recover(totals(new Log([1, 2]))));
    await settled();
    expect(second).toMatchObject({ values: [1, 3], error: undefined });
  });

  test('begins behind one that has another object of the storage, as two of one directory', async () => {
    const storage = memoryStorage();
    const other = (): CheckpointStorage => Object.create(storage) as CheckpointStorage;
    const life = () =>
      lastValueFrom(new CheckpointSubject({ storage: other() }).recover(totals(ended(1, 2))), { defaultValue: 0 });
    expect(await life()).toBe(3);
    expect(await life()).toBe(0);
  });

  test('goes on behind stop() and behind a drain', async () => {
    const storage = memoryStorage();
    const log = new Log([1, 2]);
    const seen: number[][] = [];
    for (const drain of [false, true]) {
      const checkpoints = new CheckpointSubject({ storage });
      const { values } = observe(checkpoints.recover(totals(log)));
      await checkpoints.stop({ drain });
      const lock = await storage.lock!(); // free for any other process, too
      await lock.release();
      seen.push(values);
      log.write(4);
    }
    expect(seen).toEqual([[1, 3], [7]]);
  });

  test('is refused after timeoutMs when the job that leaves does not come to its end', async () => {
    const { storage, letGo } = keptStorage();
    observe(new CheckpointSubject({ storage }).recover(totals(ended(1))));
    await settled();
    const second = observe(new CheckpointSubject({ storage, timeoutMs: 1_000 }).recover(totals(ended(1))));
    await jest.advanceTimersByTimeAsync(999);
    expect(second.error).toBeUndefined();
    await jest.advanceTimersByTimeAsync(1);
    expect(second.error).toBeInstanceOf(StorageLockedError);
    letGo();
    await settled();
    const third = observe(new CheckpointSubject({ storage }).recover(totals(ended(1))));
    await settled();
    expect(third).toMatchObject({ values: [], hasCompleted: true });
    expect(jest.getTimerCount()).toBe(0);
  });

  test('is refused at once by a job that runs, whoever else leaves', async () => {
    const { storage: kept, letGo } = keptStorage();
    const storage = memoryStorage();
    const running = observe(new CheckpointSubject({ storage }).recover(totals(new Log([1]))));
    await settled();
    const second = observe(new CheckpointSubject({ storage }).recover(totals(new Log([1]))));
    await settled();
    expect(second.error).toBeInstanceOf(StorageLockedError);
    // One that is described alike, and leaves: it is asked again after that.
    observe(new CheckpointSubject({ storage: kept }).recover(totals(ended(1))));
    await settled();
    const third = observe(new CheckpointSubject({ storage }).recover(totals(new Log([1]))));
    await settled();
    expect(third.error).toBeUndefined();
    letGo();
    await settled();
    expect(third.error).toBeInstanceOf(StorageLockedError);
    expect(running.error).toBeUndefined();
  });
});
