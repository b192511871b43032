import { describe, expect, test } from '@jest/globals';
import { Subject } from 'rxjs';

import {
  bufferCount,
  CheckpointSubject,
  fromObservable,
  groupBy,
  map,
  memoryStorage,
  mergeMap,
  take,
  window,
  windowCount,
} from '../../src/index.js';
import type { CheckpointedObservable } from '../../src/index.js';
import { observe, settled } from '../support/Observed.js';

type Create = (values$: CheckpointedObservable<number>) => CheckpointedObservable<unknown>;

/** A checkpoint after each value, and with `restarts` a new life after that. Gives the values, and the names in each checkpoint. */
async function run(create: Create, values: readonly number[], restarts: boolean) {
  const storage = memoryStorage();
  const seen: unknown[] = [];
  const names: string[][] = [];
  let values$ = new Subject<number>();
  let checkpoints = new CheckpointSubject({ storage });
  const begin = async () => {
    const running = observe(checkpoints.recover(create(fromObservable(values$, { hot: true }))));
    await settled();
    expect(running.error).toBeUndefined();
    return running;
  };
  let running = await begin();
  for (const value of values) {
    values$.next(value);
    const { operators } = await checkpoints.checkpoint();
    names.push(Object.keys(operators).sort());
    if (!restarts) continue;
    seen.push(...running.values);
    running.unsubscribe();
    await settled();
    values$ = new Subject();
    checkpoints = new CheckpointSubject({ storage });
    running = await begin();
  }
  seen.push(...running.values);
  running.unsubscribe();
  return { seen, names };
}

function outside(create: Create, values: readonly number[]): readonly unknown[] {
  const values$ = new Subject<number>();
  const running = observe(create(fromObservable(values$)));
  for (const value of values) values$.next(value);
  running.unsubscribe();
  return running.values;
}

const values = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10];
const pairs = (numbers$: CheckpointedObservable<number>) =>
  numbers$.pipe(
    map((x, index) => x * 10 + index),
    bufferCount(2),
    take(2),
  );

describe('an inner that listens to a group or a window in an open job', () => {
  test.each<[string, Create]>([
    [
      'groups',
      (values$) =>
        values$.pipe(
          groupBy((x) => x % 2),
          mergeMap(pairs),
        ),
    ],
    [
      'groups in turns',
      (values$) =>
        values$.pipe(
          groupBy((x) => x % 2),
          mergeMap(pairs, 1),
        ),
    ],
    ['windows', (values$) => values$.pipe(windowCount(4), mergeMap(pairs))],
    ['windows that overlap', (values$) => values$.pipe(windowCount(6, 2), mergeMap(pairs))],
    [
      'inners of groups',
      (values$) =>
        values$.pipe(
          groupBy((x) => x % 2),
          mergeMap((group) =>
            group.pipe(
              groupBy((x) => x % 3),
              mergeMap(pairs),
            ),
          ),
        ),
    ],
  ])('%s: has the same names and gives the same after a restart as without one', async (_, create) => {
    const without = await run(create, values, false);
    const restarted = await run(create, values, true);
    expect(without.seen).toEqual(outside(create, values));
    expect(restarted).toEqual(without);
    expect(without.names.flat().some((name) => name.includes(']:') && name.endsWith('bufferCount'))).toBe(true);
  });

  test('goes on getting its barriers when who feeds it has left', async () => {
    const create: Create = (values$) => values$.pipe(window(new Subject()), take(1), mergeMap(pairs));
    const { names } = await run(create, [1, 2], true);
    for (const each of names) expect(each.filter((name) => /:bufferCount$|>live$/.test(name))).toHaveLength(2);
  });
});
