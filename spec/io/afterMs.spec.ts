import { describe, expect, jest, test } from '@jest/globals';
import { asyncScheduler } from 'rxjs';

import { afterMs, intervalMs } from '../../src/io/afterMs.js';
import { inFakeTime } from '../support/inFakeTime.js';

inFakeTime();

const LONGEST_MS = 2 ** 31 - 1;

const lengths = [1, 1_000, LONGEST_MS, LONGEST_MS + 1, 3 * LONGEST_MS + 7];

describe('afterMs', () => {
  test.each(lengths)('calls back once, after %d ms', (ms) => {
    const calls: number[] = [];
    const begin = Date.now();
    afterMs(ms, asyncScheduler, () => calls.push(Date.now() - begin));
    jest.advanceTimersByTime(ms - 1);
    expect(calls).toEqual([]);
    jest.advanceTimersByTime(2 * ms);
    expect(calls).toEqual([ms]);
    expect(jest.getTimerCount()).toBe(0);
  });

  test('is over when it is unsubscribed, in its later parts too', () => {
    const calls: number[] = [];
    const waiting = afterMs(3 * LONGEST_MS, asyncScheduler, () => calls.push(1));
    jest.advanceTimersByTime(2 * LONGEST_MS + 1);
    waiting.unsubscribe();
    expect(jest.getTimerCount()).toBe(0);
    jest.advanceTimersByTime(2 * LONGEST_MS);
    expect(calls).toEqual([]);
  });

  test('has no timer for Infinity', () => {
    const waiting = afterMs(Infinity, asyncScheduler, () => expect(true).toBe(false));
    expect(jest.getTimerCount()).toBe(0);
    waiting.unsubscribe();
  });
});

test.each(lengths)('intervalMs(%d) tells as often as that', (ms) => {
  const begin = Date.now();
  const seen: [number, number][] = [];
  const watching = intervalMs(ms, asyncScheduler).subscribe((n) => seen.push([n, Date.now() - begin]));
  jest.advanceTimersByTime(3.5 * ms);
  expect(seen).toEqual([0, 1, 2].map((n) => [n, (n + 1) * ms]));
  watching.unsubscribe();
  expect(jest.getTimerCount()).toBe(0);
});
