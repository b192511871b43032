import { bufferTime, debounceTime, delay, groupBy, map, mergeMap, reduce, uid } from 'rxjs-checkpoint';

import type { CrashPipeline } from '../CrashPipeline.js';
import { recordsOf } from '../records.js';
import { NOTHING, tally, tallyUnordered } from '../tally.js';

const RECORDS = 400;

export const delayed: CrashPipeline = {
  name: 'delay',
  files: { a: RECORDS },
  build: ({ records, seen }) => ({
    main: records('a').pipe(
      seen('a'),
      map(({ value }) => value),
      delay(25),
      reduce(tally, NOTHING),
    ),
  }),
  expected: { main: valuesOf('a').reduce(tally, NOTHING) },
};

/** Which values a debounce lets through depends on time; the last one of all always comes, and none out of order. */
export const debounced: CrashPipeline = {
  name: 'debounceTime',
  files: { a: RECORDS },
  build: ({ records, seen }) => ({
    main: records('a').pipe(
      seen('a'),
      groupBy(({ key }) => key),
      mergeMap((group) =>
        group.pipe(
          debounceTime(4),
          uid('debounced'),
          reduce((late, { n }) => (n > late ? n : Infinity), 0),
          map((last) => group.key * 10_000 + last),
        ),
      ),
      reduce(tallyUnordered, NOTHING),
    ),
  }),
  expected: { main: lastOfEachKey().reduce(tallyUnordered, NOTHING) },
};

/** How the values are spread over the buffers depends on time; all of them come, once and in order. */
export const buffered: CrashPipeline = {
  name: 'bufferTime',
  files: { a: RECORDS },
  build: ({ records, seen }) => ({
    main: records('a').pipe(
      seen('a'),
      map(({ value }) => value),
      bufferTime(12),
      uid('spans'),
      mergeMap((values) => values),
      bufferTime(30, null, 8),
      uid('spans-of-8'),
      reduce((total, values) => (values.length > 8 ? NOTHING : values.reduce(tally, total)), NOTHING),
    ),
  }),
  expected: { main: valuesOf('a').reduce(tally, NOTHING) },
};

function valuesOf(file: string): number[] {
  return recordsOf(file, RECORDS).map(({ value }) => value);
}

function lastOfEachKey(): number[] {
  const last = new Map(recordsOf('a', RECORDS).map(({ key, n }) => [key, n]));
  return [...last].map(([key, n]) => key * 10_000 + n);
}
