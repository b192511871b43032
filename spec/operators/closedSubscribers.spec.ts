import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import type { Observable } from 'rxjs';
import { asapScheduler, asyncScheduler, Subscriber } from 'rxjs';

import type { Library } from '../support/Library.js';
import { ours, theirs } from '../support/Library.js';
import { settled } from '../support/Observed.js';
import { Recording } from '../support/Recording.js';

beforeEach(() => {
  jest.useFakeTimers({ doNotFake: ['setImmediate', 'queueMicrotask', 'nextTick'] });
});

afterEach(() => {
  jest.useRealTimers();
});

type Use = (rx: Library, source: Observable<number>, other: Observable<number>) => Observable<unknown>;

/** What starts something of its own when it is subscribed to, or has more than one input. */
const uses: Record<string, Use> = {
  'auditTime(3)': (rx, source) => source.pipe(rx.auditTime(3)),
  'buffer(other)': (rx, source, other) => source.pipe(rx.buffer(other)),
  'bufferTime(4)': (rx, source) => source.pipe(rx.bufferTime(4)),
  'bufferTime(4, 2)': (rx, source) => source.pipe(rx.bufferTime(4, 2)),
  'bufferTime(4, null, 1)': (rx, source) => source.pipe(rx.bufferTime(4, null, 1)),
  'bufferToggle(other)': (rx, source, other) => source.pipe(rx.bufferToggle(other, () => other)),
  'bufferWhen(other)': (rx, source, other) => source.pipe(rx.bufferWhen(() => other)),
  combineLatest: (rx, source, other) => rx.combineLatest([source, other]),
  concat: (rx, source, other) => rx.concat(source, other),
  connect: (rx, source, other) => source.pipe(rx.connect((s) => rx.merge(s, other))),
  'debounceTime(3)': (rx, source) => source.pipe(rx.debounceTime(3)),
  'delay(3)': (rx, source) => source.pipe(rx.delay(3)),
  'delayWhen(f, other)': (rx, source, other) => source.pipe(rx.delayWhen(() => other, other)),
  forkJoin: (rx, source, other) => rx.forkJoin([source, other]),
  'groupBy with durations': (rx, source, other) => source.pipe(rx.groupBy((n) => n, { duration: () => other })),
  interval: (rx) => rx.interval(3),
  'interval(0)': (rx) => rx.interval(0),
  merge: (rx, source, other) => rx.merge(source, other),
  mergeMap: (rx, source, other) => source.pipe(rx.mergeMap(() => other)),
  'observeOn(async)': (rx, source) => source.pipe(rx.observeOn(asyncScheduler, 2)),
  'of on a scheduler': (rx) => rx.scheduled([1, 2], asyncScheduler),
  onErrorResumeNext: (rx, source, other) => rx.onErrorResumeNext(source, other),
  race: (rx, source, other) => rx.race(source, other),
  'range on a scheduler': (rx) => rx.range(1, 3, asyncScheduler),
  'repeat({ delay: 2 })': (rx, source) => source.pipe(rx.repeat({ delay: 2 })),
  'repeatWhen(other)': (rx, source, other) => source.pipe(rx.repeatWhen(() => other)),
  'retry({ delay: 2 })': (rx, source) => source.pipe(rx.retry({ delay: 2 })),
  'sample(other)': (rx, source, other) => source.pipe(rx.sample(other)),
  'sampleTime(2)': (rx, source) => source.pipe(rx.sampleTime(2)),
  'sequenceEqual(other)': (rx, source, other) => source.pipe(rx.sequenceEqual(other)),
  share: (rx, source) => source.pipe(rx.share()),
  'shareReplay(1)': (rx, source) => source.pipe(rx.shareReplay(1)),
  'skipUntil(other)': (rx, source, other) => source.pipe(rx.skipUntil(other)),
  'startWith on a scheduler': (rx, source) => source.pipe(rx.startWith(0, asyncScheduler)),
  'subscribeOn(asap)': (rx, source) => source.pipe(rx.subscribeOn(asapScheduler)),
  'subscribeOn(async)': (rx, source) => source.pipe(rx.subscribeOn(asyncScheduler, 2)),
  switchMap: (rx, source, other) => source.pipe(rx.switchMap(() => other)),
  'takeUntil(other)': (rx, source, other) => source.pipe(rx.takeUntil(other)),
  'throttleTime(3)': (rx, source) => source.pipe(rx.throttleTime(3)),
  'timeout(3)': (rx, source) => source.pipe(rx.timeout(3)),
  'timeout({ first: 3, each: 2 })': (rx, source) => source.pipe(rx.timeout({ first: 3, each: 2 })),
  'timeoutWith(3, other)': (rx, source, other) => source.pipe(rx.timeoutWith(3, other)),
  timer: (rx) => rx.timer(3),
  'timer(3, 2)': (rx) => rx.timer(3, 2),
  using: (rx, source) =>
    rx.using(
      () => ({ unsubscribe: () => undefined }),
      () => source,
    ),
  'window(other)': (rx, source, other) => source.pipe(rx.window(other)),
  'windowTime(4)': (rx, source) => source.pipe(rx.windowTime(4)),
  'windowTime(4, 2)': (rx, source) => source.pipe(rx.windowTime(4, 2)),
  'windowToggle(other)': (rx, source, other) => source.pipe(rx.windowToggle(other, () => other)),
  'windowWhen(other)': (rx, source, other) => source.pipe(rx.windowWhen(() => other)),
  'withLatestFrom(other)': (rx, source, other) => source.pipe(rx.withLatestFrom(other)),
  zip: (rx, source, other) => rx.zip(source, other),
};

/** What is subscribed to, and which timers there are, when a subscriber comes that has left already. */
async function linesOf(rx: Library, use: Use, isOurs: boolean, isSilent: boolean): Promise<readonly string[]> {
  const recording = new Recording(() => 0);
  const stream = (name: string): Observable<number> => {
    const plain = new theirs.Observable<number>((subscriber) => {
      recording.note(`${name} subscribed`, subscriber.closed);
      if (!isSilent) subscriber.next(1);
      return () => recording.note(`${name} left`);
    });
    return isOurs ? rx.from(plain).pipe(rx.map((n) => n)) : plain;
  };
  const subscriber = new Subscriber<unknown>();
  subscriber.unsubscribe();
  use(rx, stream('source'), stream('other')).subscribe(subscriber);
  recording.note('timers', jest.getTimerCount());
  await settled();
  jest.advanceTimersByTime(20);
  recording.note('timers', jest.getTimerCount());
  jest.clearAllTimers();
  return recording.lines;
}

test.each(Object.entries(uses))('who has left before it subscribes leaves nothing behind: %s', async (_, use) => {
  for (const isSilent of [true, false]) {
    for (const isOurs of [false, true]) {
      expect(await linesOf(ours, use, isOurs, isSilent)).toEqual(await linesOf(theirs, use, isOurs, isSilent));
    }
  }
});
