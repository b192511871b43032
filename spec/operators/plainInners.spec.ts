import { describe, expect, test } from '@jest/globals';
import { concat as plainConcat, NEVER, Observable, of as plainOf, ReplaySubject, Subject } from 'rxjs';
import type { Subscriber } from 'rxjs';

import {
  CheckpointSubject,
  defer,
  ForeignOperatorError,
  fromObservable,
  map,
  memoryStorage,
  mergeMap,
  of,
} from '../../src/index.js';
import { observe, settled } from '../support/Observed.js';

/** A plain Observable that is projected in an open job, within the turn of the value that it is projected from. */
async function projected<T>(plain: Observable<T>) {
  const storage = memoryStorage();
  const values$ = new Subject<number>();
  const create = () => fromObservable(values$, { hot: true }).pipe(mergeMap(() => plain));
  const checkpoints = new CheckpointSubject({ storage });
  const first = observe(checkpoints.recover(create()));
  await settled();
  values$.next(1);
  await settled();
  const restarted = async () => {
    await checkpoints.checkpoint();
    first.unsubscribe();
    await settled();
    const second = observe(new CheckpointSubject({ storage }).recover(create()));
    await settled();
    return second;
  };
  return { first, restarted };
}

const subscribing = (subscribe: (subscriber: Subscriber<number>) => void) => new Observable<number>(subscribe);

describe('a plain inner Observable in an open job', () => {
  test.each<[string, Observable<number>]>([
    ['emits itself', plainConcat(plainOf(1, 2), NEVER)],
    [
      'hands its subscriber to another',
      subscribing((subscriber) => plainConcat(plainOf(1, 2), NEVER).subscribe(subscriber)),
    ],
    [
      'hands it to one with an operator of ours',
      subscribing((subscriber) =>
        plainConcat(plainOf(0, 1), NEVER)
          .pipe(map((x) => x + 1))
          .subscribe(subscriber),
      ),
    ],
  ])('that %s is run again at a restore, without what it had emitted', async (_, plain) => {
    const { first, restarted } = await projected(plain);
    expect(first.values).toEqual([1, 2]);
    const second = await restarted();
    expect(second).toMatchObject({ values: [], error: undefined });
    second.unsubscribe();
  });

  test('takes part in each checkpoint that it lives to see, and in no other', async () => {
    const storage = memoryStorage();
    const values$ = new Subject<number>();
    const inners = [0, 1, 2].map(() => new ReplaySubject<string>(Infinity));
    const create = () => fromObservable(values$, { hot: true }).pipe(mergeMap((x) => inners[x]!.asObservable()));
    const checkpoints = new CheckpointSubject({ storage });
    const first = observe(checkpoints.recover(create()));
    await settled();
    values$.next(0);
    inners[0]!.next('a');
    await checkpoints.checkpoint();
    inners[0]!.next('b');
    values$.next(1);
    inners[1]!.next('c');
    values$.next(2);
    inners[2]!.complete();
    await checkpoints.checkpoint();
    inners[0]!.complete();
    inners[1]!.next('d');
    await checkpoints.checkpoint();
    first.unsubscribe();
    await settled();
    inners[1]!.next('e');
    const second = observe(new CheckpointSubject({ storage }).recover(create()));
    await settled();
    expect([first.values, second.values]).toEqual([['a', 'b', 'c', 'd'], ['e']]);
    second.unsubscribe();
  });

  test.each<[string, Observable<number>]>([
    [
      'directly',
      subscribing((subscriber) =>
        of(1, 2)
          .pipe(map((x) => x))
          .subscribe(subscriber),
      ),
    ],
    [
      'later',
      subscribing((subscriber) => {
        void Promise.resolve().then(() =>
          of(1, 2)
            .pipe(map((x) => x))
            .subscribe(subscriber),
        );
      }),
    ],
    ['by a stock operator', plainConcat(of(1, 2).pipe(map((x) => x)))],
  ])('that subscribes to one of ours %s is refused', async (_, plain) => {
    const { first } = await projected(plain);
    await settled();
    expect(first.error).toBeInstanceOf(ForeignOperatorError);
  });
});

describe('what defer gives in an open job', () => {
  test('is asked for once, and once more by a restore if it has not ended', async () => {
    let calls = 0;
    const storage = memoryStorage();
    const values$ = new Subject<number>();
    const create = () =>
      fromObservable(values$, { hot: true }).pipe(
        mergeMap((x) =>
          defer(() => {
            calls++;
            return x === 1 ? of(x) : plainConcat(plainOf(x), NEVER);
          }),
        ),
      );
    const checkpoints = new CheckpointSubject({ storage });
    const first = observe(checkpoints.recover(create()));
    await settled();
    for (const value of [1, 2]) values$.next(value);
    expect({ values: first.values, calls }).toEqual({ values: [1, 2], calls: 2 });
    await checkpoints.checkpoint();
    first.unsubscribe();
    await settled();
    const second = observe(new CheckpointSubject({ storage }).recover(create()));
    await settled();
    expect(second).toMatchObject({ values: [], error: undefined });
    expect(calls).toBe(3);
    second.unsubscribe();
  });

  test('fails with what it throws', async () => {
    const values$ = new Subject<number>();
    const boom = new Error('boom');
    const pipeline$ = fromObservable(values$, { hot: true }).pipe(
      mergeMap(() =>
        defer<never>(() => {
          throw boom;
        }),
      ),
    );
    const seen = observe(new CheckpointSubject({ storage: memoryStorage() }).recover(pipeline$));
    await settled();
    values$.next(1);
    expect(seen.error).toBe(boom);
  });
});
