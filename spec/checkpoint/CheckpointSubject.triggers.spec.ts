import { describe, expect, jest, test } from '@jest/globals';
import {
  defer,
  EMPTY,
  finalize,
  interval,
  merge as rxMerge,
  NEVER,
  of as rxOf,
  retry,
  Subject,
  throwError,
} from 'rxjs';

import type { Checkpoint } from '../../src/index.js';
import { CheckpointSubject, memoryStorage, scan, StorageError, uid } from '../../src/index.js';
import { FaultyStorage } from '../../src/testing/FaultyStorage.js';
import { inFakeTime } from '../support/inFakeTime.js';
import { Log } from '../support/Log.js';
import { totals } from '../support/totals.js';
import { observe, settled } from '../support/Observed.js';

inFakeTime();

/** What a checkpoint says of the total. */
function totalIn(checkpoint: Checkpoint | undefined): unknown {
  return (checkpoint?.operators.total?.state as { value: unknown } | undefined)?.value;
}

describe('the trigger option', () => {
  test('is subscribed when the first pipeline runs, and unsubscribed when the last has stopped', async () => {
    const calls: string[] = [];
    const trigger = defer(() => {
      calls.push('subscribed');
      return NEVER;
    }).pipe(finalize(() => calls.push('unsubscribed')));
    const checkpoints = new CheckpointSubject({ storage: memoryStorage(), trigger });
    const first$ = checkpoints.recover(new Log<number>().stream$, { name: 'first' });
    const second$ = checkpoints.recover(new Log<number>().stream$, { name: 'second' });
    expect(calls).toEqual([]);

    const first = observe(first$);
    await settled();
    expect(calls).toEqual(['subscribed']);
    const second = observe(second$);
    await settled();
    first.unsubscribe();
    expect(calls).toEqual(['subscribed']);
    second.unsubscribe();
    expect(calls).toEqual(['subscribed', 'unsubscribed']);

    observe(first$);
    await settled();
    expect(calls).toEqual(['subscribed', 'unsubscribed', 'subscribed']);
  });

  test('is unsubscribed when the pipeline completes or fails, so that it does not keep a process alive', async () => {
    for (const end of [(log: Log<number>) => log.end(), (log: Log<number>) => log.breakDown(new Error('no more'))]) {
      const log = new Log<number>();
      const checkpoints = new CheckpointSubject({ storage: memoryStorage(), trigger: interval(1_000) });
      observe(checkpoints.recover(totals(log)));
      await settled();
      expect(jest.getTimerCount()).toBe(1);
      end(log);
      await settled();
      expect(jest.getTimerCount()).toBe(0);
    }
  });

  test('takes a checkpoint with each value', async () => {
    const log = new Log<number>();
    const checkpoints = new CheckpointSubject({ storage: memoryStorage(), trigger: interval(1_000) });
    const taken = observe(checkpoints);
    observe(checkpoints.recover(totals(log)));
    await settled();
    for (const record of [1, 2, 3]) {
      log.write(record);
      await jest.advanceTimersByTimeAsync(1_000);
    }
    expect(taken.values.map(totalIn)).toEqual([1, 3, 6]);
  });

  test('may emit the moment it is subscribed: the checkpoint comes before the first record', async () => {
    const log = new Log([1, 2, 3]);
    const checkpoints = new CheckpointSubject({ storage: memoryStorage(), trigger: rxOf('now', 'and again') });
    const taken = observe(checkpoints);
    const failures = observe(checkpoints.failures$);
    const pipeline = observe(checkpoints.recover(totals(log)));
    await settled();
    expect(taken.values.map(totalIn)).toEqual([0]);
    expect(taken.values[0]?.operators.log?.position).toEqual({ offset: 0, recordsAfterOffset: 0 });
    expect(failures.values.map(({ reason }) => reason)).toEqual(['too-many-pending']);
    expect(pipeline.values).toEqual([1, 3, 6]);
  });

  test('means nothing by completing', async () => {
    const log = new Log<number>();
    const checkpoints = new CheckpointSubject({ storage: memoryStorage(), trigger: EMPTY });
    const taken = observe(checkpoints);
    const pipeline = observe(checkpoints.recover(totals(log)));
    await settled();
    log.write(1);
    checkpoints.next();
    await settled();
    expect(taken.values.map(totalIn)).toEqual([1]);
    expect(taken.hasCompleted).toBe(false);
    expect(pipeline.values).toEqual([1]);
  });

  test('goes to failures$ with its error, and the pipelines go on', async () => {
    const log = new Log<number>();
    const cause = new Error('no signal');
    const checkpoints = new CheckpointSubject({ storage: memoryStorage(), trigger: throwError(() => cause) });
    const failures = observe(checkpoints.failures$);
    const taken = observe(checkpoints);
    const pipeline = observe(checkpoints.recover(totals(log)));
    await settled();
    expect(failures.values).toMatchObject([{ reason: 'trigger-failed', cause, code: 'checkpoint-failed' }]);
    log.write(4);
    await checkpoints.checkpoint();
    expect(taken.values.map(totalIn)).toEqual([4]);
    expect(pipeline.values).toEqual([4]);
  });

  test('is a composition: a timer and an event', async () => {
    const log = new Log<number>();
    const hidden$ = new Subject<void>();
    const checkpoints = new CheckpointSubject({ storage: memoryStorage(), trigger: rxMerge(interval(1_000), hidden$) });
    const taken = observe(checkpoints);
    observe(checkpoints.recover(totals(log)));
    await settled();
    log.write(1);
    hidden$.next();
    await jest.advanceTimersByTimeAsync(1_000);
    expect(taken.values.map(({ id }) => id)).toEqual([1, 2]);
  });
});

describe('as an Observer of triggers', () => {
  test('can be subscribed to any Observable', async () => {
    const log = new Log<number>();
    const checkpoints = new CheckpointSubject({ storage: memoryStorage() });
    const taken = observe(checkpoints);
    const subscription = interval(1_000).subscribe(checkpoints);
    observe(checkpoints.recover(totals(log)));
    await settled();
    log.write(5);
    await jest.advanceTimersByTimeAsync(2_000);
    subscription.unsubscribe();
    expect(taken.values.map(totalIn)).toEqual([5, 5]);
  });

  test('takes no harm from an Observable that completes or fails', async () => {
    const checkpoints = new CheckpointSubject({ storage: memoryStorage() });
    const failures = observe(checkpoints.failures$);
    const taken = observe(checkpoints);
    observe(checkpoints.recover(totals(new Log([1]))));
    await settled();
    rxOf(1).subscribe(checkpoints);
    await settled();
    throwError(() => 'just a text').subscribe(checkpoints);
    checkpoints.next();
    await settled();
    expect(failures.values).toMatchObject([{ reason: 'trigger-failed', cause: 'just a text' }]);
    expect(taken.values).toHaveLength(2);
    expect(taken.hasCompleted).toBe(false);
  });
});

describe('next()', () => {
  test('never throws: before, while restoring, during, after a run', async () => {
    const log = new Log<number>();
    const checkpoints = new CheckpointSubject({ storage: memoryStorage() });
    const failures = observe(checkpoints.failures$);
    const taken = observe(checkpoints);
    checkpoints.next('before');
    const pipeline = observe(checkpoints.recover(totals(log)));
    checkpoints.next('while it is restored');
    await settled();
    expect(failures.values.map(({ reason }) => reason)).toEqual(['not-running', 'not-running']);
    expect(failures.values[1]!.message).toBe(
      'No checkpoint was taken: the pipelines are still starting. The next trigger is as good; checkpoint() waits until they have started.',
    );
    checkpoints.next('during');
    checkpoints.next('during, again');
    await settled();
    expect(taken.values).toHaveLength(1);
    expect(failures.values.map(({ reason }) => reason).slice(2)).toEqual(['too-many-pending']);
    pipeline.unsubscribe();
    checkpoints.next('while it stops');
    await settled();
    checkpoints.next('after');
    expect(failures.values.map(({ reason }) => reason).slice(3)).toEqual(['not-running', 'not-running']);
    expect(taken.values).toHaveLength(1);
  });

  test('works without a receiver bound to it, as callbacks lose theirs', async () => {
    const checkpoints = new CheckpointSubject({ storage: memoryStorage() });
    const taken = observe(checkpoints);
    observe(checkpoints.recover(totals(new Log([1]))));
    await settled();
    rxOf(1).subscribe({ next: (value) => checkpoints.next(value) });
    await settled();
    expect(taken.values).toHaveLength(1);
  });

  test('from within a callback waits for the end of the turn, so that no value is overtaken', async () => {
    const log = new Log<number>();
    const checkpoints = new CheckpointSubject({ storage: memoryStorage() });
    const taken = observe(checkpoints);
    const order: string[] = [];
    const pipeline$ = log.stream$.pipe(
      uid('log'),
      scan((sum, n) => {
        checkpoints.next();
        order.push(`scan ${n}`);
        return sum + n;
      }, 0),
      uid('total'),
    );
    observe(checkpoints.recover(pipeline$), (value) => order.push(`value ${value}`));
    await settled();
    log.write(7);
    expect(order).toEqual(['scan 7', 'value 7']);
    await settled();
    expect(taken.values.map(totalIn)).toEqual([7]);
    expect(taken.values[0]?.operators.log?.position).toEqual({ offset: 1, recordsAfterOffset: 0 });
  });
});

describe('checkpoint()', () => {
  test('resolves with a checkpoint that began after the call', async () => {
    const log = new Log<number>();
    const checkpoints = new CheckpointSubject({ storage: memoryStorage() });
    const taken = observe(checkpoints);
    observe(checkpoints.recover(totals(log)));
    await settled();
    log.write(1);
    const first = checkpoints.checkpoint();
    log.write(2);
    const second = checkpoints.checkpoint();
    const third = checkpoints.checkpoint();
    expect(totalIn(await first)).toBe(1);
    expect(totalIn(await second)).toBe(3);
    expect(await third).toBe(await second);
    expect(taken.values).toEqual([await first, await second]);
  });

  test('rejects with the reason, and tells failures$ the same', async () => {
    const checkpoints = new CheckpointSubject({ storage: memoryStorage() });
    const failures = observe(checkpoints.failures$);
    await expect(checkpoints.checkpoint()).rejects.toMatchObject({ code: 'checkpoint-failed', reason: 'not-running' });
    expect(failures.values.map(({ reason }) => reason)).toEqual(['not-running']);
  });

  test('waits for pipelines that are starting, and so do savepoint() and stop()', async () => {
    const storage = memoryStorage();
    const checkpoints = new CheckpointSubject({ storage });
    const failures = observe(checkpoints.failures$);
    const asked: Promise<Checkpoint>[] = [];
    const onRestore = (): void => void asked.push(checkpoints.checkpoint());
    const first = observe(checkpoints.recover(totals(new Log([1, 2])), { onRestore }));
    asked.push(checkpoints.checkpoint());
    const saved = checkpoints.savepoint('a');
    expect(await saved).toMatchObject({ name: 'a', pipelines: { main: 'running' } });
    expect((await Promise.all(asked)).map(totalIn)).toEqual([3, 3]);
    first.unsubscribe();
    const second = observe(checkpoints.recover(totals(new Log([1, 2, 4]))));
    const stopped = checkpoints.stop();
    expect(totalIn(await stopped)).toBe(7);
    expect(second.hasCompleted).toBe(true);
    expect(failures.values).toEqual([]);
  });

  test('is refused when those that were starting do not', async () => {
    const storage = new FaultyStorage({ seed: 1 });
    const checkpoints = new CheckpointSubject({ storage });
    const failures = observe(checkpoints.failures$);
    const left = observe(checkpoints.recover(totals(new Log([1]))));
    const asked = checkpoints.checkpoint();
    left.unsubscribe();
    await expect(asked).rejects.toMatchObject({ reason: 'not-running' });
    storage.faults = { outage: 1 };
    const failed = observe(checkpoints.recover(totals(new Log([1]))));
    await expect(checkpoints.stop()).rejects.toMatchObject({ reason: 'not-running' });
    expect(failed.error).toBeInstanceOf(StorageError);
    expect(failures.values.map(({ reason }) => reason)).toEqual(['not-running', 'not-running']);
    // Restarted at once by retry(), it is the restart that is waited for.
    let attempts = 0;
    const retried = defer(() => {
      if (++attempts === 3) storage.faults = {};
      return checkpoints.recover(totals(new Log([1])));
    }).pipe(retry());
    const running = retried.subscribe();
    expect(totalIn(await checkpoints.checkpoint())).toBe(1);
    expect(attempts).toBe(3);
    running.unsubscribe();
  });

  test('is given up after timeoutMs when the start hangs', async () => {
    const storage = new FaultyStorage({ seed: 1, faults: { hang: 1 } });
    const checkpoints = new CheckpointSubject({ storage, timeoutMs: 5_000 });
    const failures = observe(checkpoints.failures$);
    const waiting = observe(checkpoints.recover(totals(new Log([1]))));
    const asked = Promise.allSettled([checkpoints.checkpoint(), checkpoints.savepoint('a')]);
    await settled();
    await jest.advanceTimersByTimeAsync(4_999);
    expect(failures.values).toEqual([]);
    await jest.advanceTimersByTimeAsync(1);
    const refused = {
      reason: 'not-running',
      message:
        'No checkpoint was taken: after 5000 ms the pipelines are still starting. Raise timeoutMs if the storage only needs longer.',
    };
    expect(await asked).toMatchObject([{ reason: refused }, { reason: refused }]);
    expect(failures.values).toMatchObject([refused, refused]);
    waiting.unsubscribe();
  });

  test('takes everything that came before it in the same turn', async () => {
    const log = new Log<number>();
    const checkpoints = new CheckpointSubject({ storage: memoryStorage() });
    const promises: Promise<Checkpoint>[] = [];
    observe(checkpoints.recover(totals(log)), () => promises.push(checkpoints.checkpoint()));
    await settled();
    log.write(1, 2, 3);
    expect((await Promise.all(promises)).map(totalIn)).toEqual([1, 6, 6]);
  });

  test('rejects when the last pipeline stops before the turn is over, so that nobody takes the older state for the newest', async () => {
    const log = new Log<number>();
    const checkpoints = new CheckpointSubject({ storage: memoryStorage() });
    const failures = observe(checkpoints.failures$);
    const asked: Promise<Checkpoint>[] = [];
    const pipeline = observe(checkpoints.recover(totals(log)), () => {
      asked.push(checkpoints.checkpoint());
      pipeline.unsubscribe();
    });
    await settled();
    const outcome = (async () => (log.write(1), await asked[0]))();
    await expect(outcome).rejects.toMatchObject({ reason: 'cancelled' });
    expect(failures.values.map(({ reason }) => reason)).toEqual(['cancelled']);
  });
});

test('a checkpoint may be asked for by whoever hears of one', async () => {
  const log = new Log<number>();
  const checkpoints = new CheckpointSubject({ storage: memoryStorage() });
  const taken = observe(checkpoints, ({ id }) => id < 5 && checkpoints.next());
  observe(checkpoints.recover(totals(log)));
  await settled();
  checkpoints.next();
  await settled();
  expect(taken.values.map(({ id }) => id)).toEqual([1, 2, 3, 4, 5]);
});
