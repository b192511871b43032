import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import type { Observable, OperatorFunction } from 'rxjs';
import { asyncScheduler } from 'rxjs';

import type { CheckpointedObservable } from '../../src/index.js';
import { CheckpointSubject, memoryStorage, of, sample, skipLast } from '../../src/index.js';
import { fromObservable } from '../../src/sources/fromObservable.js';
import type { Library } from '../support/Library.js';
import { ours, theirs } from '../support/Library.js';
import { observe, settled } from '../support/Observed.js';
import { Recording } from '../support/Recording.js';

beforeEach(() => {
  jest.useFakeTimers({ doNotFake: ['setImmediate', 'queueMicrotask', 'nextTick'] });
});

afterEach(() => {
  jest.useRealTimers();
});

/** What JavaScript passes, against the types. */
const odd = (value: unknown): never => value as never;

const uses: Record<string, (rx: Library) => OperatorFunction<number, unknown>> = {
  'skipLast(undefined)': (rx) => rx.skipLast(odd(undefined)),
  'skipLast(NaN)': (rx) => rx.skipLast(NaN),
  'skipLast(1.5)': (rx) => rx.skipLast(1.5),
  'retry(null)': (rx) => rx.retry(odd(null)),
  'mergeAll(null)': (rx) => (source) =>
    source.pipe(
      rx.map((n) => [n, n]),
      rx.mergeAll(odd(null)),
    ),
  'delay(undefined)': (rx) => rx.delay(odd(undefined)),
  'delay(null)': (rx) => rx.delay(odd(null)),
  'groupBy(x, 7)': (rx) => (source) =>
    source.pipe(
      rx.groupBy((n) => n, odd(7)),
      rx.mergeAll(),
    ),
  'first(7)': (rx) => rx.first(odd(7)),
  'sample(7)': (rx) => rx.sample(odd(7)),
  'buffer(null)': (rx) => rx.buffer(odd(null)),
  'takeUntil(undefined)': (rx) => rx.takeUntil(odd(undefined)),
  'withLatestFrom(7)': (rx) => rx.withLatestFrom(odd(7)),
  'concatWith(7)': (rx) => rx.concatWith(odd(7)),
  'onErrorResumeNextWith(undefined)': (rx) => rx.onErrorResumeNextWith(odd(undefined)),
  'delayWhen(x, 0)': (rx) => rx.delayWhen(() => rx.of(1), odd(0)),
  'merge(scheduler)': (rx) => () => rx.merge(odd(asyncScheduler)),
  'from(array, null)': (rx) => () => rx.from([1, 2], odd(null)),
  'expand(x, 1, null)': (rx) => rx.expand((n) => (n < 3 ? [n + 1] : []), 1, odd(null)),
  'throttleTime(1, null)': (rx) => rx.throttleTime(1, odd(null), { leading: true, trailing: true }),
  'auditTime(1, null)': (rx) => rx.auditTime(1, odd(null)),
  'delay(1, null)': (rx) => rx.delay(1, odd(null)),
  'delay(1, {})': (rx) => rx.delay(1, odd({})),
  'bufferTime(1, null, null)': (rx) => rx.bufferTime(1, null, odd(null)),
  'map(7, this)': (rx) => rx.map(odd(7), {}),
  'filter(7, this)': (rx) => rx.filter(odd(7), {}),
  'find(7, this)': (rx) => rx.find(odd(7), {}),
  'every(7, this)': (rx) => rx.every(odd(7), {}),
  'timeout({ each: 1, scheduler: null })': (rx) => rx.timeout({ each: 1, scheduler: odd(null) }),
  'throttleTime(a date)': (rx) => rx.throttleTime(odd(new Date(0))),
  'auditTime(a symbol)': (rx) => rx.auditTime(odd(Symbol('time'))),
  'debounceTime(a symbol)': (rx) => rx.debounceTime(odd(Symbol('time'))),
  'bufferTime(1, a symbol)': (rx) => rx.bufferTime(1, odd(Symbol('time'))),
  'windowTime(1, a symbol)': (rx) => rx.windowTime(1, odd(Symbol('time'))),
  'windowTime(1, null, false)': (rx) => (source) => source.pipe(rx.windowTime(1, null, odd(false)), rx.mergeAll()),
  'share({ connector: null })': (rx) => rx.share({ connector: odd(null) }),
  'switchMap(x, {})': (rx) => rx.switchMap((n) => [n], odd({})),
  'exhaustMap(x, {})': (rx) => rx.exhaustMap((n) => [n], odd({})),
  'combineLatestAll(7)': (rx) => (source) =>
    source.pipe(
      rx.map((n) => [n]),
      rx.combineLatestAll(odd(7)),
    ),
  'publishReplay(1, 1, 7)': (rx) => (source) => source.pipe(rx.publishReplay(1, 1, odd(7)), rx.refCount()),
  'bufferTime(1, null, NaN)': (rx) => rx.bufferTime(1, null, NaN),
  'retry(1.5)': (rx) => (source) => source.pipe(rx.tap(failAtTwo), rx.retry(1.5)),
  'retry({ resetOnSuccess: 1 })': (rx) => (source) =>
    source.pipe(rx.tap(failAtTwo), rx.retry({ count: 1, resetOnSuccess: odd(1) }), rx.take(5)),
  'mergeMap(x, y, null)': (rx) => rx.mergeMap((n) => [n, n], Array.of, odd(null)),
  'mergeMapTo(x, y, null)': (rx) => rx.mergeMapTo([7], Array.of, odd(null)),
  'groupBy(x, null, null, null)': (rx) => (source) =>
    source.pipe(
      rx.groupBy((n) => n, odd(null), odd(null), odd(null)),
      rx.mergeAll(),
    ),
  'groupBy(x, nulls)': (rx) => (source) =>
    source.pipe(
      rx.groupBy((n) => n, { element: odd(null), duration: odd(null), connector: odd(null) }),
      rx.mergeAll(),
    ),
  'groupBy(x, { key: y })': (rx) => (source) =>
    source.pipe(
      rx.groupBy((n) => n, odd({ key: () => 7 })),
      rx.map(({ key }) => key),
    ),
};

function failAtTwo(n: number): void {
  if (n === 2) throw new Error('two');
}

function linesOf(
  rx: Library,
  make: (rx: Library) => OperatorFunction<number, unknown>,
  source: Observable<number>,
): readonly string[] {
  const recording = new Recording(() => 0);
  source.pipe(make(rx)).subscribe({
    next: (value) => recording.next('result', value),
    // The engine's words name a variable.
    error: (error: unknown) => recording.note('error', /is not a function$/.exec(String(error))?.[0] ?? error),
    complete: () => recording.note('complete'),
  });
  recording.note('subscribed');
  jest.runAllTimers();
  return recording.lines;
}

describe('an odd argument does what it does in RxJS', () => {
  test('merge of nothing to subscribe to', () => {
    for (const rx of [theirs, ours]) expect(() => rx.merge(odd(undefined))).toThrow(TypeError);
  });

  test('delayWhen(x, nothing to wait for)', () => {
    for (const rx of [theirs, ours])
      expect(() => rx.of(1).pipe(rx.delayWhen(() => rx.of(1), odd([1])))).toThrow(TypeError);
  });

  test.each(Object.entries(uses))('%s', (_, make) => {
    const expected = linesOf(theirs, make, theirs.of(1, 2, 3));
    expect(expected.length).toBeGreaterThan(1);
    expect(linesOf(ours, make, theirs.of(1, 2, 3))).toEqual(expected);
    expect(linesOf(ours, make, fromObservable(theirs.of(1, 2, 3)))).toEqual(expected);
  });

  const inJobs: Record<string, [() => CheckpointedObservable<number>, RegExp]> = {
    'skipLast(NaN)': [() => of(1, 2).pipe(skipLast(NaN)), /Invalid array length/],
    'concatWith(7)': [() => of(1).pipe(ours.concatWith(odd(7)) as never), /where a stream was expected/],
    'an operator after sample(7)': [
      () => fromObservable(theirs.NEVER).pipe(sample(odd(7))),
      /where a stream was expected/,
    ],
  };

  test.each(Object.entries(inJobs))('in a job it is an error of the pipeline: %s', async (_, [make, message]) => {
    const seen = observe(new CheckpointSubject({ storage: memoryStorage() }).recover(make()));
    await settled();
    expect(String(seen.error)).toMatch(message);
  });
});
