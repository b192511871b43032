import { expect, test } from '@jest/globals';
import type { Subscription } from 'rxjs';

import type { CheckpointedObservable } from '../../src/index.js';
import {
  CheckpointSubject,
  connect,
  map,
  memoryStorage,
  merge,
  mergeMap,
  operate,
  scan,
  shareReplay,
  uid,
} from '../../src/index.js';
import { Log } from '../support/Log.js';
import { observe, settled } from '../support/Observed.js';

const sums = (log: Log<number>): CheckpointedObservable<number> =>
  log.stream$.pipe(
    uid('log'),
    scan((sum, n) => sum + n, 0),
    uid('sum'),
  );

test('who leaves from within a snapshotState cancels the checkpoint, and the next life begins with the one before', async () => {
  const storage = memoryStorage();
  const log = new Log([1]);
  let leave = (): void => {};
  const leaving = operate<number, number, null>({
    operator: 'leaving',
    create: () => ({
      next: (value, out) => out.next(value),
      snapshotState: () => {
        leave();
        return null;
      },
      restoreState: () => {},
    }),
  });
  const checkpoints = new CheckpointSubject({ storage });
  const failures = observe(checkpoints.failures$);
  const pipeline$ = sums(log).pipe(leaving, uid('leaving'));
  const first = observe(checkpoints.recover(pipeline$));
  await settled();
  await checkpoints.checkpoint();
  log.write(2);
  leave = () => first.unsubscribe();
  await expect(checkpoints.checkpoint()).rejects.toMatchObject({ reason: 'cancelled' });
  expect(failures.last!.message).toContain('a pipeline was unsubscribed by a snapshotState');
  leave = () => {};
  const second = observe(checkpoints.recover(pipeline$));
  await settled();
  expect(first.values).toEqual([1, 3]);
  expect(second.values).toEqual([3]);
  await checkpoints.checkpoint();
});

test('who leaves from within a selector, while its pipeline is connected, gets nothing, and loses nothing', async () => {
  const storage = memoryStorage();
  const log = new Log([1, 2]);
  log.isEnded = true;
  const checkpoints = new CheckpointSubject({ storage });
  let subscription: Subscription | null = null;
  const pipeline$ = sums(log).pipe(
    connect((shared) => {
      subscription?.unsubscribe();
      return shared;
    }),
  );
  const first: number[] = [];
  subscription = checkpoints.recover(pipeline$).subscribe((sum) => first.push(sum));
  await settled();
  expect(first).toEqual([]);
  expect(log.readerCount).toBe(0);
  subscription = null;
  const second = observe(checkpoints.recover(pipeline$));
  await settled();
  expect(second.values).toEqual([1, 3]);
  expect(second.hasCompleted).toBe(true);
});

test('who leaves when it hears of a checkpoint goes on behind that', async () => {
  const log = new Log([1]);
  const checkpoints = new CheckpointSubject({ storage: memoryStorage() });
  const first = observe(checkpoints.recover(sums(log)));
  observe(checkpoints, () => first.unsubscribe());
  await settled();
  checkpoints.next();
  log.write(2);
  await settled();
  log.write(3);
  expect(first.values).toEqual([1, 3]);
  const second = observe(checkpoints.recover(sums(log)));
  await settled();
  expect(second.values).toEqual([3, 6]);
});

test('subscribers of a shared stream that come before, and after a checkpoint, all come back in their order', async () => {
  const storage = memoryStorage();
  const log = new Log<number>();
  const doors = new Log<string>();
  const pipeline = (): CheckpointedObservable<string> => {
    const shared$ = sums(log).pipe(shareReplay(1), uid('shared'));
    const late$ = doors.stream$.pipe(
      uid('doors'),
      mergeMap((door) => shared$.pipe(map((sum) => `${door} ${sum}`))),
      uid('late'),
    );
    return merge(shared$.pipe(map((sum) => `early ${sum}`)), late$);
  };
  const before = new CheckpointSubject({ storage });
  const first = observe(before.recover(pipeline()));
  await settled();
  log.write(1);
  doors.write('a');
  await before.checkpoint();
  doors.write('b');
  log.write(2);
  expect(first.values).toEqual(['early 1', 'a 1', 'b 1', 'early 3', 'a 3', 'b 3']);
  first.unsubscribe();
  await settled();

  const second = observe(new CheckpointSubject({ storage }).recover(pipeline()));
  await settled();
  doors.write('c');
  log.write(3);
  expect([...second.values].sort()).toEqual(
    [...['b 1', 'early 3', 'a 3', 'b 3', 'c 3'], ...['early 6', 'a 6', 'b 6', 'c 6']].sort(),
  );
  expect(second.values.slice(-4)).toEqual(['early 6', 'a 6', 'b 6', 'c 6']);
});
