import { timer } from 'rxjs';
import { catchError, concat, delay, map, reduce, repeat, retry, uid } from 'rxjs-checkpoint';

import type { CrashPipeline } from '../CrashPipeline.js';
import type { DataRecord } from '../records.js';
import { recordsOf } from '../records.js';
import { NOTHING, tally } from '../tally.js';

const RECORDS = 150;
/** Its record makes each attempt fail. */
const FAILING = 121;

export const attempts: CrashPipeline = {
  name: 'retry, repeat, catchError',
  files: { a: RECORDS, b: RECORDS, c: RECORDS },
  build: ({ records, seen }) => {
    const failing = records('a').pipe(map(valueUnlessFailing), retry({ count: 2, delay: 12 }), uid('retry'), seen('a'));
    const repeated = records('c').pipe(
      map(valueOf),
      repeat({ count: 3, delay: () => timer(8) }),
      uid('repeat'),
      seen('c'),
    );
    return {
      main: concat(
        failing.pipe(
          catchError((error: unknown) => {
            // A class of its own must come back after a restore, or this takes the other way.
            if (!(error instanceof RangeError)) throw new Error('not a RangeError', { cause: error });
            return records('b').pipe(seen('b'), map(valueOf), delay(10));
          }),
          uid('caught'),
        ),
        repeated,
      ).pipe(reduce(tally, NOTHING)),
    };
  },
  expected: { main: expected() },
};

function valueOf({ value }: DataRecord): number {
  return value;
}

function valueUnlessFailing({ n, value }: DataRecord): number {
  if (n === FAILING) throw new RangeError(`record ${n}`);
  return value;
}

function expected(): unknown {
  const [a, b, c] = ['a', 'b', 'c'].map((file) => recordsOf(file, RECORDS).map(valueOf)) as [
    number[],
    number[],
    number[],
  ];
  const read = a.slice(0, FAILING - 1);
  return [...read, ...read, ...read, ...b, ...c, ...c, ...c].reduce(tally, NOTHING);
}
