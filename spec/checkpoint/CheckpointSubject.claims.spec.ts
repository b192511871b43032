import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { retry as rxRetry, Subject, tap as rxTap, VirtualTimeScheduler } from 'rxjs';

import {
  CheckpointSubject,
  ClaimLostError,
  journaled,
  memoryStorage,
  StorageLockedError,
  uid,
} from '../../src/index.js';
import type { CheckpointStorage } from '../../src/index.js';
import { FaultyStorage } from '../../src/testing/FaultyStorage.js';
import { Log } from '../support/Log.js';
import { totals } from '../support/totals.js';
import { observe, settled } from '../support/Observed.js';

beforeEach(() => {
  jest.spyOn(console, 'warn').mockImplementation(() => {});
});

afterEach(() => {
  jest.restoreAllMocks();
});

function job(storage: CheckpointStorage, takeOver = false) {
  const checkpoints = new CheckpointSubject({ storage, takeOver, scheduler: new VirtualTimeScheduler() });
  return { checkpoints, failures: observe(checkpoints.failures$) };
}

describe('two jobs on one memoryStorage', () => {
  test('the second is refused', async () => {
    const storage = memoryStorage();
    const log = new Log([1]);
    observe(job(storage).checkpoints.recover(totals(log)));
    await settled();
    const second = observe(job(storage).checkpoints.recover(totals(log)));
    await settled();
    expect(second.error).toBeInstanceOf(StorageLockedError);
  });

  test('the second takes over: all pipelines of the first end, and it goes on from the newest checkpoint', async () => {
    const storage = memoryStorage();
    const log = new Log([1]);
    const first = job(storage);
    const one = observe(first.checkpoints.recover(totals(log), { name: 'one' }));
    const other = observe(first.checkpoints.recover(new Log([7]).stream$.pipe(uid('o')), { name: 'other' }));
    await settled();
    await first.checkpoints.checkpoint();
    log.write(2);
    const second = job(storage, true);
    const next = observe(second.checkpoints.recover(totals(log), { name: 'one' }));
    await settled();
    expect(one.error).toBeInstanceOf(ClaimLostError);
    expect(other.error).toBe(one.error);
    expect(next.values).toEqual([3]);
    await expect(first.checkpoints.checkpoint()).rejects.toMatchObject({ reason: 'not-running' });
    log.write(4);
    expect((await second.checkpoints.checkpoint()).id).toBe(2);
    expect(one.values).toEqual([1, 3]);
    expect(log.readerCount).toBe(1);
  });

  test('from within a callback of the first: its turn ends first', async () => {
    const storage = memoryStorage();
    const log = new Log([1]);
    const first = job(storage);
    let steals: Promise<unknown> | undefined;
    const one = observe(first.checkpoints.recover(totals(log)), (total) => {
      if (total === 3) steals = storage.lock!({ steal: true });
    });
    await settled();
    log.write(2, 4);
    expect(one.values).toEqual([1, 3, 7]);
    await steals;
    await settled();
    expect(one.error).toBeInstanceOf(ClaimLostError);
    expect(first.failures.values).toEqual([]);
  });

  test('the first gets it back when it restarts after the second has ended', async () => {
    const storage = memoryStorage();
    const log = new Log([1]);
    const first = job(storage);
    const one = observe(first.checkpoints.recover(totals(log)));
    await settled();
    const second = job(storage, true);
    const two = observe(second.checkpoints.recover(totals(log)));
    await settled();
    log.write(2);
    await second.checkpoints.checkpoint();
    two.unsubscribe();
    await settled();
    expect(one.error).toBeInstanceOf(ClaimLostError);
    const again = observe(first.checkpoints.recover(totals(log)));
    await settled();
    log.write(4);
    expect(again.values).toEqual([7]);
    expect((await first.checkpoints.checkpoint()).id).toBe(2);
  });
});

describe('a job that has lost its claim', () => {
  test('is not what pipelines that restart at once are attached to', async () => {
    const storage = memoryStorage();
    const [left, right] = [new Log([1]), new Log([1])];
    const { checkpoints } = job(storage);
    const errors: unknown[] = [];
    const restarting = (log: Log<number>, name: string) =>
      checkpoints
        .recover(log.stream$.pipe(uid(name)), { name })
        .pipe(rxTap({ error: (error: unknown) => errors.push(error) }), rxRetry(5));
    const seen = [observe(restarting(left, 'left')), observe(restarting(right, 'right'))];
    await settled();
    const thief = await storage.lock!({ steal: true });
    await thief.release();
    await settled();
    left.write(2);
    right.write(2);
    expect(seen.map(({ error }) => error)).toEqual([undefined, undefined]);
    expect(seen.map(({ last }) => last)).toEqual([2, 2]);
    expect(errors).toHaveLength(2);
    for (const error of errors) expect(error).toBeInstanceOf(ClaimLostError);
    expect((await checkpoints.checkpoint()).id).toBe(1);
  });

  test('hears of it from a storage that can only be asked when it writes: the checkpoint fails, and the pipelines end', async () => {
    const storage = new FaultyStorage({ seed: 1, fenced: false });
    const log = new Log([1]);
    const first = job(storage);
    const one = observe(first.checkpoints.recover(totals(log)));
    await settled();
    await storage.reopen().lock({ steal: true });
    log.write(2);
    expect(one.values).toEqual([1, 3]);
    await expect(first.checkpoints.checkpoint()).rejects.toMatchObject({ reason: 'claim-lost', checkpointId: 1 });
    await settled();
    expect(one.error).toBeInstanceOf(ClaimLostError);
    expect(storage.blobs.size).toBe(0);
  });

  test('emits nothing from a journaled source that is not written', async () => {
    const storage = new FaultyStorage({ seed: 1, fenced: false });
    const events = new Subject<number>();
    const one = observe(job(storage).checkpoints.recover(journaled(events).pipe(uid('events'))));
    await settled();
    events.next(1);
    await settled();
    await storage.reopen().lock({ steal: true });
    events.next(2);
    await settled();
    expect(one.values).toEqual([1]);
    expect(one.error).toBeInstanceOf(ClaimLostError);
  });

  test('while it is still restoring: no pipeline starts', async () => {
    const storage = new FaultyStorage({ seed: 1, faults: { slow: ({ operation }) => operation === 'list' } });
    const log = new Log([1]);
    const one = observe(job(storage).checkpoints.recover(totals(log)));
    await settled();
    await storage.reopen().lock({ steal: true });
    for (const call of storage.held) call.goOn();
    await settled();
    expect(one.values).toEqual([]);
    expect(one.error).toBeInstanceOf(ClaimLostError);
  });
});

test('a job that is to delete its checkpoints when it is cancelled leaves them to who has taken its storage', async () => {
  const storage = memoryStorage();
  const log = new Log([1]);
  const first = new CheckpointSubject({ storage, onCancellation: 'delete', scheduler: new VirtualTimeScheduler() });
  const failures = observe(first.failures$);
  const lost = observe(first.recover(totals(log)));
  await settled();
  await first.checkpoint();
  const second = job(storage, true);
  const next = observe(second.checkpoints.recover(totals(log)));
  await settled();
  log.write(2);
  expect(lost.error).toBeInstanceOf(ClaimLostError);
  expect(next.values).toEqual([3]);
  expect(failures.values.map(({ reason }) => reason)).toEqual([]);
});
