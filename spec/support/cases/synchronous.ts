import fc from 'fast-check';

import type { OperatorCase } from '../Stage.js';
import { useSync } from '../Stage.js';
import { append, double, isOdd, sum, sumThrowsOn3, thrower, throwsOn2 } from './callbacks.js';

const count = fc.oneof(fc.integer({ min: -1, max: 5 }), fc.constant(NaN));

const tapCallbacks = ['next', 'error', 'complete', 'subscribe', 'unsubscribe', 'finalize'] as const;

/** A tap that tells about itself through the stage's log. */
const tapUses = fc.oneof(
  fc
    .tuple(fc.subarray([...tapCallbacks]), fc.option(fc.constantFrom(...tapCallbacks), { freq: 4 }))
    .map(([names, throwing]) => {
      const throwsInTeardown = throwing === 'unsubscribe' || throwing === 'finalize';
      return useSync(
        `tap({${names.join()}; ${throwing ?? 'none'} throws})`,
        (rx, { source, note }) => {
          const entries = names.map((name) => [
            name,
            (...args: unknown[]): void => {
              note(`tap ${name}`, ...args);
              if (name === throwing && (name !== 'next' || args[0] === 2)) thrower(name);
            },
          ]);
          return source.pipe(rx.tap(Object.fromEntries(entries) as object));
        },
        throwsInTeardown ? { notInJobs: 'RxJS stops without a word when a teardown throws, a job with an error' } : {},
      );
    }),
  fc.constantFrom(
    useSync('tap(f)', (rx, { source, note }) => source.pipe(rx.tap((x) => note('tapped', x)))),
    useSync('tap()', (rx, { source }) => source.pipe(rx.tap())),
    useSync('tap(null, f)', (rx, { source, note }) => source.pipe(rx.tap(null, (e) => note('tapped error', e)))),
    useSync('tap(null, null, f)', (rx, { source, note }) => source.pipe(rx.tap(null, null, () => note('tapped end')))),
    useSync('tap(throwing)', (rx, { source }) => source.pipe(rx.tap(throwsOn2))),
  ),
);

/** One input, and an answer at once. */
export const synchronous: readonly OperatorCase[] = [
  {
    name: 'map',
    uses: fc.constantFrom(
      useSync('map(double)', (rx, { source }) => source.pipe(rx.map(double))),
      useSync('map((x, i) => [x, i])', (rx, { source }) => source.pipe(rx.map((x, i) => [x, i]))),
      useSync('map(f, thisArg)', (rx, { source }) =>
        source.pipe(
          rx.map(
            function (this: { n: number }, x, i) {
              return [this.n, x, i];
            },
            { n: 7 },
          ),
        ),
      ),
      useSync('map(throwsOn2)', (rx, { source }) => source.pipe(rx.map(throwsOn2))),
    ),
  },
  {
    name: 'filter',
    uses: fc.constantFrom(
      useSync('filter(isOdd)', (rx, { source }) => source.pipe(rx.filter(isOdd))),
      useSync('filter((x, i) => i % 2 === 1)', (rx, { source }) => source.pipe(rx.filter((_, i) => i % 2 === 1))),
      useSync('filter(Boolean)', (rx, { source }) => source.pipe(rx.filter(Boolean))),
      useSync('filter(f, thisArg)', (rx, { source }) =>
        source.pipe(
          rx.filter(
            function (this: { n: number }, x) {
              return x === this.n;
            },
            { n: 1 },
          ),
        ),
      ),
      useSync('filter(throwsOn2)', (rx, { source }) => source.pipe(rx.filter((x) => throwsOn2(x) !== 1))),
    ),
  },
  { name: 'tap', uses: tapUses },
  {
    name: 'scan',
    uses: fc.constantFrom(
      useSync('scan(sum)', (rx, { source }) => source.pipe(rx.scan(sum))),
      useSync('scan(sum, 5)', (rx, { source }) => source.pipe(rx.scan(sum, 5))),
      useSync('scan(sum, undefined)', (rx, { source }) => source.pipe(rx.scan(sum, undefined))),
      useSync('scan(append, [])', (rx, { source }) => source.pipe(rx.scan(append, []))),
      useSync('scan((acc, x, i) => …)', (rx, { source }) => source.pipe(rx.scan((acc, x, i) => [acc, x, i] as never))),
      useSync('scan(sumThrowsOn3, 0)', (rx, { source }) => source.pipe(rx.scan(sumThrowsOn3, 0))),
    ),
  },
  {
    name: 'reduce',
    uses: fc.constantFrom(
      useSync('reduce(sum)', (rx, { source }) => source.pipe(rx.reduce(sum))),
      useSync('reduce(sum, 5)', (rx, { source }) => source.pipe(rx.reduce(sum, 5))),
      useSync('reduce(sum, undefined)', (rx, { source }) => source.pipe(rx.reduce(sum, undefined))),
      useSync('reduce(append, [])', (rx, { source }) => source.pipe(rx.reduce(append, []))),
      useSync('reduce((acc, x, i) => …)', (rx, { source }) =>
        source.pipe(rx.reduce((acc, x, i) => [acc, x, i] as never)),
      ),
      useSync('reduce(sumThrowsOn3, 0)', (rx, { source }) => source.pipe(rx.reduce(sumThrowsOn3, 0))),
    ),
  },
  {
    name: 'take',
    uses: count.map((n) => useSync(`take(${n})`, (rx, { source }) => source.pipe(rx.take(n)))),
  },
  {
    name: 'skip',
    uses: count.map((n) => useSync(`skip(${n})`, (rx, { source }) => source.pipe(rx.skip(n)))),
  },
  {
    name: 'distinctUntilChanged',
    uses: fc.constantFrom(
      useSync('distinctUntilChanged()', (rx, { source }) => source.pipe(rx.distinctUntilChanged())),
      useSync('distinctUntilChanged(null)', (rx, { source }) => source.pipe(rx.distinctUntilChanged(null as never))),
      useSync('distinctUntilChanged((a, b) => a < b)', (rx, { source }) =>
        source.pipe(rx.distinctUntilChanged((a, b) => (a ?? 0) < (b ?? 0))),
      ),
      useSync('distinctUntilChanged(sameKey, key)', (rx, { source }) =>
        source.pipe(
          rx.distinctUntilChanged(
            (a: { odd: boolean }, b: { odd: boolean }) => a.odd === b.odd,
            (x) => ({ odd: isOdd(x) }),
          ),
        ),
      ),
      useSync('distinctUntilChanged(throws on 2)', (rx, { source }) =>
        source.pipe(rx.distinctUntilChanged((a, b) => throwsOn2(a) === b)),
      ),
      useSync('distinctUntilChanged(same, throwsOn2)', (rx, { source }) =>
        source.pipe(rx.distinctUntilChanged((a, b) => a === b, throwsOn2)),
      ),
    ),
  },
  { name: 'pairwise', uses: fc.constant(useSync('pairwise()', (rx, { source }) => source.pipe(rx.pairwise()))) },
  {
    name: 'bufferCount',
    uses: fc
      .tuple(fc.integer({ min: 0, max: 4 }), fc.option(fc.integer({ min: 0, max: 4 })))
      .map(([size, every]) =>
        useSync(`bufferCount(${size}, ${every})`, (rx, { source }) => source.pipe(rx.bufferCount(size, every))),
      ),
  },
];
