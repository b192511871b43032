import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';

import { CheckpointSubject, memoryStorage, scan, uid } from '../../src/index.js';
import { Log } from '../support/Log.js';
import { observe, settled } from '../support/Observed.js';

// A request that nobody answers: as a module with a `then`, `import()` waits for it.
jest.mock('../../src/checkpoint/rareParts.js', () => ({ __esModule: true, then: () => {} }));

beforeEach(() => {
  jest.useFakeTimers({ doNotFake: ['setImmediate', 'queueMicrotask', 'nextTick'] });
});

afterEach(() => {
  jest.useRealTimers();
});

function job() {
  const log = new Log<number>();
  const checkpoints = new CheckpointSubject({ storage: memoryStorage() });
  const sums$ = log.stream$.pipe(
    uid('log'),
    scan((sum, n) => sum + n, 0),
    uid('sum'),
  );
  return { log, checkpoints, sums$ };
}

test('what waits for a part that does not come is told so in the end', async () => {
  const { log, checkpoints, sums$ } = job();
  const pipeline = observe(checkpoints.recover(sums$));
  await settled();
  const outcomes = Promise.allSettled([
    checkpoints.savepoint('a'),
    checkpoints.stop({ savepoint: 'b' }),
    checkpoints.check(sums$),
  ]);
  await settled();
  jest.advanceTimersByTime(60_000);
  for (const outcome of await outcomes) {
    expect(outcome).toMatchObject({ status: 'rejected', reason: { code: 'part-not-loaded' } });
    expect(String((outcome as PromiseRejectedResult).reason)).toContain('It did not come within 60 s.');
  }
  log.write(1);
  expect(pipeline.last).toBe(1);
});

test('a job that closes meanwhile does not wait: the next one begins at once', async () => {
  const { log, checkpoints, sums$ } = job();
  const pipeline = observe(checkpoints.recover(sums$));
  await settled();
  const failures = observe(checkpoints.failures$);
  const stopped = checkpoints.stop({ savepoint: 'a' });
  pipeline.unsubscribe();
  await settled();
  const again = observe(checkpoints.recover(sums$));
  await settled();
  log.write(2);
  expect(again.last).toBe(2);
  jest.advanceTimersByTime(60_000);
  await expect(stopped).rejects.toMatchObject({ code: 'part-not-loaded' });
  expect(failures.values).toEqual([]);
});
