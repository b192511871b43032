import { describe, expect, jest, test } from '@jest/globals';

import type { CheckpointStorage } from '../../src/index.js';
import { CheckpointSubject, map, memoryStorage, PartNotLoadedError, scan, uid } from '../../src/index.js';
import { Log } from '../support/Log.js';
import { observe, settled } from '../support/Observed.js';

// As when the page is offline, or its files were replaced by those of a new version.
jest.mock('../../src/checkpoint/rareParts.js', () => {
  throw new TypeError('Failed to fetch');
});

async function running(
  storage: CheckpointStorage,
  { log = new Log<number>(), from }: { log?: Log<number>; from?: string } = {},
) {
  const checkpoints = new CheckpointSubject({ storage });
  const sums$ = log.stream$.pipe(
    uid('log'),
    map((n) => n),
    scan((sum, n) => sum + n, 0),
    uid('sum'),
  );
  const pipeline = observe(checkpoints.recover(sums$, { from }));
  await settled();
  return { log, checkpoints, pipeline, sums$ };
}

describe('when what few jobs need cannot be loaded', () => {
  test('a bad name of a savepoint is refused for its name, whether a job runs or not', async () => {
    const badName = { code: 'invalid-savepoint-name' };
    const idle = new CheckpointSubject({ storage: memoryStorage() });
    const { checkpoints } = await running(memoryStorage());
    for (const asked of [idle, checkpoints]) {
      await expect(asked.savepoint('Before deploy')).rejects.toMatchObject(badName);
      await expect(asked.stop({ savepoint: 'Before deploy' })).rejects.toMatchObject(badName);
    }
  });

  test('checkpoints and restarts do not need it', async () => {
    const storage = memoryStorage();
    const { log, checkpoints, pipeline } = await running(storage);
    log.write(1, 2);
    await checkpoints.checkpoint();
    pipeline.unsubscribe();
    await settled();
    const again = await running(storage, { log });
    log.write(4);
    expect(again.pipeline.last).toBe(7);
  });

  test('a savepoint is refused with what to do, and all goes on', async () => {
    const storage = memoryStorage();
    const { log, checkpoints, pipeline } = await running(storage);
    const names = await storage.list();
    await expect(checkpoints.savepoint('before')).rejects.toThrow(PartNotLoadedError);
    await expect(checkpoints.savepoint('before')).rejects.toThrow(
      /savepoints could not be loaded.* Failed to fetch\.$/,
    );
    expect(await storage.list()).toEqual(names);
    log.write(1);
    expect(pipeline.last).toBe(1);
    expect((await checkpoints.checkpoint()).id).toBe(1);
  });

  test.each([{ drain: false }, { drain: true }])(
    'nor does stop() with a savepoint stop anything: %p',
    async (options) => {
      const { log, checkpoints, pipeline } = await running(memoryStorage());
      await expect(checkpoints.stop({ ...options, savepoint: 'last' })).rejects.toThrow(PartNotLoadedError);
      log.write(1);
      expect(pipeline).toMatchObject({ last: 1, error: undefined });
      await checkpoints.stop(options);
      expect(pipeline.hasCompleted).toBe(true);
    },
  );

  test('check() rejects', async () => {
    const { checkpoints, sums$ } = await running(memoryStorage());
    await expect(checkpoints.check(sums$)).rejects.toMatchObject({ code: 'part-not-loaded', part: 'check()' });
  });

  test('a job that is to begin with a savepoint does not begin with anything else, and gives the storage back', async () => {
    const storage = memoryStorage();
    const { log, pipeline } = await running(storage, { from: 'before' });
    log.write(1);
    expect(pipeline.error).toBeInstanceOf(PartNotLoadedError);
    expect(pipeline.values).toEqual([]);
    const other = await running(storage);
    other.log.write(2);
    expect(other.pipeline.last).toBe(2);
  });

  test('a job whose storage has journals does not start without them', async () => {
    const storage = memoryStorage();
    await storage.write('journal-0123456789abcdef-0000000000000000-000000000001', new Uint8Array(3));
    const { pipeline } = await running(storage);
    expect(pipeline.error).toMatchObject({ code: 'part-not-loaded', part: 'journals' });
  });
});
