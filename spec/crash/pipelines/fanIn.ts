import {
  combineLatest,
  concat,
  map,
  merge,
  mergeWith,
  reduce,
  scan,
  startWith,
  uid,
  withLatestFrom,
} from 'rxjs-checkpoint';

import type { CrashPipeline } from '../CrashPipeline.js';
import { recordsOf } from '../records.js';
import type { Tallies } from '../tally.js';
import { NOTHING, tally, tallyEach } from '../tally.js';

const RECORDS = 300;
const named = (name: string) => map(({ value }: { value: number }) => ({ name, value }));

/** How the inputs interleave depends on time, so each is tallied by itself. */
export const merged: CrashPipeline = {
  name: 'merge, mergeWith, concat',
  files: { a: RECORDS, b: RECORDS, c: RECORDS / 2, d: RECORDS / 2 },
  build: ({ records, seen }) => {
    const [a, b, c, d] = ['a', 'b', 'c', 'd'].map((file) => records(file).pipe(seen(file)));
    return {
      main: merge(a!.pipe(named('a')), b!.pipe(named('b'))).pipe(
        mergeWith(concat(c!, d!).pipe(named('c and d'))),
        reduce(tallyEach, {} as Tallies),
      ),
    };
  },
  expected: {
    main: {
      a: valuesOf('a', RECORDS).reduce(tally, NOTHING),
      b: valuesOf('b', RECORDS).reduce(tally, NOTHING),
      'c and d': [...valuesOf('c', RECORDS / 2), ...valuesOf('d', RECORDS / 2)].reduce(tally, NOTHING),
    },
  },
};

interface Steps {
  readonly a: number;
  readonly b: number;
  /** Steps that were not by one record of one of them. */
  readonly wrong: number;
}

/** Every combination is one record of one input further than the one before. */
export const combined: CrashPipeline = {
  name: 'combineLatest',
  files: { a: RECORDS, b: RECORDS },
  build: ({ records, seen }) => {
    const numbers = (file: string) =>
      records(file).pipe(
        seen(file),
        map(({ n }) => n),
        startWith(0),
      );
    return {
      main: combineLatest({ a: numbers('a'), b: numbers('b') }).pipe(
        scan(
          ({ wrong, ...last }, { a, b }): Steps => {
            const isStep = a - last.a + b - last.b === 1 || (a === 0 && b === 0);
            return { a, b, wrong: wrong + (isStep ? 0 : 1) };
          },
          { a: 0, b: 0, wrong: 0 } as Steps,
        ),
        reduce((_, last) => last, null as Steps | null),
      ),
    };
  },
  expected: { main: { a: RECORDS, b: RECORDS, wrong: 0 } },
};

interface Accompanied {
  readonly values: { readonly count: number; readonly hash: number };
  readonly other: number;
  /** Values of the other input that were older than one before. */
  readonly wrong: number;
}

export const accompanied: CrashPipeline = {
  name: 'withLatestFrom',
  files: { a: RECORDS, b: RECORDS / 2 },
  build: ({ records, seen }) => ({
    main: records('a').pipe(
      seen('a'),
      withLatestFrom(
        records('b').pipe(
          seen('b'),
          map(({ n }) => n),
          startWith(0),
        ),
      ),
      reduce(
        ({ values, other, wrong }, [{ value }, n]): Accompanied => {
          return { values: tally(values, value), other: n, wrong: wrong + (n < other ? 1 : 0) };
        },
        { values: NOTHING, other: 0, wrong: 0 } as Accompanied,
      ),
      map(({ values, wrong }) => ({ values, wrong })),
      uid('result'),
    ),
  }),
  expected: { main: { values: valuesOf('a', RECORDS).reduce(tally, NOTHING), wrong: 0 } },
};

function valuesOf(file: string, count: number): number[] {
  return recordsOf(file, count).map(({ value }) => value);
}
