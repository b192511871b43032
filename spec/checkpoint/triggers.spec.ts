import { describe, expect, jest, test } from '@jest/globals';
import { merge, of as rxOf } from 'rxjs';

import { CheckpointSubject, everyMs, fromArray, memoryStorage, recordMeter, scan, uid } from '../../src/index.js';
import { foldedIn } from '../support/CheckpointStates.js';
import { inFakeTime } from '../support/inFakeTime.js';
import { Log } from '../support/Log.js';
import { observe, settled } from '../support/Observed.js';

inFakeTime();

const sum = (total: number, n: number): number => total + n;

describe('everyMs', () => {
  test('triggers while pipelines run, and leaves no timer behind', async () => {
    const checkpoints = new CheckpointSubject({ storage: memoryStorage(), trigger: everyMs(1_000) });
    const taken = observe(checkpoints);
    expect(jest.getTimerCount()).toBe(0);
    const pipeline = observe(checkpoints.recover(new Log<number>().stream$.pipe(uid('log'))));
    await settled();
    await jest.advanceTimersByTimeAsync(3_500);
    expect(taken.values.map(({ id }) => id)).toEqual([1, 2, 3]);
    pipeline.unsubscribe();
    expect(jest.getTimerCount()).toBe(0);
  });

  test.each([0, -1, NaN, Infinity, '5', true])('refuses %p', (ms) => {
    expect(() => everyMs(ms as number)).toThrow(RangeError);
    expect(() => everyMs(ms as number)).toThrow(
      /^The interval of everyMs\(\) is .*: it has to be above 0, and finite\.$/,
    );
  });
});

describe('recordMeter', () => {
  async function metered(trigger: (meter: ReturnType<typeof recordMeter>) => ReturnType<typeof everyMs>) {
    const meter = recordMeter();
    const log = new Log<number>();
    const checkpoints = new CheckpointSubject({ storage: memoryStorage(), trigger: trigger(meter) });
    const taken = observe(checkpoints);
    const failures = observe(checkpoints.failures$);
    const total$ = log.stream$.pipe(uid('log'), meter.count(), scan(sum, 0), uid('total'));
    const pipeline = observe(checkpoints.recover(total$));
    await settled();
    return { log, taken, failures, pipeline };
  }

  test('every(n): the checkpoint has the n-th record, and all that it led to', async () => {
    const { log, taken } = await metered((meter) => meter.every(3));
    for (let n = 1; n <= 7; n++) {
      log.write(n);
      await settled();
    }
    expect(taken.values.map((checkpoint) => foldedIn(checkpoint, 'total'))).toEqual([6, 21]);
  });

  test('every(n): a source that emits all in one go is checkpointed within it', async () => {
    const meter = recordMeter();
    const checkpoints = new CheckpointSubject({ storage: memoryStorage(), trigger: meter.every(100) });
    const taken = observe(checkpoints);
    const failures = observe(checkpoints.failures$);
    const records = Array.from({ length: 250 }, () => 1);
    const total$ = fromArray(records).pipe(uid('records'), meter.count(), scan(sum, 0), uid('total'));
    const pipeline = observe(checkpoints.recover(total$));
    while (!pipeline.hasCompleted) await settled();
    await settled();
    expect(foldedIn(taken.values[0], 'total')).toBe(100);
    expect(failures.values.map(({ reason }) => reason)).toEqual(['too-many-pending']);
  });

  test('several triggers of one meter count for themselves', async () => {
    const meter = recordMeter();
    const told: string[] = [];
    const counting = [2, 3].map((n) => meter.every(n).subscribe((seen) => told.push(`${n}: ${seen}`)));
    rxOf(1, 2, 3, 4, 5, 6).pipe(meter.count()).subscribe();
    counting[0]!.unsubscribe();
    rxOf(7, 8, 9).pipe(meter.count()).subscribe();
    expect(told).toEqual(['2: 2', '3: 3', '2: 4', '2: 6', '3: 6', '3: 9']);
  });

  test('idle(ms): once after each burst', async () => {
    const { log, taken, pipeline } = await metered((meter) => meter.idle(100));
    await jest.advanceTimersByTimeAsync(1_000);
    expect(taken.values).toEqual([]);
    for (let n = 0; n < 10; n++) {
      log.write(1);
      await jest.advanceTimersByTimeAsync(60);
    }
    expect(taken.values).toEqual([]);
    await jest.advanceTimersByTimeAsync(1_000);
    expect(taken.values.map((checkpoint) => foldedIn(checkpoint, 'total'))).toEqual([10]);
    log.write(1);
    await jest.advanceTimersByTimeAsync(200);
    expect(taken.values).toHaveLength(2);
    pipeline.unsubscribe();
    expect(jest.getTimerCount()).toBe(0);
  });

  test('goes together with others, and from a restart on it counts anew', async () => {
    const { log, taken } = await metered((meter) => merge(meter.every(1_000), everyMs(500)));
    log.write(1);
    await jest.advanceTimersByTimeAsync(500);
    expect(taken.values).toHaveLength(1);
  });

  test.each([0, -1.5, NaN, Infinity, '5', true])('every refuses %p, and so does idle', (n) => {
    expect(() => recordMeter().every(n as number)).toThrow(RangeError);
    expect(() => recordMeter().idle(n as number)).toThrow(RangeError);
  });
});
