import {
  bufferCount,
  distinctUntilChanged,
  filter,
  map,
  pairwise,
  reduce,
  scan,
  skip,
  startWith,
  take,
  tap,
  uid,
} from 'rxjs-checkpoint';

import type { CrashPipeline } from '../CrashPipeline.js';
import { recordsOf } from '../records.js';
import { hashOf, NOTHING, tally } from '../tally.js';

const RECORDS = 500;
const TAKEN = 240;

export const synchronous: CrashPipeline = {
  name: 'map, filter, tap, scan, distinctUntilChanged, pairwise, skip, take, bufferCount, startWith, reduce',
  files: { a: RECORDS },
  build: ({ records, seen }) => ({
    main: records('a')
      .pipe(
        seen('a'),
        filter(({ value }, index) => (value + index) % 5 !== 0),
        tap(({ n }) => {
          if (n > RECORDS) throw new Error(`record ${n}`);
        }),
        map(({ value }) => value),
        scan((sum, value) => sum + value, 0),
        uid('sum'),
        map((sum) => sum >> 9),
        distinctUntilChanged(),
        pairwise(),
      )
      .pipe(
        map(hashOf),
        skip(20),
        take(TAKEN),
        bufferCount(7, 5),
        startWith([]),
        reduce((total, buffer: readonly number[]) => tally(total, hashOf(buffer)), NOTHING),
        uid('result'),
      ),
  }),
  expected: { main: expected() },
};

function expected(): unknown {
  const kept = recordsOf('a', RECORDS).filter(({ value }, index) => (value + index) % 5 !== 0);
  let sum = 0;
  const sums = kept.map(({ value }) => (sum += value) >> 9);
  const distinct = sums.filter((value, i) => i === 0 || value !== sums[i - 1]);
  const pairs = distinct.slice(1).map((value, i) => hashOf([distinct[i]!, value]));
  const taken = pairs.slice(20, 20 + TAKEN);
  const buffers: number[][] = [[]];
  for (let start = 0; start < taken.length; start += 5) buffers.push(taken.slice(start, start + 7));
  return buffers.map(hashOf).reduce(tally, NOTHING);
}
