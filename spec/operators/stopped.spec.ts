import { expect, test } from '@jest/globals';
import * as rxjs from 'rxjs';

import * as ours from '../../src/index.js';

/** What is used of both libraries. */
type Library = Pick<typeof rxjs, 'map' | 'scan' | 'filter' | 'tap' | 'take' | 'bufferCount' | 'distinctUntilChanged'>;

/** Runs it with RxJS's operators and with ours, on a plain source and on a checkpointed one. */
function withEach(
  run: (library: Library, source$: (values$: rxjs.Subject<number>) => rxjs.Observable<number>) => void,
) {
  run(rxjs, (values$) => values$);
  run(ours, (values$) => values$);
  run(ours, (values$) => ours.fromObservable(values$, { hot: true }));
}

test('a callback that unsubscribes is the last that is called', () => {
  withEach(({ map, scan, filter, tap }, toSource) => {
    const calls: string[] = [];
    const values$ = new rxjs.Subject<number>();
    const subscription = toSource(values$)
      .pipe(
        scan((sum, value) => sum + value, 0),
        tap((sum) => calls.push(`sum ${sum}`)),
        map((sum) => {
          if (sum === 3) subscription.unsubscribe();
          return sum;
        }),
        filter((sum) => calls.push(`filter ${sum}`) > 0),
      )
      .subscribe((sum) => calls.push(`result ${sum}`));
    values$.next(1);
    values$.next(2);
    values$.next(3);
    expect(calls).toEqual(['sum 1', 'filter 1', 'result 1', 'sum 3']);
  });
});

test('an accumulator that unsubscribes is the last that is called', () => {
  withEach(({ scan, filter }, toSource) => {
    const calls: string[] = [];
    const values$ = new rxjs.Subject<number>();
    const subscription = toSource(values$)
      .pipe(
        scan((sum, value) => {
          subscription.unsubscribe();
          return sum + value;
        }, 0),
        filter((sum) => calls.push(`filter ${sum}`) > 0),
      )
      .subscribe((sum) => calls.push(`result ${sum}`));
    values$.next(1);
    expect(calls).toEqual([]);
  });
});

test.each(['map', 'take', 'bufferCount', 'distinctUntilChanged'] as const)(
  'what comes after the end of %s goes to onStoppedNotification',
  async (name) => {
    const reports: unknown[][] = [];
    for (const library of [rxjs, ours as unknown as Library]) {
      const report: unknown[] = [];
      rxjs.config.onStoppedNotification = ({ kind }) => report.push(kind);
      const operator = {
        map: library.map((value: number) => value),
        take: library.take<number>(1),
        bufferCount: library.bufferCount<number>(2),
        distinctUntilChanged: library.distinctUntilChanged<number>(),
      }[name] as rxjs.OperatorFunction<number, unknown>;
      new rxjs.Observable<number>((subscriber) => {
        subscriber.next(1);
        subscriber.next(2);
        subscriber.complete();
        // eslint-disable-next-line rxjs-x/no-redundant-notify -- what happens then is the question
        subscriber.next(3);
        subscriber.complete();
      })
        .pipe(operator)
        .subscribe();
      await new Promise((resolve) => setTimeout(resolve));
      reports.push(report);
    }
    rxjs.config.onStoppedNotification = null;
    expect(reports[0]!.length).toBeGreaterThan(0);
    expect(reports[1]).toEqual(reports[0]);
  },
);

test.each(['of', 'range'] as const)('the end of %s that comes too late goes to onStoppedNotification', async (name) => {
  const reports: unknown[][] = [];
  for (const library of [rxjs, ours as unknown as typeof rxjs]) {
    const report: unknown[] = [];
    rxjs.config.onStoppedNotification = ({ kind }) => report.push(kind);
    const source$ = { of: library.of(1, 2, 3), range: library.range(1, 3) }[name];
    source$.pipe(library.take(2)).subscribe();
    source$.pipe(library.take(3)).subscribe();
    source$.subscribe();
    await new Promise((resolve) => setTimeout(resolve));
    reports.push(report);
  }
  rxjs.config.onStoppedNotification = null;
  expect(reports).toEqual([
    ['C', 'C'],
    ['C', 'C'],
  ]);
});

test('a consumer that has left hears nothing of what was on its way', () => {
  withEach(({ bufferCount, map }, toSource) => {
    const results: unknown[] = [];
    const values$ = new rxjs.Subject<number>();
    const subscription = toSource(values$)
      .pipe(
        map((value) => value),
        bufferCount(3, 1),
      )
      .subscribe((buffer) => {
        results.push(buffer);
        subscription.unsubscribe();
      });
    values$.next(1);
    values$.next(2);
    values$.next(3);
    values$.next(4);
    values$.complete();
    expect(results).toEqual([[1, 2, 3]]);
  });
});
