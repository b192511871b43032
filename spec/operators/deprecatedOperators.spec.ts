import { describe, expect, test } from '@jest/globals';
import type { Observable } from 'rxjs';
import * as rxjs from 'rxjs';
// eslint-disable-next-line rxjs-x/prefer-root-operators -- what it has is what is tested
import * as theirs from 'rxjs/operators';

import * as library from '../../src/index.js';
import * as entry from '../../src/operators/index.js';

const ours = entry as unknown as typeof theirs;
type Operators = typeof theirs;
type Numbers = Observable<number>;

const uses: Record<string, (rx: Operators, source: Numbers, other: Numbers) => Observable<unknown>> = {
  'combineLatest(a)': (rx, source, other) => rx.combineLatest<number, [number], never>(other)(source),
  'combineLatest([a])': (rx, source, other) => rx.combineLatest<number, [number], never>([other])(source),
  'combineLatest(a, sum)': (rx, source, other) => rx.combineLatest(other, (x: number, y: number) => x + y)(source),
  'combineLatest([a], sum)': (rx, source, other) => rx.combineLatest([other], (x: number, y: number) => x + y)(source),
  'concat(a)': (rx, source, other) => rx.concat(other)(source),
  'concat(a, scheduler)': (rx, source, other) => rx.concat(other, rxjs.asapScheduler)(source),
  'merge(a)': (rx, source, other) => rx.merge(other)(source),
  'merge(a, 1)': (rx, source, other) => rx.merge(other, 1)(source),
  'merge(a, scheduler)': (rx, source, other) => rx.merge(other, rxjs.asapScheduler)(source),
  'merge(a, 1, scheduler)': (rx, source, other) => rx.merge(other, 1, rxjs.asapScheduler)(source),
  'onErrorResumeNext(a)': (rx, source, other) => rx.onErrorResumeNext(other)(source),
  'onErrorResumeNext([a])': (rx, source, other) => rx.onErrorResumeNext([other])(source),
  'partition(even)[0]': (rx, source) => rx.partition((x: number) => x % 2 === 0)(source)[0],
  'partition(even)[1]': (rx, source) => rx.partition((x: number) => x % 2 === 0)(source)[1],
  'partition(of this)': (rx, source) =>
    rx.partition(
      function (this: { n: number }, x: number) {
        return x === this.n;
      },
      { n: 2 },
    )(source)[1],
  'race(a)': (rx, source, other) => rx.race(other)(source),
  'race([a])': (rx, source, other) => rx.race([other])(source),
  'race()': (rx, source) => rx.race<number, []>()(source),
  'zip(a)': (rx, source, other) => rx.zip(other)(source),
  'zip([a], sum)': (rx, source, other) => rx.zip([other], (x: number, y: number) => x + y)(source),
  'zip(a, sum)': (rx, source, other) => rx.zip(other, (x: number, y: number) => x + y)(source),
};

const inputs: Record<string, () => [Numbers, Numbers]> = {
  'at once': () => [rxjs.of(1, 2, 3), rxjs.of(4, 5)],
  'failing at once': () => [
    rxjs.concat(
      rxjs.of(1, 2),
      rxjs.throwError(() => new Error('broken')),
    ),
    rxjs.of(4, 5),
  ],
  'in turns': () => [
    rxjs.timer(1, 10).pipe(rxjs.take(3)),
    rxjs.timer(4, 10).pipe(
      rxjs.map((x) => x + 4),
      rxjs.take(2),
    ),
  ],
};

function record(result: Observable<unknown>): Promise<unknown[]> {
  const log: unknown[] = [];
  return new Promise((resolve) => {
    result.subscribe({
      next: (value) => log.push(value),
      error: (error: unknown) => resolve([...log, `error: ${(error as Error).message}`]),
      complete: () => resolve([...log, 'complete']),
    });
  });
}

describe('the operators that only rxjs/operators has', () => {
  for (const [code, use] of Object.entries(uses)) {
    for (const [kind, create] of Object.entries(inputs)) {
      test(`${code} of inputs that come ${kind}`, async () => {
        const [a, b] = create();
        const expected = await record(use(theirs, a, b));
        expect(await record(use(ours, a, b))).toEqual(expected);
        const source = library.fromObservable(a);
        const other = library.fromObservable(b);
        expect(await record(use(ours, source, other))).toEqual(expected);
        if (code === 'race()' || code.includes('scheduler')) return;
        const subject = new library.CheckpointSubject({ storage: library.memoryStorage() });
        const pipeline = use(ours, source, other) as library.CheckpointedObservable<unknown>;
        expect(await record(subject.recover(pipeline))).toEqual(expected);
      });
    }
  }
});

describe('the entry rxjs-checkpoint/operators', () => {
  test('has no name that rxjs/operators lacks', () => {
    expect(Object.keys(entry).filter((name) => !(name in theirs))).toEqual([]);
  });

  test('has all operators of the main entry that rxjs/operators has', () => {
    expect(Object.keys(theirs).filter((name) => name in library && !(name in entry))).toEqual([]);
  });

  test('gives the operators of the main entry, but for the seven', () => {
    const differing = Object.keys(entry).filter(
      (name) => name in library && entry[name as never] !== library[name as never],
    );
    expect(differing.sort()).toEqual([
      'combineLatest',
      'concat',
      'merge',
      'onErrorResumeNext',
      'partition',
      'race',
      'zip',
    ]);
  });
});
