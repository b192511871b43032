import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';

import { config, map } from 'rxjs';

import type { CheckpointStatistics } from '../../src/index.js';
import { bufferCount, CheckpointSubject, memoryStorage, merge, operate, scan, uid } from '../../src/index.js';
import { Log } from '../support/Log.js';
import { observe, settled } from '../support/Observed.js';
import { Remote } from '../support/Remote.js';
import { ScriptedStorage } from './store/ScriptedStorage.js';

beforeEach(() => {
  jest.useFakeTimers({ now: 1_000_000, doNotFake: ['setImmediate', 'queueMicrotask', 'nextTick', 'performance'] });
});

afterEach(() => {
  jest.useRealTimers();
});

test('stats$ tells of each participant when it took how long, what it held, and what was written of it', async () => {
  const remote = new Remote([1, 2, 3]);
  const log = new Log([10, 20, 30]);
  const pipeline$ = merge(remote.stream$.pipe(uid('remote')), log.stream$.pipe(uid('log'))).pipe(
    uid('merge'),
    bufferCount(5),
    uid('buffer'),
    scan((count) => count + 1, 0),
    uid('count'),
  );
  const checkpoints = new CheckpointSubject({ storage: memoryStorage() });
  const stats = observe(checkpoints.stats$);
  expect(stats.values).toHaveLength(1);
  const job = observe(checkpoints.recover(pipeline$));
  await settled();
  remote.emit();
  const first = checkpoints.checkpoint();
  jest.advanceTimersByTime(40);
  remote.deliverBarrier();
  await first;
  const second = checkpoints.checkpoint();
  remote.deliverBarrier();
  await second;
  job.unsubscribe();

  const { counts, latest, summary, history } = stats.last!;
  expect(counts).toEqual({ triggered: 2, inProgress: 0, completed: 2, failed: 0, refused: 0, restored: 0 });
  const [newest, oldest] = history;
  expect(latest.completed).toBe(newest);
  expect(oldest).toMatchObject({
    ...{ id: 1, status: 'completed', timestamp: 1_000_000, acknowledgedAt: 1_000_040, startDelayMs: 40 },
    ...{ durationMs: 40, asynchronousMs: 0, savepoint: null, failure: null },
  });
  const { participants } = oldest!;
  expect(Object.keys(participants).sort()).toEqual(['buffer', 'count', 'log', 'merge', 'remote']);
  expect(participants.buffer!.inFlightBytes).toBe(participants.buffer!.sizeBytes);
  expect(oldest!.inFlightBytes).toBeLessThan(oldest!.sizeBytes!);
  expect(participants.count).toMatchObject({ inFlightBytes: 0, alignmentMs: 0, startDelayMs: 40, asynchronousMs: 0 });
  for (const part of Object.values(participants)) {
    expect(part.synchronousMs).toBeGreaterThanOrEqual(0);
    expect(part.writtenBytes).toBe(part.sizeBytes);
  }
  expect(oldest!.synchronousMs).toBeGreaterThan(0);
  // Nothing has changed since.
  for (const part of Object.values(newest!.participants)) expect(part.writtenBytes).toBe(0);
  expect(summary!.sizeBytes.max).toBe(oldest!.sizeBytes);
});

test('stats$ tells of failures, refusals, late states, savepoints and restores', async () => {
  const storage = new ScriptedStorage();
  const log = new Log([1]);
  let promised: ((state: number) => void) | null = null;
  const late = operate<number, number, number>({
    operator: 'late',
    create: () => ({
      next: (value, out) => out.next(value),
      snapshotState: () => new Promise<number>((resolve) => (promised = resolve)),
      restoreState: () => undefined,
    }),
  });
  const pipeline$ = log.stream$.pipe(uid('log'), late, uid('late'));
  const checkpoints = new CheckpointSubject({ storage, timeoutMs: 500 });
  const failures = observe(checkpoints.failures$);
  const stats = observe(checkpoints.stats$);
  const now = (): CheckpointStatistics => stats.last!;
  checkpoints.next();
  expect(now()).toMatchObject({ counts: { triggered: 0, refused: 1 }, latest: { refusal: { reason: 'not-running' } } });

  const job = observe(checkpoints.recover(pipeline$));
  await settled();
  checkpoints.next();
  expect(now().history[0]!.participants.late).toMatchObject({ acknowledgedAt: null, asynchronousMs: null });
  jest.advanceTimersByTime(500);
  expect(now()).toMatchObject({ counts: { triggered: 1, failed: 1 } });
  expect(now().latest.failed).toMatchObject({
    id: 1,
    status: 'failed',
    failure: { reason: 'expired' },
    durationMs: 500,
  });
  expect(now().latest.failed!.failure).toBe(failures.last);

  const saved = checkpoints.savepoint('kept');
  await settled();
  jest.advanceTimersByTime(30);
  promised!(7);
  await saved;
  expect(now().latest.savepoint).toMatchObject({ id: 2, savepoint: 'kept', status: 'completed', durationMs: 30 });
  expect(now().latest.savepoint!.participants.late).toMatchObject({ asynchronousMs: 30, acknowledgedAt: 1_000_530 });
  job.unsubscribe();
  await settled();

  observe(checkpoints.recover(pipeline$));
  await settled();
  expect(now()).toMatchObject({ counts: { restored: 1 }, latest: { restored: { checkpointId: 2 } } });
});

test('of no checkpoint are details kept if nobody wants them', async () => {
  const log = new Log([1]);
  const checkpoints = new CheckpointSubject({ storage: memoryStorage(), historySize: 0 });
  const job = observe(checkpoints.recover(log.stream$.pipe(uid('log'))));
  await settled();
  await checkpoints.checkpoint();
  job.unsubscribe();
  expect(observe(checkpoints.stats$).last).toMatchObject({ counts: { completed: 1 }, history: [] });
  expect(() => new CheckpointSubject({ storage: memoryStorage(), historySize: -1 })).toThrow(
    'historySize is -1: it has to be a whole number from 0 on.',
  );
});

test('who hears of a checkpoint from stats$ may ask for the next one at once, and may throw', async () => {
  const unhandled: unknown[] = [];
  config.onUnhandledError = (error) => unhandled.push(error);
  const log = new Log([1]);
  const storage = memoryStorage();
  const checkpoints = new CheckpointSubject({ storage });
  const failures = observe(checkpoints.failures$);
  const ids = observe(checkpoints.pipe(map(({ id }) => id)));
  const job = observe(checkpoints.recover(log.stream$.pipe(uid('log'))));
  await settled();
  const asked: Promise<unknown>[] = [];
  checkpoints.stats$.subscribe(({ counts }) => {
    if (counts.inProgress === 0 && counts.completed < 5) asked.push(checkpoints.checkpoint());
  });
  checkpoints.stats$.subscribe(() => {
    throw new Error('of a subscriber');
  });
  for (let done = 0; done < asked.length; done++) await asked[done];
  expect(ids.values).toEqual([1, 2, 3, 4, 5]);
  expect(failures.values).toEqual([]);
  job.unsubscribe();
  await jest.runAllTimersAsync();
  expect(unhandled.length).toBeGreaterThan(0);
  config.onUnhandledError = null;
  const again = new CheckpointSubject({ storage });
  const restored = observe(again.recover(log.stream$.pipe(uid('log'))));
  await settled();
  expect([restored.error, restored.values]).toEqual([undefined, []]);
  restored.unsubscribe();
});
