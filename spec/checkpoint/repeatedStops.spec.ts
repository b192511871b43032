import { describe, expect, test } from '@jest/globals';
import { repeat } from 'rxjs';

import { CheckpointFailedError, CheckpointSubject, finalize, memoryStorage, scan } from '../../src/index.js';
import type { CheckpointStorage, Pipeline } from '../../src/index.js';
import { inFakeTime } from '../support/inFakeTime.js';
import { Log } from '../support/Log.js';
import { observe, settled } from '../support/Observed.js';

inFakeTime();

const totals = (log: Log<number>): Pipeline<number> => log.stream$.pipe(scan((sum, n) => sum + n, 0));

async function started(storage: CheckpointStorage = memoryStorage()) {
  const log = new Log([1, 2]);
  const checkpoints = new CheckpointSubject({ storage });
  const failures = observe(checkpoints.failures$);
  const seen = observe(checkpoints.recover(totals(log)));
  await settled();
  return { log, checkpoints, failures, seen };
}

describe('stop() of what stops or has stopped', () => {
  test('gives the checkpoint of the one that is under way, and of the one that was', async () => {
    const { checkpoints, failures } = await started();
    const both = Promise.all([checkpoints.stop(), checkpoints.stop()]);
    await settled();
    const [first, second] = await both;
    expect(second).toBe(first);
    expect(await checkpoints.stop()).toBe(first);
    expect(failures.values).toEqual([]);
  });

  test('gives it to whoever asks while pipelines are only starting', async () => {
    const checkpoints = new CheckpointSubject({ storage: memoryStorage() });
    observe(checkpoints.recover(totals(new Log([1]))));
    const both = Promise.all([checkpoints.stop(), checkpoints.stop()]);
    await settled();
    const [first, second] = await both;
    expect(second).toBe(first);
    expect(first.pipelines).toEqual({ main: 'running' });
  });

  test('gives the last checkpoint of pipelines that have completed', async () => {
    const { log, checkpoints, failures, seen } = await started();
    log.end();
    await settled();
    expect(seen.hasCompleted).toBe(true);
    const last = await checkpoints.stop();
    expect(last.pipelines).toEqual({ main: 'completed' });
    expect(await checkpoints.stop({ drain: true })).toBe(last);
    expect(failures.values).toEqual([]);
  });

  test('gives it also while that checkpoint is being written', async () => {
    const log = new Log([1, 2]);
    log.end();
    const checkpoints = new CheckpointSubject({ storage: memoryStorage() });
    const stopped: unknown[] = [];
    checkpoints.recover(totals(log)).subscribe({
      complete: () => void checkpoints.stop().then(({ pipelines }) => stopped.push(pipelines)),
    });
    await settled();
    expect(stopped).toEqual([{ main: 'completed' }]);
  });

  test('stops what has been started since', async () => {
    const { log, checkpoints } = await started();
    const stopping = checkpoints.stop();
    await settled();
    const first = await stopping;
    log.write(3);
    const again = observe(checkpoints.recover(totals(log)));
    const early = checkpoints.stop();
    await settled();
    const second = await early;
    expect(second.id).toBeGreaterThan(first.id);
    expect(again).toMatchObject({ values: [6], hasCompleted: true });
    observe(checkpoints.recover(totals(log)));
    await settled();
    const late = checkpoints.stop();
    await settled();
    expect((await late).id).toBeGreaterThan(second.id);
  });

  test('stops what repeats behind recover()', async () => {
    const log = new Log([1, 2]);
    const checkpoints = new CheckpointSubject({ storage: memoryStorage() });
    const seen = observe(checkpoints.recover(totals(log)).pipe(repeat(2)));
    await settled();
    const stopping = checkpoints.stop();
    await settled();
    const first = await stopping;
    expect(seen.hasCompleted).toBe(false);
    const again = checkpoints.stop();
    await settled();
    expect((await again).id).toBeGreaterThan(first.id);
    expect(seen.hasCompleted).toBe(true);
  });

  test('stops what has begun in the same job while the first was being written', async () => {
    const storage = memoryStorage();
    const { checkpoints } = await started(storage);
    const write = storage.write.bind(storage);
    let letGo = (): void => {};
    const free = new Promise<void>((resolve) => (letGo = resolve));
    storage.write = (...args) => free.then(() => write(...args));
    const first = checkpoints.stop();
    await settled();
    const other = observe(checkpoints.recover(totals(new Log([5])), { name: 'other' }));
    letGo();
    await settled();
    await first;
    const again = checkpoints.stop();
    await settled();
    expect((await again).pipelines).toEqual({ main: 'running', other: 'running' });
    expect(other).toMatchObject({ values: [5], hasCompleted: true });
  });

  test('gives the checkpoint of one that takes a pipeline away which is only starting', async () => {
    const { checkpoints } = await started();
    observe(checkpoints.recover(totals(new Log([5])), { name: 'other' }));
    const both = Promise.all([checkpoints.stop(), checkpoints.stop()]);
    await settled();
    const [first, second] = await both;
    expect(second).toBe(first);
  });

  test('gives it also after a drain that was refused meanwhile, and to a teardown', async () => {
    const log = new Log([1, 2]);
    const checkpoints = new CheckpointSubject({ storage: memoryStorage() });
    const stops: Promise<unknown>[] = [];
    observe(checkpoints.failures$);
    const left = log.stream$.pipe(finalize(() => void stops.push(checkpoints.stop())));
    observe(checkpoints.recover(left));
    await settled();
    stops.push(checkpoints.stop());
    const drained = expect(checkpoints.stop({ drain: true })).rejects.toBeInstanceOf(CheckpointFailedError);
    stops.push(checkpoints.stop());
    await settled();
    await drained;
    expect(stops).toHaveLength(3);
    const taken = await Promise.all(stops);
    expect(new Set(taken).size).toBe(1);
  });

  test('is refused if the last checkpoint does not know who has completed', async () => {
    const storage = memoryStorage();
    const { log, checkpoints } = await started(storage);
    log.end();
    await settled();
    storage.write = () => Promise.reject(new Error('the disk is full'));
    const other = new Log([5]);
    other.end();
    observe(checkpoints.recover(totals(other), { name: 'other' }));
    await settled();
    await expect(checkpoints.stop()).rejects.toBeInstanceOf(CheckpointFailedError);
  });

  test('does not take a stop for a drain, nor for a savepoint', async () => {
    const { checkpoints } = await started();
    const stopping = checkpoints.stop();
    const drained = expect(checkpoints.stop({ drain: true })).rejects.toBeInstanceOf(CheckpointFailedError);
    const saved = expect(checkpoints.stop({ savepoint: 'a' })).rejects.toBeInstanceOf(CheckpointFailedError);
    await settled();
    await Promise.all([stopping, drained, saved]);
    await expect(checkpoints.stop({ drain: true })).rejects.toMatchObject({ reason: 'not-running' });
  });

  test('gives a drain to who asks for a stop', async () => {
    const { checkpoints, seen } = await started();
    const both = Promise.all([checkpoints.stop({ drain: true }), checkpoints.stop()]);
    await settled();
    const [drained, stopped] = await both;
    expect(stopped).toBe(drained);
    expect(seen.hasCompleted).toBe(true);
  });

  test('tries again what has failed', async () => {
    const storage = memoryStorage();
    const { checkpoints, log } = await started(storage);
    const write = storage.write.bind(storage);
    storage.write = () => Promise.reject(new Error('the disk is full'));
    const both = Promise.allSettled([checkpoints.stop(), checkpoints.stop()]);
    await settled();
    expect((await both).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    storage.write = write;
    observe(checkpoints.recover(totals(log)));
    await settled();
    const stopping = checkpoints.stop();
    await settled();
    expect((await stopping).pipelines).toEqual({ main: 'running' });
  });

  test('is refused where nothing has run, and where the last checkpoint of completed pipelines failed', async () => {
    const storage = memoryStorage();
    await expect(new CheckpointSubject({ storage }).stop()).rejects.toMatchObject({ reason: 'not-running' });
    const { log, checkpoints, seen } = await started(storage);
    const taken = checkpoints.checkpoint();
    await settled();
    await taken;
    storage.write = () => Promise.reject(new Error('the disk is full'));
    log.end();
    await settled();
    expect(seen.values).toEqual([1, 3]);
    await expect(checkpoints.stop()).rejects.toBeInstanceOf(CheckpointFailedError);
  });
});
