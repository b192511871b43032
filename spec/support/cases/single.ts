import fc from 'fast-check';
import type { Observable } from 'rxjs';

import type { Value } from '../InputSpec.js';
import type { Library } from '../Library.js';
import type { OperatorCase, OperatorUse } from '../Stage.js';
import { use, useSync } from '../Stage.js';
import { double, isOdd, thrower, throwsOn2 } from './callbacks.js';
import { bringing } from './drains.js';

const counts = fc.oneof(fc.integer({ min: -1, max: 4 }), fc.constant(Infinity));
const notALength = { notInJobs: 'is no length: fails when it is subscribed to, and so does the job' };

type Search = (value: Value, index: number, source: Observable<Value>) => boolean;

const searches: Readonly<Record<string, Search>> = {
  isOdd: (x) => isOdd(x),
  'x === 3': (x) => x === 3,
  'x !== 3': (x) => x !== 3,
  'i === 2': (_, i) => i === 2,
  'i < 2': (_, i) => i < 2,
  'x > i': (x, i) => (x ?? 0) > i,
  'i > 0 and there is a source': (_, i, source) => i > 0 && typeof source.subscribe === 'function',
  throwsOn2: (x) => throwsOn2(x) === 3,
  Boolean: Boolean,
};

function withSearch(
  name: string,
  make: (rx: Library, search: Search) => (source: Observable<Value>) => Observable<unknown>,
): fc.Arbitrary<OperatorUse> {
  return fc
    .constantFrom(...Object.entries(searches))
    .map(([code, search]) => useSync(`${name}(${code})`, (rx, { source }) => source.pipe(make(rx, search))));
}

const boundTo7 = function (this: { readonly n: number }, x: Value, i: number): boolean {
  return this.n === 7 && i > 0 && x !== 2;
};

/** One input, an answer at once, and little or no state. */
export const singleInput: readonly OperatorCase[] = [
  {
    name: 'isEmpty',
    uses: fc.constant(
      useSync('isEmpty()', (rx, { source }) =>
        source.pipe(
          rx.isEmpty(),
          rx.map((x) => Number(x)),
        ),
      ),
    ),
  },
  {
    name: 'ignoreElements',
    uses: fc.constant(useSync('ignoreElements()', (rx, { source }) => source.pipe(rx.ignoreElements()))),
  },
  {
    name: 'defaultIfEmpty',
    uses: fc.constant(useSync('defaultIfEmpty(9)', (rx, { source }) => source.pipe(rx.defaultIfEmpty(9)))),
  },
  {
    name: 'throwIfEmpty',
    uses: fc.constantFrom(
      useSync('throwIfEmpty()', (rx, { source }) => source.pipe(rx.throwIfEmpty())),
      useSync('throwIfEmpty(throwing)', (rx, { source }) => source.pipe(rx.throwIfEmpty(() => thrower('empty')))),
    ),
  },
  {
    name: 'takeWhile',
    uses: fc.constantFrom(
      useSync('takeWhile(isOdd)', (rx, { source }) => source.pipe(rx.takeWhile(isOdd))),
      useSync('takeWhile(isOdd, true)', (rx, { source }) => source.pipe(rx.takeWhile(isOdd, true))),
      useSync('takeWhile((x, i) => i < 2)', (rx, { source }) => source.pipe(rx.takeWhile((_, i) => i < 2))),
      useSync('takeWhile(throwsOn2)', (rx, { source }) => source.pipe(rx.takeWhile((x) => throwsOn2(x) !== 3))),
    ),
  },
  {
    name: 'mapTo',
    uses: fc.constantFrom(
      useSync('mapTo(7)', (rx, { source }) => source.pipe(rx.mapTo(7))),
      useSync('mapTo(undefined)', (rx, { source }) => source.pipe(rx.mapTo(undefined))),
    ),
  },
  {
    name: 'pluck',
    uses: fc.constantFrom(
      ...[['x'], ['y'], ['x', 'y'], ['x', 'y', 'z', 'y'], ['length'], [Symbol.iterator], [0, 0]].map((path) =>
        useSync(`map(nested), pluck(${path.map(String).join()})`, (rx, { source }) =>
          source.pipe(
            rx.map((x) => (x === 3 ? null : x === 0 ? [[5]] : { x: { y: x, z: null }, length: double(x) })),
            rx.pluck(...(path as string[])),
            rx.map((x) => (typeof x === 'function' ? x.name : x)),
          ),
        ),
      ),
      useSync('pluck(a getter that throws)', (rx, { source }) =>
        source.pipe(
          rx.map((x) => ({
            get y() {
              return throwsOn2(x);
            },
          })),
          rx.pluck('y'),
        ),
      ),
    ),
  },
  {
    name: 'count',
    uses: fc.oneof(
      fc.constant(useSync('count()', (rx, { source }) => source.pipe(rx.count()))),
      withSearch('count', (rx, search) => rx.count(search as (x: Value, i: number) => boolean)),
    ),
  },
  ...(['max', 'min'] as const).map((name) => ({
    name,
    uses: fc.constantFrom(
      useSync(`${name}()`, (rx, { source }) => source.pipe(rx[name]())),
      useSync(`${name}(null)`, (rx, { source }) => source.pipe(rx[name](null as never))),
      useSync(`${name}((x, y) => y - x)`, (rx, { source }) => source.pipe(rx[name]((x, y) => (y ?? 2) - (x ?? 2)))),
      useSync(`${name}(by the last digit)`, (rx, { source }) =>
        source.pipe(
          rx.map((x, i) => ({ x, i })),
          rx[name]((a, b) => Number(isOdd(a.x)) - Number(isOdd(b.x))),
        ),
      ),
      useSync(`${name}(throws on 2)`, (rx, { source }) =>
        source.pipe(rx[name]((x, y) => (throwsOn2(x) ?? 0) - (y ?? 0))),
      ),
    ),
  })),
  {
    name: 'toArray',
    uses: fc.constantFrom(
      useSync('toArray()', (rx, { source }) => source.pipe(rx.toArray())),
      useSync('map(x => [x]), toArray()', (rx, { source }) =>
        source.pipe(
          rx.map((x) => [x]),
          rx.toArray(),
        ),
      ),
    ),
  },
  {
    name: 'distinct',
    uses: fc.constantFrom(
      useSync('distinct()', (rx, { source }) => source.pipe(rx.distinct())),
      useSync('distinct(isOdd)', (rx, { source }) => source.pipe(rx.distinct(isOdd))),
      useSync('distinct(throwsOn2)', (rx, { source }) => source.pipe(rx.distinct(throwsOn2))),
      useSync('distinct(null)', (rx, { source }) => source.pipe(rx.distinct(null as never))),
      use('distinct(null, a)', (rx, { source, others: [a] }) => source.pipe(rx.distinct(null as never, a))),
      use('distinct(isOdd, a)', (rx, { source, others: [a] }) => source.pipe(rx.distinct(isOdd, a))),
      use('distinct(throwsOn2, a)', (rx, { source, others: [a] }) => source.pipe(rx.distinct(throwsOn2, a))),
      use('distinct(isOdd, [1])', (rx, { source }) => source.pipe(rx.distinct(isOdd, [1])), bringing),
    ),
  },
  {
    name: 'distinctUntilKeyChanged',
    uses: fc.constantFrom(
      useSync("map({ x, odd }), distinctUntilKeyChanged('odd')", (rx, { source }) =>
        source.pipe(
          rx.map((x) => ({ x, odd: isOdd(x) })),
          rx.distinctUntilKeyChanged('odd'),
        ),
      ),
      useSync("map({ x }), distinctUntilKeyChanged('x', (x, y) => x < y)", (rx, { source }) =>
        source.pipe(
          rx.map((x) => ({ x })),
          rx.distinctUntilKeyChanged('x', (x, y) => (x ?? 0) < (y ?? 0)),
        ),
      ),
      useSync("map({ x }), distinctUntilKeyChanged('x', throws on 2)", (rx, { source }) =>
        source.pipe(
          rx.map((x) => ({ x })),
          rx.distinctUntilKeyChanged('x', (x, y) => throwsOn2(x) === y),
        ),
      ),
      useSync("distinctUntilKeyChanged('of undefined')", (rx, { source }) =>
        source.pipe(rx.distinctUntilKeyChanged('x' as never)),
      ),
    ),
  },
  {
    name: 'takeLast',
    uses: fc
      .oneof(counts, fc.constant(NaN))
      .map((n) => useSync(`takeLast(${n})`, (rx, { source }) => source.pipe(rx.takeLast(n)))),
  },
  {
    name: 'skipLast',
    uses: fc
      .oneof({ weight: 6, arbitrary: counts }, { weight: 1, arbitrary: fc.constantFrom(NaN, 1.5) })
      .map((n) =>
        useSync(
          `skipLast(${n})`,
          (rx, { source }) => source.pipe(rx.skipLast(n)),
          n <= 0 || Number.isInteger(n) ? {} : notALength,
        ),
      ),
  },
  {
    name: 'skipWhile',
    uses: withSearch('skipWhile', (rx, search) => rx.skipWhile(search as (x: Value, i: number) => boolean)),
  },
  {
    name: 'elementAt',
    uses: fc
      .tuple(fc.constantFrom(0, 1, 2, 3, 4, -0, 1.5, NaN), fc.constantFrom([], [undefined], [7]))
      .map(([index, fallback]) =>
        useSync(`elementAt(${[index, ...fallback].map(String).join()})`, (rx, { source }) =>
          source.pipe(rx.elementAt<Value>(index, ...(fallback as []))),
        ),
      ),
  },
  ...(['first', 'last'] as const).map((name) => ({
    name,
    uses: fc.oneof(
      fc.constantFrom(
        useSync(`${name}()`, (rx, { source }) => source.pipe(rx[name]())),
        useSync(`${name}(null, 7)`, (rx, { source }) => source.pipe(rx[name](null, 7))),
        useSync(`${name}(undefined, undefined)`, (rx, { source }) => source.pipe(rx[name](undefined, undefined))),
        useSync(`${name}(i > 1, 7)`, (rx, { source }) => source.pipe(rx[name]((_, i) => i > 1, 7))),
        useSync(`${name}(Boolean, undefined)`, (rx, { source }) => source.pipe(rx[name](Boolean, undefined))),
      ),
      withSearch(name, (rx, search) => rx[name](search)),
    ),
  })),
  {
    name: 'single',
    uses: fc.oneof(
      fc.constant(useSync('single()', (rx, { source }) => source.pipe(rx.single()))),
      withSearch('single', (rx, search) => rx.single(search)),
    ),
  },
  ...(['find', 'findIndex', 'every'] as const).map((name) => ({
    name,
    uses: fc.oneof(
      {
        weight: 1,
        arbitrary: fc.constant(
          useSync(`${name}(f, thisArg)`, (rx, { source }) =>
            source.pipe((rx[name] as Library['find'])(boundTo7, { n: 7 })),
          ),
        ),
      },
      { weight: 6, arbitrary: withSearch(name, (rx, search) => (rx[name] as Library['find'])(search)) },
    ),
  })),
];
