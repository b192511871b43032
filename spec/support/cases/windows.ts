import fc from 'fast-check';
import type { Observable } from 'rxjs';
import { asyncScheduler } from 'rxjs';

import type { Value } from '../InputSpec.js';
import type { Library } from '../Library.js';
import type { OperatorCase, OperatorUse, OperatorUseOptions, Stage } from '../Stage.js';
import { use } from '../Stage.js';
import { isOdd, sum, thrower } from './callbacks.js';
import { bringing, repeating } from './drains.js';

type Split = (rx: Library, stage: Stage) => Observable<Observable<Value>>;

const raw = { notInJobs: 'hands live Observables to the subscriber, which no restore gives back' };
const remembering = { notInJobs: 'its callback remembers' };

/** What is done with windows: read at once, late, one after the other, not to the end, and in ways that leave some. */
const readers: Readonly<
  Record<string, (rx: Library, windows: Observable<Observable<Value>>, stage: Stage) => Observable<unknown>>
> = {
  'mergeMap(map)': (rx, windows) => windows.pipe(rx.mergeMap((w, i) => w.pipe(rx.map((x, j) => [i, x, j])))),
  'mergeMap(reduce)': (rx, windows) => windows.pipe(rx.mergeMap((w) => w.pipe(rx.reduce(sum, 0)))),
  'mergeMap(scan, delay)': (rx, windows, { ms }) =>
    windows.pipe(rx.mergeMap((w) => w.pipe(rx.scan(sum, 0), rx.delay(ms(2))))),
  'concatMap(w)': (rx, windows) => windows.pipe(rx.concatMap((w) => w)),
  'concatMap(take(1))': (rx, windows) => windows.pipe(rx.concatMap((w) => w.pipe(rx.take(1)))),
  'switchMap(w)': (rx, windows) => windows.pipe(rx.switchMap((w, i) => w.pipe(rx.map((x) => [i, x])))),
  'delay, mergeMap': (rx, windows, { ms }) =>
    windows.pipe(
      rx.delay(ms(2)),
      rx.mergeMap((w, i) => w.pipe(rx.map((x) => [i, x]))),
    ),
  'mergeMap(delay)': (rx, windows, { ms }) => windows.pipe(rx.mergeMap((w) => w.pipe(rx.delay(ms(1))))),
  'take(2), mergeMap': (rx, windows) =>
    windows.pipe(
      rx.take(2),
      rx.mergeMap((w, i) => w.pipe(rx.map((x) => [i, x]))),
    ),
  'take(2), mergeMap(two branches)': (rx, windows, { pause }) =>
    windows.pipe(
      rx.take(2),
      rx.mergeMap((w) => rx.merge(w, w.pipe(rx.reduce(sum, 0)), pause(6))),
    ),
  'take(2), delay, mergeMap(concat)': (rx, windows, { ms }) =>
    windows.pipe(
      rx.take(2),
      rx.delay(ms(3)),
      rx.mergeMap((w, i) => rx.concat(w.pipe(rx.take(1)), w).pipe(rx.map((x) => [i, x]))),
    ),
  'mergeMap, take(3)': (rx, windows) =>
    windows.pipe(
      rx.mergeMap((w) => w),
      rx.take(3),
    ),
  'mergeMap(w, 1)': (rx, windows) => windows.pipe(rx.mergeMap((w) => w.pipe(rx.map((x) => [x])), 1)),
  'mergeMap(groupBy, mergeMap)': (rx, windows) =>
    windows.pipe(
      rx.mergeMap((w, i) =>
        w.pipe(
          rx.groupBy(isOdd),
          rx.mergeMap((g) => g.pipe(rx.map((x, j) => [i, g.key, x, j]))),
        ),
      ),
    ),
  'mergeMap(catchError)': (rx, windows, { pause }) =>
    windows.pipe(rx.mergeMap((w) => w.pipe(rx.catchError(() => pause(1))))),
};

const RETRIED = 'retry(1), mergeMap';
const retried: (typeof readers)[string] = (rx, windows, { ms }) =>
  windows.pipe(
    rx.retry({ count: 1, delay: ms(1) }),
    rx.mergeMap((w) => w.pipe(rx.scan(sum, 0))),
  );

/** An operator, used in all these ways; and handed to the subscriber as it is. */
function splits(code: string, split: Split, options: OperatorUseOptions = {}): fc.Arbitrary<OperatorUse> {
  const read = Object.entries(readers).map(([name, reader]) =>
    use(`${code}, ${name}`, (rx, stage) => reader(rx, split(rx, stage), stage), options),
  );
  const again = use(`${code}, ${RETRIED}`, (rx, stage) => retried(rx, split(rx, stage), stage), repeating);
  return fc.oneof(
    { weight: 1, arbitrary: fc.constant(use(code, split, { ...options, ...raw })) },
    { weight: 4, arbitrary: fc.constantFrom(...read, again) },
  );
}

function caseOf(name: string, ...uses: fc.Arbitrary<OperatorUse>[]): OperatorCase {
  return { name, uses: fc.oneof(...uses), effort: 4 };
}

const size = fc.integer({ min: 1, max: 3 });
const indexed = (rx: Library, { others: [a] }: Stage): Observable<number> => a.pipe(rx.map((_, i) => i));

const counted = fc
  .tuple(size, fc.option(fc.integer({ min: 0, max: 4 }), { nil: undefined }))
  .chain(([n, every]) =>
    splits(`windowCount(${n}, ${every})`, (rx, { source }) => source.pipe(rx.windowCount(n, every))),
  );

const timed = fc
  .record({
    span: fc.integer({ min: 1, max: 4 }),
    every: fc.option(size),
    max: fc.option(size),
    scheduler: fc.boolean(),
  })
  .chain(({ span, every, max, scheduler }) =>
    splits(`windowTime(${span}, ${every}, ${max}${scheduler ? ', asyncScheduler' : ''})`, (rx, { source, ms }) => {
      const interval = every === null ? null : ms(every);
      if (max !== null)
        return source.pipe(
          scheduler ? rx.windowTime(ms(span), interval, max, asyncScheduler) : rx.windowTime(ms(span), interval, max),
        );
      if (interval !== null)
        return source.pipe(
          scheduler ? rx.windowTime(ms(span), interval, asyncScheduler) : rx.windowTime(ms(span), interval),
        );
      return source.pipe(scheduler ? rx.windowTime(ms(span), asyncScheduler) : rx.windowTime(ms(span)));
    }),
  );

/** What hands out windows. */
export const windows: readonly OperatorCase[] = [
  caseOf(
    'window',
    splits('window(other)', (rx, { source, others: [a] }) => source.pipe(rx.window(a))),
    splits('window(source)', (rx, { source, others: [a] }) => a.pipe(rx.window(source))),
    splits(
      'window(pause)',
      (rx, { source, pause }) => source.pipe(rx.window(rx.concat(pause(2), [1], pause(2), [1]))),
      bringing,
    ),
    splits('window([1, 2])', (rx, { source }) => source.pipe(rx.window([1, 2])), bringing),
  ),
  caseOf(
    'windowCount',
    counted,
    fc
      .constantFrom([0, 0], [-1, 0], [0, 2], [-3, 2], [2.5, 0], [3, 1.5], [NaN, 0], [2, NaN])
      .chain(([n, every]) =>
        splits(`windowCount(${n}, ${every})`, (rx, { source }) => source.pipe(rx.windowCount(n, every))),
      ),
  ),
  caseOf(
    'windowTime',
    timed,
    fc
      .constantFrom(0, NaN, -1)
      .chain((max) =>
        splits(`windowTime(3, null, ${max})`, (rx, { source, ms }) => source.pipe(rx.windowTime(ms(3), null, max))),
      ),
    splits('windowTime(3, -1)', (rx, { source, ms }) => source.pipe(rx.windowTime(ms(3), -1))),
  ),
  caseOf(
    'windowToggle',
    splits('windowToggle(other, pause)', (rx, { source, others: [a], pause }) =>
      source.pipe(rx.windowToggle(a, () => rx.concat(pause(2), [1]))),
    ),
    splits('windowToggle(other, inner)', (rx, stage) =>
      stage.source.pipe(rx.windowToggle(indexed(rx, stage), (i) => stage.inner(undefined, i))),
    ),
    splits('windowToggle(other, pipedInner)', (rx, stage) =>
      stage.source.pipe(rx.windowToggle(indexed(rx, stage), (i) => stage.pipedInner(undefined, i))),
    ),
    splits(
      'windowToggle([1, 2], inner or at once)',
      (rx, { source, pipedInner }) =>
        source.pipe(rx.windowToggle([1, 2], (i) => (i === 1 ? [1, 2] : pipedInner(undefined, i)))),
      bringing,
    ),
    splits('windowToggle(other, throws on 2)', (rx, { source, others: [a], pause }) =>
      source.pipe(rx.windowToggle(a, (x) => (x === 2 ? thrower(x) : pause(2)))),
    ),
    splits('windowToggle(other, nothing to subscribe)', (rx, { source, others: [a], pause }) =>
      source.pipe(rx.windowToggle(a, (x) => (x === 2 ? (7 as never) : pause(2)))),
    ),
  ),
  caseOf(
    'windowWhen',
    splits('windowWhen(pause)', (rx, { source, pause }) => source.pipe(rx.windowWhen(() => pause(3)))),
    splits('windowWhen(pause, 1)', (rx, { source, pause }) =>
      source.pipe(rx.windowWhen(() => rx.concat(pause(2), [1, 2]))),
    ),
    fc.constantFrom(
      use(
        'windowWhen(inner)',
        (rx, { source, inner }) => {
          let closings = 0;
          return source.pipe(rx.windowWhen(() => (closings > 7 ? new Promise<never>(() => {}) : inner(0, closings++))));
        },
        raw,
      ),
      use(
        'windowWhen(throws)',
        (rx, { source, pause }) => {
          let closings = 0;
          const when = rx.windowWhen<Value>(() => (++closings === 3 ? thrower(closings) : pause(2)));
          return source.pipe(
            when,
            rx.mergeMap((w) => w.pipe(rx.scan(sum, 0))),
          );
        },
        remembering,
      ),
    ),
  ),
];
