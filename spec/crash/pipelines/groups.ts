import { bufferCount, delay, groupBy, map, mergeMap, reduce, scan, skip, uid } from 'rxjs-checkpoint';

import type { CrashPipeline } from '../CrashPipeline.js';
import { recordsOf } from '../records.js';
import { hashOf, NOTHING, tally, tallyUnordered } from '../tally.js';

const RECORDS = 450;
const GROUP_SIZE = 7;

/** A group ends with its seventh record; the next record of its key begins another one. */
export const grouped: CrashPipeline = {
  name: 'groupBy',
  files: { a: RECORDS },
  build: ({ records, seen }) => ({
    main: records('a').pipe(
      seen('a'),
      groupBy(({ key }) => key, {
        element: ({ value }) => value,
        duration: (group) => group.pipe(skip(GROUP_SIZE - 1)),
      }),
      uid('groups'),
      mergeMap((group) =>
        group.pipe(
          scan((sum, value) => sum + value, 0),
          uid('sum'),
          bufferCount(3),
          delay(6),
          reduce((total, buffer) => tally(total, hashOf(buffer)), NOTHING),
          map(({ hash }) => hash + group.key),
        ),
      ),
      reduce(tallyUnordered, NOTHING),
    ),
  }),
  expected: { main: expected() },
};

function expected(): unknown {
  const ofKey = new Map<number, number[]>();
  for (const { key, value } of recordsOf('a', RECORDS)) ofKey.set(key, [...(ofKey.get(key) ?? []), value]);
  return [...ofKey]
    .flatMap(([key, values]) => chunks(values, GROUP_SIZE).map((group) => groupHash(group) + key))
    .reduce(tallyUnordered, NOTHING);
}

function groupHash(values: readonly number[]): number {
  let sum = 0;
  const sums = values.map((value) => (sum += value));
  return hashOf(chunks(sums, 3).map(hashOf));
}

function chunks(values: readonly number[], size: number): number[][] {
  const count = Math.ceil(values.length / size);
  return Array.from({ length: count }, (_, i) => values.slice(i * size, (i + 1) * size));
}
