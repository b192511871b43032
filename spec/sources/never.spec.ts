import { expect, test } from '@jest/globals';
import { Subject } from 'rxjs';

import type { CheckpointedObservable } from '../../src/index.js';
import {
  CheckpointSubject,
  concat,
  EMPTY,
  fromArray,
  fromObservable,
  memoryStorage,
  merge,
  mergeMap,
  NEVER,
  operate,
  OrphanedSnapshotError,
  scan,
  uid,
} from '../../src/index.js';
import { counted } from '../support/counted.js';
import { observe, settled } from '../support/Observed.js';

type Stream = CheckpointedObservable<number>;

const source = (): Stream => fromArray([1, 2, 3]).pipe(uid('source'));
const total = (source$: Stream): Stream =>
  source$.pipe(
    scan((sum, n) => sum + n, 0),
    uid('total'),
  );

/** A process that takes a checkpoint when all has come, and is killed; then one with the program of tomorrow. */
async function upgrade(before: () => Stream, after: () => Stream) {
  const storage = memoryStorage();
  const first = new CheckpointSubject({ storage });
  const running = observe(first.recover(before()));
  await settled();
  await first.checkpoint();
  running.unsubscribe();
  await settled();
  const second = new CheckpointSubject({ storage });
  const check = await second.check(after());
  const observed = observe(second.recover(after()));
  await settled();
  observed.unsubscribe();
  return { check, values: [...running.values, ...observed.values], error: observed.error };
}

/** NEVER holds nothing, so that it may be found elsewhere in a later program, or nowhere. */
test.each<[string, () => Stream, () => Stream]>([
  [
    'an operator with state is put behind NEVER',
    () => total(merge(source(), NEVER).pipe(uid('all'))),
    () => total(merge(source(), NEVER.pipe(counted, uid('count'))).pipe(uid('all'))),
  ],
  [
    'something else stands in place of NEVER',
    () => total(concat(source(), NEVER).pipe(uid('all'))),
    () => total(concat(source(), EMPTY).pipe(uid('all'))),
  ],
  [
    'an inner pipeline has an operator more',
    () => total(merge(source(), source$inner(NEVER)).pipe(uid('all'))),
    () => total(merge(source(), source$inner(NEVER.pipe(counted))).pipe(uid('all'))),
  ],
])('when %s, the rest is restored', async (_, before, after) => {
  const { check, values, error } = await upgrade(before, after);
  expect(check.orphaned).toEqual([]);
  expect(error).toBeUndefined();
  expect(values).toEqual([1, 3, 6]);
});

test('of what stood behind NEVER and is gone, only what had a state is missed', async () => {
  const { check, error } = await upgrade(
    () => total(merge(source(), NEVER.pipe(counted, uid('count'))).pipe(uid('all'))),
    () => total(merge(source(), NEVER).pipe(uid('all'))),
  );
  expect(check.orphaned).toEqual(['count']);
  expect(error).toBeInstanceOf(OrphanedSnapshotError);
});

test('what only looks like it is missed: a uid may end as the name of NEVER does', async () => {
  const alike = operate<number, number, { never: boolean; last: number }>({
    operator: 'alike',
    create: () => {
      let last = 0;
      return {
        next: (n, out) => ((last = n), out.next(n)),
        snapshotState: () => ({ never: true, last }),
        restoreState: (state) => void ({ last } = state),
      };
    },
  });
  const all = (): Stream => merge(source(), NEVER).pipe(uid('all'));
  const { check, error } = await upgrade(
    () => total(all().pipe(alike, uid('count>live'))),
    () => total(all()),
  );
  expect(check.orphaned).toEqual(['count>live']);
  expect(error).toBeInstanceOf(OrphanedSnapshotError);
});

function source$inner(inner$: Stream): Stream {
  return fromArray([0]).pipe(
    uid('zero'),
    mergeMap(() => inner$),
    uid('inners'),
  );
}

test('a live source that was silent until the checkpoint is one that is missed', async () => {
  const silent$ = new Subject<number>();
  const { error } = await upgrade(
    () => total(merge(source(), fromObservable(silent$).pipe(uid('silent'))).pipe(uid('all'))),
    () => total(merge(source(), NEVER).pipe(uid('all'))),
  );
  expect(error).toBeInstanceOf(OrphanedSnapshotError);
});
