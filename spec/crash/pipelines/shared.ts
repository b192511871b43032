import {
  bufferCount,
  catchError,
  combineLatest,
  delay,
  filter,
  groupBy,
  map,
  merge,
  mergeMap,
  of,
  reduce,
  retry,
  scan,
  share,
  uid,
} from 'rxjs-checkpoint';

import type { CrashPipeline } from '../CrashPipeline.js';
import type { DataRecord } from '../records.js';
import { recordsOf } from '../records.js';
import type { Tallies, Tally } from '../tally.js';
import { hashOf, NOTHING, tally, tallyEach } from '../tally.js';

const RECORDS = 400;
const isOdd = ({ n }: DataRecord): boolean => n % 2 === 1;

export const diamond: CrashPipeline = {
  name: 'share, with branches that meet again in merge and combineLatest',
  files: { a: RECORDS },
  build: ({ records, seen }) => {
    const shared = records('a').pipe(seen('a'), share(), uid('shared'));
    const sums = shared.pipe(scan((sum, { value }) => sum + value, 0));
    const late = shared.pipe(filter(isOdd), delay(9));
    const both = combineLatest([shared.pipe(map(({ n }) => n)), shared.pipe(map(({ n }) => -n))]);
    return {
      main: merge(
        sums.pipe(
          bufferCount(4),
          map((buffer) => ({ name: 'sums', value: hashOf(buffer) })),
        ),
        late.pipe(map(({ value }) => ({ name: 'late', value }))),
        both.pipe(map((numbers) => ({ name: 'both', value: hashOf(numbers) }))),
      ).pipe(reduce(tallyEach, {} as Tallies)),
    };
  },
  expected: { main: diamondResult() },
};

function diamondResult(): Tallies {
  const records = recordsOf('a', RECORDS);
  let sum = 0;
  const sums = records.map(({ value }) => (sum += value));
  const buffers = Array.from({ length: RECORDS / 4 }, (_, i) => hashOf(sums.slice(i * 4, i * 4 + 4)));
  // The branch that was subscribed first is one record ahead for a moment.
  const both = records.flatMap(({ n }) =>
    n === 1
      ? [[1, -1]]
      : [
          [n, 1 - n],
          [n, -n],
        ],
  );
  return {
    sums: buffers.reduce(tally, NOTHING),
    late: records
      .filter(isOdd)
      .map(({ value }) => value)
      .reduce(tally, NOTHING),
    both: both.map(hashOf).reduce(tally, NOTHING),
  };
}

const KNOT_RECORDS = 130;
const ATTEMPTS = 3;

/** The last of the delayed records makes each attempt fail. */
export const knot: CrashPipeline = {
  name: 'share, (groupBy, mergeMap | delay), merge, retry',
  files: { a: KNOT_RECORDS },
  build: ({ records, seen }) => {
    const shared = records('a').pipe(share(), uid('shared'));
    const perKey = shared.pipe(
      groupBy(({ key }) => key),
      mergeMap((group) => group.pipe(scan((sum, { value }) => sum + value, group.key))),
    );
    const late = shared.pipe(
      delay(7),
      map(({ n, value }) => {
        if (n === KNOT_RECORDS) throw new RangeError('the last record');
        return value;
      }),
    );
    return {
      main: merge(
        perKey.pipe(map((value) => ({ name: 'sums per key', value }))),
        late.pipe(map((value) => ({ name: 'late', value }))),
      ).pipe(
        retry({ count: ATTEMPTS - 1, delay: 10 }),
        uid('retry'),
        seen('a'),
        catchError((error: unknown) => of({ name: String(error), value: 0 })),
        reduce(tallyEach, {} as Tallies),
      ),
    };
  },
  expected: { main: knotResult() },
};

function knotResult(): Tallies {
  const records = recordsOf('a', KNOT_RECORDS);
  const perKey: number[] = [];
  const sumOf = new Map<number, number>();
  for (const { key, value } of records) {
    sumOf.set(key, (sumOf.get(key) ?? key) + value);
    perKey.push(sumOf.get(key)!);
  }
  const late = records.slice(0, -1).map(({ value }) => value);
  const thrice = (values: number[]) =>
    Array.from({ length: ATTEMPTS }, () => values)
      .flat()
      .reduce(tally, NOTHING);
  return { 'sums per key': thrice(perKey), late: thrice(late), 'RangeError: the last record': tally(NOTHING, 0) };
}

export const several: CrashPipeline = {
  name: 'several pipelines on one subject, two of which share a source',
  files: { a: RECORDS, b: RECORDS / 2 },
  build: ({ records, seen }) => {
    const shared = records('a').pipe(seen('a'), share(), uid('shared'));
    return {
      sums: shared.pipe(
        scan((sum, { value }) => sum + value, 0),
        uid('sums'),
        reduce(tally, NOTHING),
      ),
      late: shared.pipe(
        delay(40),
        map(({ value }) => value),
        uid('late'),
        reduce(tally, NOTHING),
      ),
      shorter: records('b').pipe(
        seen('b'),
        map(({ value }) => value),
        bufferCount(5),
        reduce(tallyBuffer, NOTHING),
      ),
    };
  },
  expected: severalResults(),
};

function tallyBuffer(total: Tally, buffer: readonly number[]): Tally {
  return tally(total, hashOf(buffer));
}

function severalResults(): Record<string, unknown> {
  const [a, b] = [recordsOf('a', RECORDS), recordsOf('b', RECORDS / 2)].map((records) =>
    records.map(({ value }) => value),
  );
  let sum = 0;
  const buffers = Array.from({ length: RECORDS / 10 }, (_, i) => b!.slice(i * 5, i * 5 + 5));
  return {
    sums: a!.map((value) => (sum += value)).reduce(tally, NOTHING),
    late: a!.reduce(tally, NOTHING),
    shorter: buffers.reduce(tallyBuffer, NOTHING),
  };
}
