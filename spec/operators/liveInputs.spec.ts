import { describe, expect, test } from '@jest/globals';
import type { Observable } from 'rxjs';
import {
  AsyncSubject,
  BehaviorSubject,
  map as plainMap,
  ReplaySubject,
  shareReplay as plainShareReplay,
  Subject,
  tap as plainTap,
} from 'rxjs';

import type { CheckpointedObservable, CheckpointStorage } from '../../src/index.js';
import {
  CheckpointSubject,
  fromObservable,
  memoryStorage,
  merge,
  mergeMap,
  of,
  scan,
  withLatestFrom,
} from '../../src/index.js';
import { Log } from '../support/Log.js';
import { observe, settled } from '../support/Observed.js';

// Types do not let a plain input in; programs in JavaScript have some.
const asInput = (source$: Observable<number>) =>
  merge(of(0), source$, new Log<number>().stream$) as CheckpointedObservable<number>;
const asInner = (source$: Observable<number>): CheckpointedObservable<number> =>
  new Log([0]).stream$.pipe(mergeMap(() => merge(of(0), source$)));

/** What has come out in the end of a life in which these come, and a checkpoint. */
async function life(
  storage: CheckpointStorage,
  make: typeof asInput,
  source$: Observable<number>,
  come: () => void,
): Promise<readonly number[]> {
  const checkpoints = new CheckpointSubject({ storage });
  const append = (all: readonly number[], value: number): readonly number[] => [...all, value];
  const seen = observe(checkpoints.recover(make(source$).pipe(scan(append, []))));
  await settled();
  come();
  const { operators } = await checkpoints.checkpoint();
  seen.unsubscribe();
  await settled();
  return (operators['main:scan']!.state as { readonly value: readonly number[] }).value;
}

describe.each([
  ['an input', asInput],
  ['an inner Observable', asInner],
])('%s that is live', (_, make) => {
  test.each<[string, (subject: Subject<number>) => Observable<number>]>([
    ['a Subject', (subject) => subject],
    ['a Subject that is handed out', (subject) => subject.asObservable()],
    ["RxJS's operators behind a Subject", (subject) => subject.pipe(plainTap(), plainMap((n) => n))], // prettier-ignore
  ])('%s, loses nothing that comes after a restart', async (_name, source) => {
    const storage = memoryStorage();
    const lives = [[1, 2, 3], [4, 5, 6, 7], [8]];
    for (const [i, values] of lives.entries()) {
      const subject = new Subject<number>();
      const all = await life(storage, make, source(subject), () => values.forEach((n) => subject.next(n)));
      expect(all).toEqual([0, ...lives.slice(0, i + 1).flat()]);
    }
  });

  test('and has a value of today, gives that one', async () => {
    const storage = memoryStorage();
    const subject = new BehaviorSubject(1);
    expect(await life(storage, make, subject, () => subject.next(2))).toEqual([0, 1, 2]);
    expect(await life(storage, make, new BehaviorSubject(3), () => {})).toEqual([0, 1, 2, 3]);
  });

  test.each<[string, (values: readonly number[]) => Observable<number>]>([
    ['all that it had', (values) => subjectOf(new ReplaySubject(Infinity), values)],
    ['its last value', (values) => subjectOf(new AsyncSubject(), values)],
  ])('and repeats %s, is skipped by what it had emitted', async (_name, source) => {
    const storage = memoryStorage();
    const first = await life(storage, make, source([1, 2]), () => {});
    expect(first.length).toBeGreaterThan(1);
    expect(await life(storage, make, source([1, 2]), () => {})).toEqual(first);
  });
});

function subjectOf<S extends Subject<number>>(subject: S, values: readonly number[]): S {
  for (const value of values) subject.next(value);
  if (subject instanceof AsyncSubject) subject.complete();
  return subject;
}

test('what a Subject is the origin of is skipped if it is said to repeat itself', async () => {
  const storage = memoryStorage();
  const subject = new Subject<number>();
  const repeated$ = subject.pipe(plainShareReplay());
  repeated$.subscribe();
  const make = (source$: Observable<number>) => fromObservable(source$, { hot: false });
  expect(await life(storage, make, repeated$, () => [1, 2].forEach((n) => subject.next(n)))).toEqual([1, 2]);
  expect(await life(storage, make, repeated$, () => subject.next(3))).toEqual([1, 2, 3]);
});

test('withLatestFrom sees what a BehaviorSubject says today', async () => {
  const storage = memoryStorage();
  const log = new Log<number>();
  const run = async (version: string): Promise<readonly unknown[]> => {
    const checkpoints = new CheckpointSubject({ storage });
    const version$ = new BehaviorSubject('none');
    const seen = observe(checkpoints.recover(log.stream$.pipe(withLatestFrom(version$))));
    await settled();
    version$.next(version);
    log.write(log.records.length);
    await checkpoints.checkpoint();
    seen.unsubscribe();
    await settled();
    return seen.values;
  };
  expect(await run('v1')).toEqual([[0, 'v1']]);
  expect(await run('v2')).toEqual([[1, 'v2']]);
});
