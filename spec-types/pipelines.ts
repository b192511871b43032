// What a checkpointed pipeline accepts and refuses, and what callbacks are given, in both worlds.
import * as rx from 'rxjs';
import type { Observable } from 'rxjs';
import type { CheckpointedObservable } from 'rxjs-checkpoint';
import {
  bufferCount,
  bufferTime,
  catchError,
  type CheckpointedOperator,
  CheckpointSubject,
  combineLatest,
  concat,
  concatMap,
  debounceTime,
  delay,
  distinctUntilChanged,
  filter,
  from,
  fromArray,
  fromObservable,
  groupBy,
  type GroupedObservable,
  map,
  memoryStorage,
  merge,
  mergeMap,
  mergeWith,
  of,
  pairwise,
  pipe,
  reduce,
  repeat,
  retry,
  scan,
  share,
  skip,
  startWith,
  switchMap,
  take,
  tap,
  transparent,
  uid,
  withLatestFrom,
} from 'rxjs-checkpoint';
import { fromFile, lines } from 'rxjs-checkpoint/node';

/** True for the very same type; `any` is the same as `any` only. */
type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
function same<A, B>(_: Same<A, B>): void {}

interface Flight {
  from: string;
  delay: number;
}
declare const flights$: CheckpointedObservable<Flight>;
declare const plainFlights$: Observable<Flight>;
const checkpoints = new CheckpointSubject({ storage: memoryStorage(), trigger: rx.interval(1_000) });

// Callback parameters are inferred in a checkpointed pipe …
const totals$ = flights$.pipe(
  uid('flights'),
  tap((flight) => same<typeof flight, Flight>(true)),
  filter((flight) => flight.delay > 0),
  map((flight, index) => flight.delay + index),
  scan((sum, delayMinutes) => sum + delayMinutes, 0),
  distinctUntilChanged((a, b) => a === b),
  uid('total'),
);
same<typeof totals$, CheckpointedObservable<number>>(true);

// … and on a plain Observable, where the result is plain.
const plainTotals$ = plainFlights$.pipe(
  filter((flight) => flight.delay > 0),
  map((flight) => flight.delay),
  scan((sum, delayMinutes) => sum + delayMinutes, 0),
  rx.map((sum) => sum * 2),
);
same<typeof plainTotals$, Observable<number>>(true);

// Recovering takes checkpointed pipelines only, and gives a plain Observable.
const recovered$ = checkpoints.recover(totals$, { name: 'totals' });
same<typeof recovered$, Observable<number>>(true);
recovered$.pipe(
  rx.retry({ count: 3, delay: 100 }),
  rx.map((sum) => sum + 1),
);
// @ts-expect-error a plain Observable has no state to restore
checkpoints.recover(plainFlights$);
// @ts-expect-error nor has one of which only the source is ours
checkpoints.recover(plainTotals$);

// RxJS's own operators are refused in a checkpointed pipe, wherever they stand.
// @ts-expect-error its state would be lost
flights$.pipe(rx.scan((n) => n + 1, 0));
// @ts-expect-error the same for one without state: nobody can tell
flights$.pipe(rx.map(() => 1));
flights$.pipe(
  map((flight) => flight.delay),
  // @ts-expect-error in the middle
  rx.debounceTime(10),
  scan((a) => a + 1, 0),
);
flights$.pipe(
  // @ts-expect-error RxJS's pipe() loses what tells our operators
  rx.pipe(
    map((flight: Flight) => flight.delay),
    take(1),
  ),
);
const composed$ = flights$.pipe(
  pipe(
    map((flight: Flight) => flight.delay),
    take(1),
  ),
);
same<typeof composed$, CheckpointedObservable<number>>(true);
const vouched$ = flights$.pipe(transparent(rx.map((flight) => flight.delay)));
same<typeof vouched$, CheckpointedObservable<number>>(true);

// A stream of ours, passed where RxJS wants an Observable, is one.
const asPlain$: Observable<Flight> = flights$;
rx.merge(asPlain$, flights$);
// @ts-expect-error structure alone does not make a plain Observable checkpointed
const asOurs$: CheckpointedObservable<Flight> = plainFlights$;

// Sources
same<ReturnType<typeof fromFile<string>>, CheckpointedObservable<string>>(true);
checkpoints.recover(fromFile('flights.csv', lines()));
const numbers$ = fromArray([1, 2, 3]);
same<typeof numbers$, CheckpointedObservable<number>>(true);
const promised$ = from(Promise.resolve('x'));
same<typeof promised$, CheckpointedObservable<string>>(true);
const mixedValues$ = of(1, 'a');
same<typeof mixedValues$, CheckpointedObservable<number | string>>(true);
const wrapped$ = fromObservable(plainFlights$, { hot: true });
same<typeof wrapped$, CheckpointedObservable<Flight>>(true);

// Combinations of checkpointed inputs are checkpointed; with a plain one among them they are not.
const merged$ = merge(flights$, numbers$);
same<typeof merged$, CheckpointedObservable<Flight | number>>(true);
const combined$ = combineLatest([flights$, numbers$]);
same<typeof combined$, CheckpointedObservable<[Flight, number]>>(true);
const named$ = combineLatest({ flight: flights$, n: numbers$ });
same<typeof named$, CheckpointedObservable<{ flight: Flight; n: number }>>(true);
checkpoints.recover(concat(numbers$, merged$));
// @ts-expect-error wrap the plain one in fromObservable()
checkpoints.recover(merge(flights$, plainFlights$));
// @ts-expect-error the same
checkpoints.recover(concat(flights$, [1]));
// As inputs of a checkpointed operator plain ones are fine: they are run again.
checkpoints.recover(flights$.pipe(mergeWith(plainFlights$), withLatestFrom(Promise.resolve(1))));

// Groups are checkpointed, so what is piped on them is checked too.
const counts$ = flights$.pipe(
  groupBy((flight) => flight.from),
  mergeMap((group) => {
    same<typeof group, GroupedObservable<string, Flight>>(true);
    // @ts-expect-error a stock operator within a group
    group.pipe(rx.take(1));
    return group.pipe(scan((count) => count + 1, 0));
  }),
);
same<typeof counts$, CheckpointedObservable<number>>(true);

// Inner results of any kind
same<ReturnType<typeof flights$.subscribe>, rx.Subscription>(true);
const inners$ = flights$.pipe(
  concatMap(async (flight) => flight.delay),
  switchMap((n) => [n, String(n)]),
  catchError(() => of(null)),
);
same<typeof inners$, CheckpointedObservable<number | string | null>>(true);

// Each of our operators can stand for RxJS's …
export const likeRxjs: Pick<
  typeof rx,
  'bufferCount' | 'bufferTime' | 'concatMap' | 'debounceTime' | 'delay' | 'mergeWith' | 'pairwise' | 'repeat' | 'retry'
> = { bufferCount, bufferTime, concatMap, debounceTime, delay, mergeWith, pairwise, repeat, retry };
export const alsoLikeRxjs: Pick<
  typeof rx,
  'skip' | 'startWith' | 'switchMap' | 'take' | 'tap' | 'withLatestFrom' | 'map'
> = {
  skip,
  startWith,
  switchMap,
  take,
  tap,
  withLatestFrom,
  map,
};
export const withOverloads: Pick<
  typeof rx,
  'distinctUntilChanged' | 'filter' | 'mergeMap' | 'reduce' | 'scan' | 'share'
> = {
  distinctUntilChanged,
  filter,
  mergeMap,
  reduce,
  scan,
  share,
};

// … and takes what RxJS's takes.
same<Parameters<typeof map<Flight, number>>[0], Parameters<typeof rx.map<Flight, number>>[0]>(true);
same<Parameters<typeof delay<Flight>>, Parameters<typeof rx.delay<Flight>>>(true);
same<Parameters<typeof debounceTime<Flight>>, Parameters<typeof rx.debounceTime<Flight>>>(true);
same<Parameters<typeof retry<Flight>>, Parameters<typeof rx.retry<Flight>>>(true);

// Narrowing
const late$ = flights$.pipe(filter((flight): flight is Flight & { delay: 60 } => flight.delay === 60));
same<typeof late$, CheckpointedObservable<Flight & { delay: 60 }>>(true);
const truthy$ = of(0, null, 'a').pipe(filter(Boolean));
same<typeof truthy$, CheckpointedObservable<string | number>>(true);

// Options
// @ts-expect-error a storage is needed
new CheckpointSubject({});
// @ts-expect-error an operator of ours is made by this library only
const forged: CheckpointedOperator<number, number> = rx.map((n: number) => n);
