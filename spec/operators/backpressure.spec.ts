import { expect, test } from '@jest/globals';
import { Subject } from 'rxjs';

import type { CheckpointedObservable } from '../../src/index.js';
import {
  catchError,
  CheckpointSubject,
  concatMap,
  fromObservable,
  memoryStorage,
  merge,
  mergeMap,
  of,
  share,
  tap,
  uid,
} from '../../src/index.js';
import { Log } from '../support/Log.js';
import { observe, settled } from '../support/Observed.js';

/** More than `concatMap` lets wait before it holds back what is above it. */
const MANY = 3_000;

const numbers = (from: number): number[] => Array.from({ length: MANY }, (_, i) => from + i);

test.each<
  [string, (logs: readonly Log<number>[], outer$: CheckpointedObservable<number>) => CheckpointedObservable<number>]
>([
  [
    'an inner pipeline of mergeMap',
    (logs, outer$) =>
      outer$.pipe(
        mergeMap((i) => logs[i]!.stream$.pipe(uid('log'))),
        uid('merged'),
      ),
  ],
  [
    'what catchError goes on with',
    ([first, second], outer$) =>
      outer$.pipe(
        mergeMap(() => first!.stream$.pipe(uid('first'))),
        uid('merged'),
        catchError(() => second!.stream$.pipe(uid('second'))),
        uid('caught'),
      ),
  ],
])('%s that comes while all is held back waits with the others', async (which, program) => {
  const gate = new Log<number>();
  const logs = [new Log(numbers(0)), new Log(numbers(10_000))];
  const outer = new Subject<number>();
  const reads: number[] = [];
  const pipeline$ = program(logs, fromObservable(outer, { hot: true }).pipe(uid('outer'))).pipe(
    tap((n) => reads.push(n)),
    concatMap((n, i) => (i === 0 ? gate.stream$.pipe(uid('gate')) : [n])),
    uid('one-by-one'),
  );
  const checkpoints = new CheckpointSubject({ storage: memoryStorage() });
  const seen = observe(checkpoints.recover(pipeline$));
  await settled();
  outer.next(0);
  expect(reads.length).toBeLessThan(MANY);
  const before = reads.length;
  if (which.startsWith('an inner')) outer.next(1);
  else logs[0]!.breakDown(new Error('go on with the other'));
  expect(reads).toHaveLength(before);
  await checkpoints.checkpoint();
  expect(reads).toHaveLength(before);
  gate.end();
  expect(reads.filter((n) => n >= 10_000)).toEqual(numbers(10_000));
  expect(seen.values).toEqual(reads.slice(1));
  seen.unsubscribe();
});

test('a shared part that is joined within a turn is held back, also by what it emits while it is joined', async () => {
  const gate = new Log<number>();
  const log = new Log(numbers(0));
  const outer = new Subject<number>();
  const reads: number[] = [];
  const shared$ = log.stream$.pipe(uid('log'), share(), uid('shared'));
  const pipeline$ = fromObservable(outer, { hot: true }).pipe(
    uid('outer'),
    mergeMap(() => merge(of(-1), shared$)),
    uid('merged'),
    tap((n) => reads.push(n)),
    concatMap((n, i) => (i === 0 ? gate.stream$.pipe(uid('gate')) : [n])),
    uid('one-by-one'),
  );
  const checkpoints = new CheckpointSubject({ storage: memoryStorage() });
  const seen = observe(checkpoints.recover(pipeline$));
  await settled();
  outer.next(0);
  const before = reads.length;
  expect(before).toBeLessThan(MANY);
  log.write(MANY);
  expect(reads).toHaveLength(before);
  gate.end();
  expect(seen.values).toEqual([...numbers(0), MANY]);
  seen.unsubscribe();
});
