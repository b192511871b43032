// Rules 5 to 9 of the runtime: each with the example that fails without it.
import { describe, expect, test } from '@jest/globals';
import * as rx from 'rxjs';

import * as ours from '../../src/index.js';
import {
  bufferTime,
  CheckpointSubject,
  concatMap,
  delay,
  fromObservable,
  groupBy,
  map,
  memoryStorage,
  merge,
  mergeMap,
  of,
  scan,
  repeat,
  share,
  startWith,
  switchMap,
  take,
  tap,
  uid,
} from '../../src/index.js';
import type { Library } from '../support/Library.js';
import { ours as oursAsTheirs, theirs } from '../support/Library.js';
import { observe, settled } from '../support/Observed.js';
import { outputsInRxjs } from '../support/outputsInRxjs.js';
import { live, outputOf, restoresEverywhere, timed } from './inVirtualTime.js';

describe('rule 5: "not opened yet" is state', () => {
  test('a prefix that waits for an earlier synchronous source still comes after a restore', () => {
    const life = restoresEverywhere(() =>
      merge(of(1, 2, 3).pipe(uid('of')), timed('-4|').pipe(startWith(0), uid('start'))),
    );
    expect(outputOf(life)).toEqual(['1', '2', '3', '0', '4', 'complete']);
    const between = life.cuts.filter(
      ({ snapshots }) => (snapshots.get('of')?.position as { offset: number } | undefined)?.offset === 2,
    );
    expect(between.map(({ snapshots }) => snapshots.get('start')?.opened)).toEqual([false]);
  });

  test('so does the first timer of a bufferTime, and comes in time', () => {
    const life = restoresEverywhere(() => merge(of(1, 2, 3), timed('4--5-6|').pipe(bufferTime(2.5))));
    expect(outputOf(life)).toEqual(['1', '2', '3', '[4]', '[5]', '[6]', 'complete']);
  });
});

describe('rule 6: all that connects together opens afterwards, in the order in which RxJS subscribes', () => {
  test('a share opens where its last branch connects: the documented difference to RxJS', () => {
    const inJob = live(() => {
      const shared$ = of(1, 2, 3).pipe(share());
      return merge(shared$, shared$.pipe(map((n) => 10 * n)));
    });
    expect(outputOf(inJob)).toEqual(['1', '10', '2', '20', '3', '30', 'complete']);

    const shared$ = rx.of(1, 2, 3).pipe(rx.share());
    expect(observe(rx.merge(shared$, shared$.pipe(rx.map((n) => 10 * n)))).values).toEqual([1, 2, 3, 10, 20, 30]);
  });

  test('one that joins within a turn opens at once, where RxJS subscribes', () => {
    const life = restoresEverywhere(() =>
      timed('-1-2|').pipe(
        concatMap((outer) => {
          const shared$ = of(1, 2).pipe(share());
          return merge(shared$, shared$.pipe(map((n) => 10 * n))).pipe(map((n) => 100 * outer + n));
        }),
      ),
    );
    expect(outputOf(life)).toEqual(['101', '102', '110', '120', '201', '202', '210', '220', 'complete']);
  });

  /** In an inner pipeline that begins within a turn. `timed` are values a frame apart, `named` does nothing in RxJS. */
  type Inner = (
    library: Library,
    named: (name: string) => rx.MonoTypeOperatorFunction<number>,
    timed: (...values: number[]) => rx.Observable<number>,
  ) => () => rx.Observable<unknown>;
  const times10 = (n: number): number => 10 * n;

  test.each<[string, Inner]>([
    [
      'a source that ends at once is subscribed to for each branch',
      (l) => () => {
        const shared$ = l.of(1, 2, 3).pipe(l.share());
        return l.merge(shared$, shared$.pipe(l.map(times10)));
      },
    ],
    [
      'a later branch misses what a source that goes on has emitted at once',
      (l, _, later) => () => {
        const shared$ = later(2, 3).pipe(l.startWith(1), l.share());
        return l.merge(shared$, shared$.pipe(l.map(times10)));
      },
    ],
    [
      'a later branch is told what is remembered of a source that has ended',
      (l) => () => {
        const shared$ = l.of(1, 2, 3).pipe(l.shareReplay({ bufferSize: 1, refCount: true }));
        return l.merge(shared$.pipe(l.toArray()), shared$);
      },
    ],
    [
      'a first value is told where the branch stands',
      (l, _, later) => () => {
        const shared$ = later(4).pipe(l.share({ connector: () => new l.BehaviorSubject(0) }));
        return l.merge(shared$, l.of(1), shared$);
      },
    ],
    [
      'a branch that is left by what came before it is none',
      (l) => () => {
        const shared$ = l.of(1, 2, 3).pipe(l.share());
        return shared$.pipe(l.takeUntil(shared$.pipe(l.skip(1))));
      },
    ],
    [
      'who is subscribed later gets each value later, though it stands in the pipeline itself',
      (l, named, later) => () => {
        const shared$ = later(1, 2).pipe(named('source'), l.share(), named('shared'));
        return l.merge(
          l.defer(() => shared$.pipe(l.map(times10))),
          shared$,
        );
      },
    ],
    [
      'a part that is named, and was made before',
      (l, named) => {
        const shared$ = l.of(1, 2).pipe(named('source'), l.share(), named('shared'));
        return () => l.zip(shared$.pipe(l.map(times10)), shared$).pipe(l.mergeWith(shared$));
      },
    ],
    [
      'a part above another one',
      (l, named) => {
        const source$ = l.of(1, 2).pipe(named('source'), l.share(), named('below'));
        const both$ = l.merge(source$, source$.pipe(l.map(times10)));
        const shared$ = both$.pipe(named('both'), l.share(), named('above'));
        return () => l.merge(shared$, shared$.pipe(l.map((n) => n + 5)));
      },
    ],
    [
      'refCount',
      (l) => () => {
        const shared$ = l.of(1, 2).pipe(l.publishBehavior(0), l.refCount());
        return l.merge(shared$, shared$.pipe(l.map(times10)));
      },
    ],
    [
      'connect',
      (l, _, later) => () =>
        later(3).pipe(
          l.connect(
            (shared$) =>
              l.merge(
                l.defer(() => shared$.pipe(l.map(times10))),
                shared$,
                l.of(1),
                shared$.pipe(l.map((n) => n + 5)),
              ),
            { connector: () => new l.BehaviorSubject(0) },
          ),
        ),
    ],
    [
      'a part above connect',
      (l) => () => {
        const shared$ = l.of(1, 2).pipe(l.share());
        return l
          .merge(shared$, shared$.pipe(l.map(times10)))
          .pipe(l.connect((both$) => l.merge(both$, both$.pipe(l.map((n) => n + 5)))));
      },
    ],
    [
      'groups',
      (l, _, later) => () =>
        later(1, 2, 1).pipe(
          l.groupBy((n) => n),
          l.mergeMap((group$) =>
            l.merge(
              l.defer(() => group$.pipe(l.map(times10))),
              group$,
            ),
          ),
        ),
    ],
  ])('%s', (_, inner) => {
    const program = (l: Library, ...others: Parameters<Inner> extends [unknown, ...infer O] ? O : never) =>
      l.timer(1.5, 10).pipe(l.take(2), l.concatMap(inner(l, ...others)));
    const later =
      (l: Library) =>
      (...values: number[]) =>
        l.timer(1, 1).pipe(
          l.take(values.length),
          l.map((i) => values[i]!),
        );
    const life = restoresEverywhere(
      () => program(oursAsTheirs, uid, later(oursAsTheirs)) as ours.CheckpointedObservable<unknown>,
    );
    expect(life.outputs).toEqual(outputsInRxjs(() => program(theirs, () => rx.identity, later(theirs)), 100));
  });

  test('a prefix comes before what is connected after it emits', () => {
    const life = restoresEverywhere(() => {
      const shared$ = of(1, 2).pipe(share());
      return merge(
        shared$.pipe(startWith(0)),
        shared$.pipe(
          map((n) => 10 * n),
          startWith(-1),
        ),
      );
    });
    expect(outputOf(life)).toEqual(['0', '-1', '1', '10', '2', '20', 'complete']);
  });

  test('a source that is late in the pipeline opens late', () => {
    const life = restoresEverywhere(() => merge(of(1), of(2).pipe(startWith(0)), of(3)));
    expect(outputOf(life)).toEqual(['1', '0', '2', '3', 'complete']);
  });
});

describe('rule 7: a completed operator may have living upstream', () => {
  test('groups behind a take that is through', () => {
    const life = restoresEverywhere(() =>
      timed('1-2-3-1-2-1|').pipe(
        uid('source'),
        groupBy((n) => n),
        uid('groups'),
        take(2),
        uid('two'),
        mergeMap((group$) =>
          group$.pipe(
            delay(1.5),
            uid('delay'),
            scan((all, n) => all + n, 0),
            uid('sum'),
          ),
        ),
        uid('all'),
      ),
    );
    // Of 1: 1, 2, 3; of 2: 2, 4. The third group has no subscriber.
    expect(outputOf(life)).toEqual(['1', '2', '2', '4', '3', 'complete']);
    const dead = life.cuts.filter(({ snapshots }) => !snapshots.has('two') && snapshots.has('groups'));
    expect(dead.length).toBeGreaterThan(2);
  });

  test('groups of an inner pipeline that was left', () => {
    const life = restoresEverywhere(() =>
      timed('1-2-----|').pipe(
        mergeMap((n) => timed(`${n}-${n}-${n}|`, 0.25).pipe(groupBy(() => n))),
        take(2),
        mergeMap((group$) => group$.pipe(delay(0.5))),
      ),
    );
    expect(outputOf(life).sort()).toEqual(['1', '1', '1', '2', '2', '2', 'complete']);
  });

  test('groups of a connection of share that is over', () => {
    const life = restoresEverywhere(() => {
      const groups$ = timed('1-2-1-2-1|').pipe(
        uid('source'),
        groupBy((n) => n),
        uid('groups'),
        share(),
        uid('shared'),
      );
      return ours.concat(groups$.pipe(take(1)), groups$.pipe(take(1))).pipe(mergeMap((group$) => group$));
    });
    expect(outputOf(life)).toEqual(['1', '1', '1', '1', '1', '1', 'complete']);
    const both = life.cuts.filter(({ snapshots }) => snapshots.has('groups') && snapshots.has('shared@1/groups'));
    expect(both.length).toBeGreaterThan(2);
  });

  test('an inner that was left is projected again while one of its groups is in use, and not after that', () => {
    const projected: number[] = [];
    const build = () =>
      timed('1-2---------|').pipe(
        switchMap((n) => {
          projected.push(n);
          return timed(`${n}-${n}-${n}|`, 0.25).pipe(groupBy((m) => m));
        }),
        mergeMap((group$) => group$),
      );
    const { cuts } = restoresEverywhere(build);
    const projectedFrom = (frame: number): number[] => {
      projected.length = 0;
      live(build, cuts.filter((cut) => cut.frame <= frame).slice(-1)[0]);
      return projected.filter((n, i) => projected.indexOf(n) === i);
    };
    // The first one's group ends at 5.25, the second at 7.25.
    expect([projectedFrom(3), projectedFrom(6), projectedFrom(8)]).toEqual([[1, 2], [2], []]);
  });

  test('an attempt that is over stays in the snapshot for as long', () => {
    const life = restoresEverywhere(() =>
      timed('1-2--1---2|').pipe(
        groupBy((n) => n),
        take(2),
        repeat(2),
        uid('twice'),
        mergeMap((group$) => group$),
      ),
    );
    const kept = life.cuts.map(({ snapshots }) =>
      (snapshots.get('twice')?.state as { lingering: number[] } | undefined)?.lingering.join(),
    );
    // The first attempt's groups end at 10, those of the second at 12.
    expect(kept.filter((attempts, i) => attempts !== kept[i - 1])).toEqual(['', '0', '0,1', '1']);
  });
});

describe('rule 8: structure is restored before the inputs, users\u2019 values after what they may refer to', () => {
  test('a group that is held back downstream of its groupBy', () => {
    const life = restoresEverywhere(() =>
      timed('1-2-1-2-1|').pipe(
        groupBy((n) => n),
        delay(2.5),
        mergeMap((group$) => group$.pipe(map((n) => `${group$.key}:${n}`))),
      ),
    );
    // What came before anybody subscribed to the group is lost, as in RxJS.
    expect(outputOf(life)).toEqual(['1:1', '2:2', '1:1', 'complete']);
  });

  test('a value of a later inner that is a group of an earlier one', () => {
    const life = restoresEverywhere(() =>
      timed('1---2|').pipe(
        mergeMap((n) =>
          n === 1 ? timed('3-3-4-3|', 0.25).pipe(groupBy((m) => m)) : timed('-|', 0.125).pipe(groupBy((m) => m)),
        ),
        mergeMap((group$) => group$.pipe(map((n) => 10 * n))),
      ),
    );
    expect(outputOf(life)).toEqual(['30', '30', '40', '30', 'complete']);
  });

  test('a group of an inner that was left, which the inner that runs was projected from', () => {
    type Item = number | ours.CheckpointedObservable<number>;
    const isGroup = (item: Item): item is ours.CheckpointedObservable<number> => typeof item !== 'number';
    const life = restoresEverywhere(() => {
      const back$ = new rx.Subject<Item>();
      const items$ = fromObservable(back$, { hot: true }).pipe(
        switchMap((item): ours.CheckpointedObservable<Item> =>
          isGroup(item) ? item.pipe(map((n) => 10 * n)) : timed('-3-3-4-3|', 0.25).pipe(groupBy((n) => n)),
        ),
        mergeMap((item): ours.CheckpointedObservable<number> =>
          // The group is in use when it takes the place of the inner that it comes from.
          isGroup(item)
            ? item.pipe(
                tap(() => back$.next(item)),
                take(1),
              )
            : of(item),
        ),
      );
      return merge(items$, timed('-1-----------|').pipe(tap((n) => back$.next(n))));
    });
    expect(outputOf(life)).toEqual(['1', '3', '30', '30']);
  });

  test('an index and counters of a mergeMap whose inners are projected again', () => {
    const life = restoresEverywhere(() =>
      timed('1-2-3|').pipe(mergeMap((n, index) => timed(`--${n}|`, 0.25).pipe(map((m) => `${index}:${m}`)), 1)),
    );
    expect(outputOf(life)).toEqual(['0:1', '1:2', '2:3', 'complete']);
  });
});

describe('rule 9: teardown and completion come in RxJS\u2019s order, in a job too', () => {
  type Library = Pick<
    typeof rx,
    | 'merge'
    | 'concat'
    | 'combineLatest'
    | 'share'
    | 'mergeMap'
    | 'concatMap'
    | 'switchMap'
    | 'map'
    | 'catchError'
    | 'retry'
    | 'repeat'
    | 'startWith'
    | 'take'
    | 'withLatestFrom'
  >;
  type Input = (name: string, ...values: number[]) => rx.Observable<number>;

  function failAt2(n: number): number {
    if (n === 2) throw new Error('2');
    return n;
  }

  function failAt2Once(): (n: number) => number {
    let hasFailed = false;
    return (n) => {
      if (hasFailed) return n;
      hasFailed = n === 2;
      return failAt2(n);
    };
  }

  const pipelines: Record<string, (library: Library, input: Input) => rx.Observable<unknown>> = {
    merge: ({ merge: m }, input) => m(input('a', 1), input('b', 2), input('c', 3), 2),
    concat: ({ concat: c }, input) => c(input('a', 1), input('b', 2)),
    combineLatest: ({ combineLatest: c }, input) => c([input('a', 1), input('b', 2)]),
    mergeMap: (l, input) => input('outer', 1, 2, 3).pipe(l.mergeMap((n) => input(`inner ${n}`, n), 1)),
    concatMap: (l, input) => input('outer', 1, 2).pipe(l.concatMap((n) => input(`inner ${n}`, n))),
    switchMap: (l, input) => input('outer', 1, 2).pipe(l.switchMap((n) => input(`inner ${n}`, n))),
    catchError: (l, input) =>
      input('source', 1, 2, 3).pipe(
        l.map(failAt2),
        l.catchError(() => input('handler', 4)),
      ),
    retry: (l, input) => input('source', 1, 2, 3).pipe(l.map(failAt2Once()), l.retry(1)),
    'retry with a notifier': (l, input) =>
      input('source', 1, 2, 3).pipe(l.map(failAt2Once()), l.retry({ delay: () => input('notifier', 5, 6) })),
    repeat: (l, input) => input('source', 1, 2).pipe(l.repeat(2)),
    'repeat with a notifier': (l, input) =>
      input('source', 1).pipe(l.repeat({ count: 2, delay: () => input('notifier', 5, 6) })),
    startWith: (l, input) => input('source', 1, 2).pipe(l.startWith(0)),
    take: (l, input) => input('source', 1, 2).pipe(l.take(1)),
    withLatestFrom: (l, input) => input('source', 1, 2, 3).pipe(l.withLatestFrom(input('other', 4))),
    share: (l, input) =>
      input('source', 1, 2).pipe(
        l.share(),
        l.map((n) => n),
      ),
  };

  function log(
    build: (typeof pipelines)[string],
    library: Library,
    adopt: (input$: rx.Observable<number>) => rx.Observable<number>,
  ) {
    const lines: string[] = [];
    const input: Input = (name, ...values) =>
      adopt(
        new rx.Observable<number>((subscriber) => {
          lines.push(`${name} subscribed`);
          // Asynchronous, so that all are subscribed before the first value, as a job does it.
          let i = 0;
          const next = (): void => {
            if (i < values.length) subscriber.next(values[i++]!);
            else return subscriber.complete();
            queueMicrotask(next);
          };
          queueMicrotask(next);
          return () => lines.push(`${name} left`);
        }),
      );
    return { lines, pipeline$: build(library, input) };
  }

  async function record(lines: string[], observable: rx.Observable<unknown>): Promise<string[]> {
    observable.subscribe({
      next: (value) => lines.push(`value ${JSON.stringify(value)}`),
      complete: () => lines.push('complete'),
    });
    await settled();
    return lines;
  }

  test.each(Object.entries(pipelines))('%s', async (_, build) => {
    const theirs = log(build, rx, (input$) => input$);
    const expected = await record(theirs.lines, theirs.pipeline$);
    expect(expected).toContain('complete');
    const inJob = log(build, ours, (input$) => fromObservable(input$));
    const pipeline$ = new CheckpointSubject({ storage: memoryStorage() }).recover(
      inJob.pipeline$ as ours.CheckpointedObservable<unknown>,
    );
    expect(await record(inJob.lines, pipeline$)).toEqual(expected);
  });

  test('a share that is left and joined again in one turn counts its branches as RxJS does', async () => {
    const record = async (wrap: (source$: rx.Observable<number>) => rx.Observable<number>) => {
      const lines: string[] = [];
      const source = new rx.Subject<number>();
      const watched$ = new rx.Observable<number>((subscriber) => {
        lines.push('subscribed');
        source.subscribe(subscriber);
        return () => lines.push('left');
      });
      observe(wrap(watched$), (n) => lines.push(`value ${n}`));
      await settled();
      for (const n of [1, 2, 3]) source.next(n);
      return lines;
    };
    const expected = await record((source$) => {
      const shared$ = source$.pipe(rx.share());
      return rx.concat(shared$.pipe(rx.take(1)), shared$);
    });
    expect(expected).toEqual(['subscribed', 'value 1', 'left', 'subscribed', 'value 2', 'value 3']);
    const inJob = await record((source$) => {
      const shared$ = fromObservable(source$, { hot: true }).pipe(uid('source'), share(), uid('shared'));
      return new CheckpointSubject({ storage: memoryStorage() }).recover(ours.concat(shared$.pipe(take(1)), shared$));
    });
    expect(inJob).toEqual(expected);
  });
});
