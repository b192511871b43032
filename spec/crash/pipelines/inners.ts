import { concat as rxConcat, defer as rxDefer, interval, map as rxMap, of as rxOf, take as rxTake } from 'rxjs';
import { concat, concatMap, delay, mergeMap, of, reduce, scan, switchMap, uid } from 'rxjs-checkpoint';

import type { CrashPipeline } from '../CrashPipeline.js';
import { recordsOf } from '../records.js';
import type { Tally } from '../tally.js';
import { NOTHING, tally, tallyUnordered } from '../tally.js';

const RECORDS = 300;

export const promises: CrashPipeline = {
  name: 'mergeMap, concatMap with promises and plain Observables',
  files: { a: RECORDS, b: RECORDS },
  build: ({ records, seen }) => ({
    main: records('a').pipe(
      seen('a'),
      mergeMap(({ n, value }) => later(value, n % 4), 4),
      uid('calls'),
      // Three values each, so a restore may have to skip one or two.
      mergeMap(
        (value) =>
          interval(2).pipe(
            rxTake(3),
            rxMap((i) => value * 3 + i),
          ),
        8,
      ),
      uid('intervals'),
      reduce(tallyUnordered, NOTHING),
      uid('unordered'),
      concatMap((unordered) => later(unordered, 3)),
    ),
    ordered: records('b').pipe(
      seen('b'),
      concatMap(({ n, value }) => later(value, n % 2)),
      reduce(tally, NOTHING),
    ),
  }),
  expected: {
    main: valuesOf('a', RECORDS)
      .flatMap((value) => [0, 1, 2].map((i) => value * 3 + i))
      .reduce(tallyUnordered, NOTHING),
    ordered: valuesOf('b', RECORDS).reduce(tally, NOTHING),
  },
};

const PARTS = 6;
const PART_RECORDS = 70;

export const innerPipelines: CrashPipeline = {
  name: 'mergeMap, concatMap with checkpointed inners',
  files: {
    list: PARTS,
    queue: PARTS,
    ...Object.fromEntries(Array.from({ length: PARTS }, (_, i) => [`part${i + 1}`, PART_RECORDS])),
    ...Object.fromEntries(Array.from({ length: PARTS }, (_, i) => [`next${i + 1}`, PART_RECORDS / 2])),
  },
  build: ({ records, seen }) => ({
    main: records('list').pipe(
      mergeMap(({ n }) => {
        const sums = records(`part${n}`).pipe(
          seen(`part${n}`),
          scan((sum, { value }) => sum + value * n, 0),
        );
        return sums.pipe(uid('sums'), delay(n));
      }, 2),
      uid('parts'),
      reduce(tallyUnordered, NOTHING),
    ),
    ordered: records('queue').pipe(
      concatMap(({ n }) =>
        records(`next${n}`).pipe(
          seen(`next${n}`),
          scan((sum, { value }) => sum + value * n, 0),
        ),
      ),
      reduce(tally, NOTHING),
    ),
  }),
  expected: {
    main: parts('part', PART_RECORDS).reduce(tallyUnordered, NOTHING),
    ordered: parts('next', PART_RECORDS / 2).reduce(tally, NOTHING),
  },
};

/** What an inner emits at once, and what later. */
interface Answer {
  readonly n: number;
  readonly isLate: boolean;
}

interface Answers {
  readonly prompt: Tally;
  readonly last: Answer;
  /** Late ones that were not the latest inner's only one. */
  readonly wrong: number;
}

const NO_ANSWERS: Answers = { prompt: NOTHING, last: { n: 0, isLate: true }, wrong: 0 };

function collect({ prompt, last, wrong }: Answers, answer: Answer): Answers {
  if (!answer.isLate) return { prompt: tally(prompt, answer.n), last: answer, wrong };
  return { prompt, last: answer, wrong: wrong + (answer.n === last.n && !last.isLate ? 0 : 1) };
}

/** Which inners get as far as their late answer depends on time; the last one does, and none that was left. */
export const switched: CrashPipeline = {
  name: 'switchMap with plain and with checkpointed inners',
  files: { a: RECORDS, b: RECORDS },
  build: ({ records, seen }) => ({
    main: records('a').pipe(
      seen('a'),
      switchMap(({ n }) =>
        rxConcat(
          rxOf({ n, isLate: false }),
          rxDefer(() => later({ n, isLate: true }, 1)),
        ),
      ),
      reduce(collect, NO_ANSWERS),
    ),
    checkpointed: records('b').pipe(
      seen('b'),
      switchMap(({ n }) => concat(of({ n, isLate: false }), of({ n, isLate: true }).pipe(delay(1)))),
      reduce(collect, NO_ANSWERS),
    ),
  }),
  expected: { main: allAnswers(), checkpointed: allAnswers() },
};

function allAnswers(): Answers {
  const numbers = recordsOf('a', RECORDS).map(({ n }) => n);
  return { prompt: numbers.reduce(tally, NOTHING), last: { n: RECORDS, isLate: true }, wrong: 0 };
}

export const backlog: CrashPipeline = {
  name: 'concatMap with more waiting than it takes before it pauses its source',
  files: { a: 1_500 },
  build: ({ records, seen }) => ({
    main: records('a', 'at-once').pipe(
      seen('a'),
      concatMap(({ n, value }) => (n % 2 === 0 ? [value] : later(value, 0))),
      reduce(tally, NOTHING),
    ),
  }),
  expected: { main: valuesOf('a', 1_500).reduce(tally, NOTHING) },
};

function later<T>(value: T, ms: number): Promise<T> {
  return new Promise((resolve) => setTimeout(() => resolve(value), ms));
}

function valuesOf(file: string, count: number): number[] {
  return recordsOf(file, count).map(({ value }) => value);
}

function parts(prefix: string, count: number): number[] {
  return Array.from({ length: PARTS }, (_, i) => {
    let sum = 0;
    return valuesOf(`${prefix}${i + 1}`, count).map((value) => (sum += value * (i + 1)));
  }).flat();
}
