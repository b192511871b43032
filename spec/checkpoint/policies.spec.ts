import { describe, expect, jest, test } from '@jest/globals';
import { retry, Subject, Subscriber } from 'rxjs';

import type { CheckpointSubjectOptions } from '../../src/index.js';
import {
  CheckpointFailedError,
  CheckpointSubject,
  delay,
  fromObservable,
  memoryStorage,
  merge,
  scan,
  TooManyFailedCheckpointsError,
  uid,
} from '../../src/index.js';
import { foldedIn } from '../support/CheckpointStates.js';
import { inFakeTime } from '../support/inFakeTime.js';
import { Log } from '../support/Log.js';
import { totals } from '../support/totals.js';
import { observe, settled } from '../support/Observed.js';
import { Remote } from '../support/Remote.js';
import { ScriptedStorage } from './store/ScriptedStorage.js';

inFakeTime();

async function running(policies: Partial<CheckpointSubjectOptions>, storage = new ScriptedStorage()) {
  const log = new Log<number>();
  const checkpoints = new CheckpointSubject({ storage, ...policies });
  const taken = observe(checkpoints);
  const failures = observe(checkpoints.failures$);
  const pipeline = observe(checkpoints.recover(totals(log)));
  await settled();
  return { log, storage, checkpoints, taken, failures, pipeline };
}

const reasons = (failures: { readonly values: readonly CheckpointFailedError[] }) =>
  failures.values.map(({ reason }) => reason);

describe('options', () => {
  const storage = memoryStorage();

  test.each([
    [{ mode: 'twice' as never }, "mode is 'twice': it has to be 'exactly-once' or 'at-least-once'."],
    [{ onCancellation: 'keep' as never }, "onCancellation is 'keep': it has to be 'retain' or 'delete'."],
    [{ checkpointAfterCompletion: 1 as never }, 'checkpointAfterCompletion is 1: it has to be true or false.'],
    [{ requireUids: 'yes' as never }, "requireUids is 'yes': it has to be true or false."],
    [{ compression: 'zip' as never }, "compression is 'zip': it has to be 'none' or 'gzip'."],
    [{ timeoutMs: 0 }, 'timeoutMs is 0: it has to be above 0.'],
    [{ timeoutMs: '5' as never }, "timeoutMs is '5': it has to be above 0."],
    [{ minPauseMs: -1 }, 'minPauseMs is -1: it has to be 0 or more, and finite.'],
    [{ minPauseMs: Infinity }, 'minPauseMs is Infinity: it has to be 0 or more, and finite.'],
    [{ maxConcurrent: 0 }, 'maxConcurrent is 0: it has to be a whole number from 1 on.'],
    [{ maxConcurrent: 1.5 }, 'maxConcurrent is 1.5: it has to be a whole number from 1 on.'],
    [{ tolerableFailures: -1 }, 'tolerableFailures is -1: it has to be a whole number from 0 on, or Infinity.'],
    [{ tolerableFailures: NaN }, 'tolerableFailures is NaN: it has to be a whole number from 0 on, or Infinity.'],
    [{ retained: 0 }, 'retained is 0: it has to be a whole number from 1 on.'],
    [{ inlineThresholdBytes: NaN }, 'inlineThresholdBytes is NaN: it has to be 0 or more, and finite.'],
    [{ sliceMs: -8 }, 'sliceMs is -8: it has to be 0 or more, and finite.'],
  ])('%j is refused', (options, message) => {
    expect(() => new CheckpointSubject({ storage, ...options })).toThrow(new RangeError(message));
  });

  test.each([
    [{ takeOver: 'no' }, RangeError, "takeOver is 'no': it has to be true or false."],
    [{ historySize: [] }, RangeError, 'historySize is an array: it has to be a whole number from 0 on.'],
    [{ trigger: 5 }, TypeError, 'trigger has to be an Observable, e.g. interval(500) or everyMs(500).'],
    [{ scheduler: 5 }, TypeError, 'scheduler has to be one as RxJS has them, e.g. asyncScheduler.'],
    [{ scheduler: null }, TypeError, 'scheduler has to be one as RxJS has them, e.g. asyncScheduler.'],
    ...[5, 'abc', [null], [{}], null].map((committers) => {
      const message = 'committers has to be an array of objects with commitCheckpoint() and isCheckpointCommitted().';
      return [{ committers }, TypeError, message] as const;
    }),
    ...[5, [{}], [null], [{ is: String, create: Error }]].map((errorTypes) => {
      const message = 'errorTypes has to be an array of objects with a name, is() and create().';
      return [{ errorTypes }, TypeError, message] as const;
    }),
    [
      { minPuaseMs: 5 },
      TypeError,
      "CheckpointSubject has no option 'minPuaseMs', only storage, trigger, takeOver, historySize, committers, errorTypes, dropPipelines, " +
        'scheduler, mode, timeoutMs, minPauseMs, maxConcurrent, tolerableFailures, retained, onCancellation, ' +
        'checkpointAfterCompletion, requireUids, inlineThresholdBytes, compression, sliceMs.',
    ],
  ] as const)('%j is refused', (options, ErrorClass, message) => {
    const create = () => new CheckpointSubject({ storage, ...(options as object) });
    expect(create).toThrow(ErrorClass);
    expect(create).toThrow(message);
  });

  test.each([
    [{ claim: 'yes' }, "claim is 'yes': it has to be true or false."],
    [{ allowNonRestoredState: 1 }, 'allowNonRestoredState is 1: it has to be true or false.'],
    [{ onRestore: {} }, 'onRestore is an object: it has to be a function.'],
    [
      { form: 'a' },
      "recover() has no option 'form', only name, from, claim, allowNonRestoredState, shared, onRestore.",
    ],
    [null, 'The options of recover() are null: they have to be an object.'],
  ])('of recover(): %j is refused', (options, message) => {
    const checkpoints = new CheckpointSubject({ storage });
    expect(() => checkpoints.recover(totals(new Log()), options as object)).toThrow(message);
  });

  test.each([
    [{ drain: 'no' }, "drain is 'no': it has to be true or false."],
    [{ svepoint: 'a' }, "stop() has no option 'svepoint', only savepoint, drain."],
  ])('of stop(): %j is refused, and all goes on', async (options, message) => {
    const { checkpoints, pipeline } = await running({});
    await expect(checkpoints.stop(options as object)).rejects.toThrow(message);
    expect(pipeline.hasCompleted).toBe(false);
  });

  test('that are undefined have their defaults', () => {
    expect(() => new CheckpointSubject({ storage, mode: undefined, retained: undefined })).not.toThrow();
  });
});

describe.each([2 ** 31, Infinity])('timeoutMs: %d', (timeoutMs) => {
  test('is as long as it says: what takes a while gets done', async () => {
    const { log, checkpoints, storage, failures } = await running({ timeoutMs });
    log.write(1);
    storage.writeFate = 'hold';
    const [asked, saved] = [checkpoints.checkpoint(), checkpoints.savepoint('a')];
    await settled();
    await jest.advanceTimersByTimeAsync(2 ** 31 - 2);
    for (const name of ['checkpoint-000000000001', 'checkpoint-000000000002']) {
      storage.land(name);
      await settled();
    }
    await jest.advanceTimersByTimeAsync(10_000);
    storage.land('savepoint-a');
    await expect(asked).resolves.toMatchObject({ id: 1 });
    await expect(saved).resolves.toMatchObject({ name: 'a' });
    expect(failures.values).toEqual([]);
    expect(jest.getTimerCount()).toBe(0);
  });

  test('gives a drain as long', async () => {
    const checkpoints = new CheckpointSubject({ storage: memoryStorage(), timeoutMs });
    const source = new Subject<number>();
    const later$ = fromObservable(source, { hot: true }).pipe(uid('source'), delay(5_000), uid('delay'));
    const pipeline = observe(checkpoints.recover(later$));
    await settled();
    source.next(1);
    const drained = checkpoints.stop({ drain: true });
    await settled();
    await jest.advanceTimersByTimeAsync(5_000);
    await expect(drained).resolves.toMatchObject({ pipelines: { main: 'completed' } });
    expect(pipeline.values).toEqual([1]);
  });
});

describe('minPauseMs', () => {
  test('counts from the end of the last completed one, and is for triggers only', async () => {
    const { checkpoints, failures, taken, storage } = await running({ minPauseMs: 1_000 });
    storage.writeFate = 'hold';
    checkpoints.next();
    await jest.advanceTimersByTimeAsync(5_000);
    storage.land('checkpoint-000000000001');
    await settled();
    storage.writeFate = 'succeed';
    await jest.advanceTimersByTimeAsync(999);
    checkpoints.next();
    expect(reasons(failures)).toEqual(['min-pause']);
    await checkpoints.checkpoint();
    await jest.advanceTimersByTimeAsync(1_000);
    checkpoints.next();
    await settled();
    expect(taken.values.map(({ id }) => id)).toEqual([1, 2, 3]);
  });

  test('is not begun by a checkpoint that failed', async () => {
    const { checkpoints, failures, taken, storage } = await running({ minPauseMs: 1_000 });
    storage.writeFate = 'fail';
    checkpoints.next();
    await settled();
    storage.writeFate = 'succeed';
    checkpoints.next();
    await settled();
    expect([reasons(failures), taken.values.length]).toEqual([['storage-failed'], 1]);
  });
});

describe('maxConcurrent', () => {
  test('lets so many be on their way; a trigger beyond is refused, and checkpoint() waits', async () => {
    const { log, checkpoints, failures, taken, storage } = await running({ maxConcurrent: 2 });
    storage.writeFate = 'hold';
    log.write(1);
    checkpoints.next();
    log.write(10);
    checkpoints.next();
    log.write(100);
    checkpoints.next();
    expect(reasons(failures)).toEqual(['too-many-pending']);
    const third = checkpoints.checkpoint();
    log.write(1_000);
    storage.land('checkpoint-000000000001');
    await settled();
    storage.land('checkpoint-000000000002');
    await settled();
    storage.land('checkpoint-000000000003');
    expect(foldedIn(await third, 'total')).toBe(1_111);
    expect(taken.values.map((checkpoint) => [checkpoint.id, foldedIn(checkpoint, 'total')])).toEqual([
      [1, 1],
      [2, 11],
      [3, 1_111],
    ]);
  });

  test('the one that is completed first subsumes those before it; whoever asked for these has it', async () => {
    const { log, checkpoints, failures, taken, storage } = await running({ maxConcurrent: 3 });
    storage.writeFate = 'hold';
    const asked: Promise<unknown>[] = [];
    for (let n = 1; n <= 3; n++) {
      log.write(n);
      asked.push(checkpoints.checkpoint());
    }
    storage.land('checkpoint-000000000002');
    expect(await asked[0]).toBe(await asked[1]);
    expect(failures.values.map(({ reason, checkpointId }) => [reason, checkpointId])).toEqual([['subsumed', 1]]);
    storage.land('checkpoint-000000000001'); // too late
    storage.land('checkpoint-000000000003');
    await asked[2];
    expect(taken.values.map(({ id }) => id)).toEqual([2, 3]);
    expect(failures.values).toHaveLength(1);
  });

  test('what did not change is the same object, also while the one before is on its way', async () => {
    const still = new Log([5]);
    const { log, checkpoints, taken, storage } = await running({ maxConcurrent: 2 });
    observe(checkpoints.recover(still.stream$.pipe(uid('still')), { name: 'still' }));
    await settled();
    storage.writeFate = 'hold';
    checkpoints.next();
    log.write(1);
    checkpoints.next();
    storage.land('checkpoint-000000000001');
    await settled();
    storage.land('checkpoint-000000000002');
    await settled();
    const [first, second] = taken.values;
    expect(second!.operators.still).toBe(first!.operators.still);
    expect(second!.operators.total).not.toBe(first!.operators.total);
  });

  test('a pipeline that left between two is in the second as in the first, not as in the last completed one', async () => {
    const other = new Log([1]);
    const { checkpoints, taken, storage } = await running({ maxConcurrent: 2 });
    const left$ = other.stream$.pipe(
      uid('other log'),
      scan((sum, n) => sum + n, 0),
      uid('other'),
    );
    const leaving = observe(checkpoints.recover(left$, { name: 'leaving' }));
    await settled();
    await checkpoints.checkpoint();
    other.write(10);
    storage.writeFate = 'hold';
    checkpoints.next();
    leaving.unsubscribe();
    checkpoints.next();
    for (const id of [2, 3]) {
      storage.land(`checkpoint-00000000000${id}`);
      await settled();
    }
    expect(taken.values.map((checkpoint) => foldedIn(checkpoint, 'other'))).toEqual([1, 11, 11]);
    storage.writeFate = 'succeed';
    expect(observe(checkpoints.recover(left$, { name: 'leaving' })).values).toEqual([]);
    await settled();
    other.write(100);
    expect(foldedIn(await checkpoints.checkpoint(), 'other')).toBe(111);
  });

  test('a pipeline that left is taken from the last completed one if the one in between fails', async () => {
    const other = new Log([1]);
    const { checkpoints, taken, failures, storage } = await running({ maxConcurrent: 2 });
    const pipeline$ = other.stream$.pipe(
      uid('other log'),
      scan((sum, n) => sum + n, 0),
      uid('other'),
    );
    const leaving = observe(checkpoints.recover(pipeline$, { name: 'leaving' }));
    await settled();
    await checkpoints.checkpoint();
    other.write(10);
    storage.writeFate = 'hold';
    checkpoints.next();
    storage.fail('checkpoint-000000000002');
    await settled();
    leaving.unsubscribe();
    checkpoints.next();
    storage.land('checkpoint-000000000003');
    await settled();
    expect(reasons(failures)).toEqual(['storage-failed']);
    expect(taken.values.map((checkpoint) => foldedIn(checkpoint, 'other'))).toEqual([1, 1]);
  });
});

describe('tolerableFailures', () => {
  test('so many in a row are tolerated; the next ends the pipelines, and retry goes on from the last completed one', async () => {
    const storage = new ScriptedStorage();
    const log = new Log<number>();
    const checkpoints = new CheckpointSubject({ storage, tolerableFailures: 1 });
    const failures = observe(checkpoints.failures$);
    const errors: unknown[] = [];
    const retried$ = checkpoints.recover(totals(log)).pipe(
      retry({
        delay: (error: unknown) => {
          errors.push(error);
          storage.writeFate = 'succeed';
          return Promise.resolve();
        },
      }),
    );
    const pipeline = observe(retried$);
    await settled();
    log.write(1);
    await checkpoints.checkpoint();
    log.write(10);
    storage.writeFate = 'fail';
    checkpoints.next();
    await settled();
    expect(errors).toEqual([]);
    checkpoints.next();
    await settled();
    await settled();
    expect(errors).toMatchObject([
      { name: 'TooManyFailedCheckpointsError', failures: 2, last: failures.values[1], cause: failures.values[1] },
    ]);
    expect(errors[0]).toBeInstanceOf(TooManyFailedCheckpointsError);
    expect(reasons(failures)).toEqual(['storage-failed', 'storage-failed']);
    expect(pipeline.values).toEqual([1, 11, 11]);
    expect(foldedIn(await checkpoints.checkpoint(), 'total')).toBe(11);
  });

  test('a completed one begins the count anew, and refusals do not count', async () => {
    const { checkpoints, failures, pipeline, storage } = await running({ tolerableFailures: 1, minPauseMs: 1_000 });
    for (let round = 0; round < 3; round++) {
      storage.writeFate = 'fail';
      await expect(checkpoints.checkpoint()).rejects.toBeInstanceOf(CheckpointFailedError);
      storage.writeFate = 'succeed';
      await checkpoints.checkpoint();
      checkpoints.next();
      checkpoints.next();
    }
    expect(failures.values).toHaveLength(9);
    expect(pipeline.error).toBeUndefined();
  });

  test('what is on its way when the pipelines end is aborted, and all pipelines end', async () => {
    const { log, checkpoints, failures, pipeline, storage } = await running({ tolerableFailures: 0, maxConcurrent: 2 });
    const other = observe(checkpoints.recover(new Log<number>().stream$.pipe(uid('other')), { name: 'other' }));
    await settled();
    storage.writeFate = 'hold';
    checkpoints.next();
    log.write(1);
    const second = checkpoints.checkpoint();
    const third = checkpoints.checkpoint();
    storage.fail('checkpoint-000000000001');
    await expect(second).rejects.toMatchObject({ reason: 'aborted', checkpointId: 2 });
    await expect(third).rejects.toMatchObject({ reason: 'aborted', checkpointId: undefined });
    expect(reasons(failures)).toEqual(['storage-failed', 'aborted', 'aborted']);
    expect([pipeline.error, other.error]).toEqual([
      expect.any(TooManyFailedCheckpointsError),
      expect.any(TooManyFailedCheckpointsError),
    ]);
    expect(failures.values[1]!.message).toMatchInlineSnapshot(
      `"A checkpoint that was asked for was given up, because the pipelines were ended by an error. The checkpoint before is still what a restart begins with. A checkpoint failed, and tolerableFailures allows 0: a restart would repeat more and more. Do away with the cause, then subscribe again, e.g. with retry(), which goes on from the last completed one. The last failure: Checkpoint 1 could not be written, and the one before is still what a restart begins with. The storage (a scripted storage) could not write 'checkpoint-000000000001': timed out. This checkpoint is not durable; the ones before it are untouched."`,
    );
    expect(failures.values[2]!.message).toMatchInlineSnapshot(
      `"Checkpoint 2 was given up, because the pipelines were ended by an error. The checkpoint before is still what a restart begins with. A checkpoint failed, and tolerableFailures allows 0: a restart would repeat more and more. Do away with the cause, then subscribe again, e.g. with retry(), which goes on from the last completed one. The last failure: Checkpoint 1 could not be written, and the one before is still what a restart begins with. The storage (a scripted storage) could not write 'checkpoint-000000000001': timed out. This checkpoint is not durable; the ones before it are untouched."`,
    );
  });
});

describe('onCancellation', () => {
  test.each(['retain', 'delete'] as const)('%s: when all pipelines were unsubscribed', async (onCancellation) => {
    const { log, checkpoints, pipeline, storage } = await running({ onCancellation });
    log.write(1);
    await checkpoints.checkpoint();
    pipeline.unsubscribe();
    await settled();
    log.write(10);
    const next = new CheckpointSubject({ storage: storage.reopened() });
    const again = observe(next.recover(totals(log)));
    await settled();
    expect(again.values).toEqual(onCancellation === 'retain' ? [11] : [1, 11]);
    // Ids ascend all the same.
    expect((await next.checkpoint()).id).toBe(onCancellation === 'retain' ? 2 : 3);
  });

  test('delete: a pipeline that begins again is as new, and what it journaled is gone', async () => {
    const { log, checkpoints, pipeline, storage } = await running({ onCancellation: 'delete' });
    log.write(1, 2, 3);
    await checkpoints.checkpoint();
    pipeline.unsubscribe();
    const again = observe(checkpoints.recover(totals(log)));
    await settled();
    expect(again.values).toEqual([1, 3, 6]);
    expect(storage.names()).toEqual(['checkpoint-000000000002']);
  });

  test('delete: killed before the old ones are gone, a restart begins anew nevertheless', async () => {
    const { log, checkpoints, pipeline, storage } = await running({ onCancellation: 'delete' });
    log.write(1);
    await checkpoints.checkpoint();
    storage.removalsHeld = new Promise(() => {});
    pipeline.unsubscribe();
    await settled();
    expect(storage.names()).toHaveLength(2);
    const next = new CheckpointSubject({ storage: storage.reopened() });
    const again = observe(next.recover(totals(log)));
    await settled();
    expect(again.values).toEqual([1]);
  });

  test('delete: nothing is removed as long as a pipeline that failed may be restarted', async () => {
    const { log, checkpoints, storage } = await running({ onCancellation: 'delete' });
    const other = observe(checkpoints.recover(new Log<number>().stream$.pipe(uid('other')), { name: 'other' }));
    await settled();
    log.write(1);
    await checkpoints.checkpoint();
    log.breakDown(new Error('no more'));
    other.unsubscribe();
    await settled();
    expect(storage.names()).toEqual(['checkpoint-000000000001']);
  });

  test('delete: that all have completed stays known', async () => {
    const { log, storage } = await running({ onCancellation: 'delete' });
    log.end();
    await settled();
    expect(storage.names()).toEqual(['checkpoint-000000000001']);
  });

  test('delete: checkpoints with a pipeline that was not there stay', async () => {
    const { log, checkpoints, pipeline, storage } = await running({});
    log.write(1);
    await checkpoints.checkpoint();
    pipeline.unsubscribe();
    await settled();
    const later = new CheckpointSubject({ storage, onCancellation: 'delete' });
    observe(later.recover(new Log<number>().stream$.pipe(uid('other')), { name: 'other' })).unsubscribe();
    await settled();
    expect(storage.names()).toEqual(['checkpoint-000000000001']);
  });
});

describe("onCancellation 'delete', when the storage does not take it", () => {
  test.each([
    ['breaks', 'fail', /^The checkpoints of this job, which was cancelled, could not be removed\. .* no space\./],
    ['hangs', 'hold', /a restart goes on with them.* did not answer within 70 ms; it may do so yet\.$/],
  ] as const)('%s: says what is left, and gives the storage back', async (_, fate, message) => {
    const { log, checkpoints, pipeline, storage, failures } = await running({
      onCancellation: 'delete',
      timeoutMs: 70,
    });
    log.write(1);
    await checkpoints.checkpoint();
    storage.writeFate = fate;
    pipeline.unsubscribe();
    await settled();
    jest.advanceTimersByTime(70);
    await settled();
    expect(failures.values).toMatchObject([{ reason: 'cleanup-failed', message: expect.stringMatching(message) }]);
    storage.writeFate = 'succeed';
    log.write(2);
    const again = observe(checkpoints.recover(totals(log)));
    await settled();
    expect(again.values).toEqual([3]);
  });
});

test('what expires while it is compressed says so', async () => {
  const { log, checkpoints, taken, failures } = await running({ compression: 'gzip', timeoutMs: 70 });
  log.write(1);
  const asked = checkpoints.checkpoint();
  jest.advanceTimersByTime(70);
  await expect(asked).rejects.toMatchObject({ reason: 'expired', failure: { waitedFor: 'compression' } });
  expect(failures.last!.message).toContain('70 ms of waiting for its own compression. The pipelines go on; a restart');
  expect(taken.values).toEqual([]);
});

describe('checkpointAfterCompletion', () => {
  test.each([true, false])('%s', async (checkpointAfterCompletion) => {
    const { log, taken, storage } = await running({ checkpointAfterCompletion });
    log.write(1);
    log.end();
    await settled();
    expect(taken.values.map(({ pipelines }) => pipelines.main)).toEqual(checkpointAfterCompletion ? ['completed'] : []);
    const again = observe(new CheckpointSubject({ storage: storage.reopened() }).recover(totals(log)));
    await settled();
    expect(again).toMatchObject({ values: checkpointAfterCompletion ? [] : [1], hasCompleted: true });
  });
});

describe("mode 'at-least-once'", () => {
  test('holds no input, and a record behind a barrier may count twice after a restore', async () => {
    const remotes = [new Remote([1, 2, 3]), new Remote([10, 20, 30])] as const;
    const build = () =>
      merge(remotes[0].stream$.pipe(uid('a')), remotes[1].stream$.pipe(uid('b'))).pipe(
        uid('merge'),
        scan((sum, n) => sum + n, 0),
        uid('total'),
      );
    const storage = memoryStorage();
    const checkpoints = new CheckpointSubject({ storage, mode: 'at-least-once' });
    const pipeline = observe(checkpoints.recover(build()));
    await settled();
    const asked = checkpoints.checkpoint();
    remotes[0].deliverBarrier();
    remotes[0].emit();
    expect(pipeline.values).toEqual([1]);
    remotes[1].deliverBarrier();
    expect(foldedIn(await asked, 'total')).toBe(1);
    pipeline.unsubscribe();
    await settled();

    const restored = observe(new CheckpointSubject({ storage, mode: 'at-least-once' }).recover(build()));
    await settled();
    remotes[0].emit();
    expect(restored.values).toEqual([2]);
  });
});

describe('nothing unrelated dies', () => {
  test('of what subscribers of checkpoints and failures throw', async () => {
    const { log, checkpoints, taken, failures, pipeline, storage } = await running({});
    const thrown: unknown[] = [];
    const broken = (name: string) =>
      new (class extends Subscriber<unknown> {
        override next(): void {
          thrown.push(name);
          throw new Error(name);
        }
      })();
    checkpoints.subscribe(broken('checkpoints'));
    checkpoints.failures$.subscribe(broken('failures'));
    const unhandled: unknown[] = [];
    const spy = jest.spyOn(globalThis, 'setTimeout').mockImplementation(((work: () => void) => {
      try {
        work();
      } catch (error) {
        unhandled.push((error as Error).message);
      }
      return 0;
    }) as never);
    log.write(1);
    await checkpoints.checkpoint();
    storage.writeFate = 'fail';
    checkpoints.next();
    await settled();
    storage.writeFate = 'succeed';
    await checkpoints.checkpoint();
    spy.mockRestore();
    expect(thrown).toEqual(['checkpoints', 'failures', 'checkpoints']);
    expect(unhandled).toEqual(thrown);
    expect([taken.values.length, reasons(failures), pipeline.error]).toEqual([2, ['storage-failed'], undefined]);
  });

  test('of a trigger that asks from within everything', async () => {
    const trigger = new Subject<void>();
    const { log, checkpoints, taken, failures } = await running({ trigger, maxConcurrent: 3 });
    const again = { left: 20 };
    const ask = () => again.left-- > 0 && (trigger.next(), void checkpoints.checkpoint().catch(() => {}));
    checkpoints.subscribe(ask);
    checkpoints.failures$.subscribe(ask);
    log.write(1);
    trigger.next();
    for (let i = 0; i < 10; i++) await settled();
    const ids = taken.values.map(({ id }) => id);
    expect(ids).toEqual([...ids].sort((a, b) => a - b));
    expect(again.left).toBeLessThanOrEqual(0);
    expect(reasons(failures).filter((reason) => reason !== 'too-many-pending')).toEqual([]);
  });
});
