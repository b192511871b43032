import { describe, expect, test } from '@jest/globals';
import * as rxjs from 'rxjs';

import {
  CheckpointSubject,
  connect,
  connectable,
  ConnectableInJobError,
  fromObservable,
  groupBy,
  memoryStorage,
  mergeMap,
  multicast,
  of,
  publish,
  publishBehavior,
  publishLast,
  publishReplay,
  refCount,
  share,
  UnsupportedConnectorError,
} from '../../src/index.js';
import type { CheckpointedObservable, Pipeline } from '../../src/index.js';

const recover = (pipeline: unknown): rxjs.Observable<unknown> =>
  new CheckpointSubject({ storage: memoryStorage() }).recover(pipeline as Pipeline<unknown>);

const errorOf = (observable: rxjs.Observable<unknown>): Promise<unknown> =>
  rxjs.lastValueFrom(observable).then(
    () => 'no error',
    (error: unknown) => error,
  );

/** What takes the place of a pipeline in JavaScript, where types do not refuse it. */
const untyped = (result: unknown): CheckpointedObservable<number> => result as CheckpointedObservable<number>;

class OwnSubject<T> extends rxjs.ReplaySubject<T> {}

describe('what is connected by hand', () => {
  const ways: Record<string, () => unknown> = {
    connectable: () => connectable(of(1)),
    publish: () => publish<number>()(of(1)),
    'publish, refCount': () => refCount<number>()(publish<number>()(of(1))),
    'publish().refCount()': () => publish<number>()(of(1)).refCount(),
    publishBehavior: () => publishBehavior(0)(of(1)),
    publishLast: () => publishLast<number>()(of(1)),
    publishReplay: () => publishReplay<number>(1)(of(1)),
    multicast: () => multicast<number>(() => new rxjs.Subject<number>())(of(1)),
    'multicast, map': () => multicast<number>(() => new rxjs.Subject<number>())(of(1)).pipe(rxjs.map((n) => n)),
  };

  test.each(Object.entries(ways))('%s is refused by recover(), which names the ways out', (_, make) => {
    expect(() => recover(make())).toThrow(ConnectableInJobError);
    expect(() => recover(make())).toThrow(/share\(\).*connect\(selector\)/);
  });

  test('and by inner pipelines', async () => {
    const inner$ = of(1).pipe(mergeMap(() => untyped(refCount<number>()(publish<number>()(of(1))))));
    expect(await errorOf(recover(inner$))).toBeInstanceOf(ConnectableInJobError);
    const connected$ = of(1).pipe(
      mergeMap(() => {
        const shared$ = connectable(of(1));
        return new rxjs.Observable<number>((subscriber) => shared$.subscribe(subscriber).add(shared$.connect()));
      }),
    );
    expect(await errorOf(recover(connected$))).toBeInstanceOf(ConnectableInJobError);
  });

  test('works in an inner pipeline that is plain all the way', async () => {
    const inner$ = of(1).pipe(mergeMap(() => refCount<number>()(publish<number>()(rxjs.of(1, 2)))));
    expect(await rxjs.lastValueFrom(recover(inner$).pipe(rxjs.toArray()))).toEqual([1, 2]);
  });

  test('works outside of a job over a checkpointed stream, with operators behind it', () => {
    const seen: number[] = [];
    const published$ = publish<number>()(fromObservable(rxjs.of(1, 2)));
    published$.pipe(rxjs.map((n) => 10 * n)).subscribe((n) => seen.push(n));
    published$.connect();
    expect(seen).toEqual([10, 20]);
    expect(published$).toBeInstanceOf(rxjs.ConnectableObservable);
  });
});

describe('a connector of a job', () => {
  const refused: Record<string, () => CheckpointedObservable<unknown>> = {
    'of share, of a subclass': () => of(1).pipe(share({ connector: () => new OwnSubject() })),
    'of connect, of a subclass': () => of(1).pipe(connect((s$) => s$, { connector: () => new OwnSubject() })),
    'of groupBy, with content that an ended group would lose': () =>
      of(1).pipe(
        groupBy((n) => n, { connector: () => new rxjs.ReplaySubject(1) }),
        mergeMap((group$) => group$),
      ),
    'of multicast, one for all subscriptions': () =>
      of(1).pipe(multicast(new rxjs.Subject<number>(), (s$: rxjs.Observable<number>) => s$)),
  };

  test.each(Object.entries(refused))('%s is refused', async (_, make) => {
    expect(await errorOf(recover(make()))).toBeInstanceOf(UnsupportedConnectorError);
  });

  test('that gives one Subject to two subscriptions is refused', async () => {
    const subject = new rxjs.Subject<number>();
    const twice$ = of(1, 2).pipe(mergeMap((n) => of(n).pipe(connect((s$) => s$, { connector: () => subject }))));
    expect(await errorOf(recover(twice$))).toBeInstanceOf(UnsupportedConnectorError);
  });
});
