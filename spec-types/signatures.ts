// Each of our operators can stand for RxJS's, and takes what RxJS's takes; no type degrades to any.
import * as rx from 'rxjs';
// eslint-disable-next-line rxjs-x/prefer-root-operators -- what it has is what is compared
import type * as rxOperators from 'rxjs/operators';
import type { Observable } from 'rxjs';
import * as ours from 'rxjs-checkpoint';
import * as oursOperators from 'rxjs-checkpoint/operators';
import type { CheckpointedObservable } from 'rxjs-checkpoint';

type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
function same<A, B>(_: Same<A, B>): void {}

/** `any` alone is both a subtype of everything and a supertype of 1. */
type IsAny<T> = 0 extends 1 & T ? true : false;
function notAny<T>(_: IsAny<T> extends true ? never : 'not any'): void {}

interface Order {
  id: number;
  item: string;
}
declare const orders$: CheckpointedObservable<Order>;
declare const plainOrders$: Observable<Order>;
declare const numbers$: CheckpointedObservable<number>;

// Assignable to RxJS's, with all overloads that are not deprecated.
export const bufferCount: typeof rx.bufferCount = ours.bufferCount;
export const bufferTime: typeof rx.bufferTime = ours.bufferTime;
export const catchError: typeof rx.catchError = ours.catchError;
export const concatMap: typeof rx.concatMap = ours.concatMap;
export const debounceTime: typeof rx.debounceTime = ours.debounceTime;
export const delay: typeof rx.delay = ours.delay;
export const distinctUntilChanged: typeof rx.distinctUntilChanged = ours.distinctUntilChanged;
export const filter: typeof rx.filter = ours.filter;
export const groupBy: typeof rx.groupBy = ours.groupBy;
export const map: typeof rx.map = ours.map;
export const mergeMap: typeof rx.mergeMap = ours.mergeMap;
export const mergeWith: typeof rx.mergeWith = ours.mergeWith;
export const pairwise: typeof rx.pairwise = ours.pairwise;
export const reduce: typeof rx.reduce = ours.reduce;
export const repeat: typeof rx.repeat = ours.repeat;
export const retry: typeof rx.retry = ours.retry;
export const scan: typeof rx.scan = ours.scan;
export const share: typeof rx.share = ours.share;
export const skip: typeof rx.skip = ours.skip;
export const startWith: typeof rx.startWith = ours.startWith;
export const switchMap: typeof rx.switchMap = ours.switchMap;
export const take: typeof rx.take = ours.take;
export const tap: typeof rx.tap = ours.tap;
export const withLatestFrom: typeof rx.withLatestFrom = ours.withLatestFrom;
export const combineLatest: typeof rx.combineLatest = ours.combineLatest;
export const concat: typeof rx.concat = ours.concat;
export const from: typeof rx.from = ours.from;
export const merge: typeof rx.merge = ours.merge;
export const of: typeof rx.of = ours.of;

// And the other way round: nothing is taken that RxJS would refuse.
same<Parameters<typeof ours.bufferCount<Order>>, Parameters<typeof rx.bufferCount<Order>>>(true);
same<Parameters<typeof ours.bufferTime<Order>>, Parameters<typeof rx.bufferTime<Order>>>(true);
same<Parameters<typeof ours.debounceTime<Order>>, Parameters<typeof rx.debounceTime<Order>>>(true);
same<Parameters<typeof ours.delay<Order>>, Parameters<typeof rx.delay<Order>>>(true);
same<Parameters<typeof ours.filter<Order>>, Parameters<typeof rx.filter<Order>>>(true);
same<Parameters<typeof ours.map<Order, string>>, Parameters<typeof rx.map<Order, string>>>(true);
same<Parameters<typeof ours.pairwise<Order>>, Parameters<typeof rx.pairwise<Order>>>(true);
same<Parameters<typeof ours.repeat<Order>>, Parameters<typeof rx.repeat<Order>>>(true);
same<Parameters<typeof ours.retry<Order>>, Parameters<typeof rx.retry<Order>>>(true);
same<Parameters<typeof ours.scan<Order, number>>, Parameters<typeof rx.scan<Order, number>>>(true);
same<Parameters<typeof ours.reduce<Order, number>>, Parameters<typeof rx.reduce<Order, number>>>(true);
same<Parameters<typeof ours.share<Order>>, Parameters<typeof rx.share<Order>>>(true);
same<Parameters<typeof ours.skip<Order>>, Parameters<typeof rx.skip<Order>>>(true);
same<Parameters<typeof ours.take<Order>>, Parameters<typeof rx.take<Order>>>(true);
same<
  Parameters<typeof ours.switchMap<Order, Observable<string>>>[0],
  Parameters<typeof rx.switchMap<Order, Observable<string>>>[0]
>(true);
// @ts-expect-error a count is a number
ours.take('3');
// @ts-expect-error a projection returns what can be subscribed to
orders$.pipe(ours.mergeMap((order) => order.id));
// @ts-expect-error an accumulator returns its own state
orders$.pipe(ours.scan((ids: number[], order) => order.item, []));

// What callbacks are given is inferred, with index and all, in both worlds.
orders$.pipe(
  ours.tap((order) => same<typeof order, Order>(true)),
  ours.tap({ next: (order) => same<typeof order, Order>(true), subscribe: () => {} }),
  ours.filter((order, index) => order.id > index),
  ours.distinctUntilChanged((before, order) => before.id === order.id),
  ours.distinctUntilChanged(
    (before, item) => before === item,
    (order) => order.item,
  ),
  ours.scan((ids: readonly number[], order, index) => [...ids, order.id, index], []),
  ours.tap((ids) => same<typeof ids, readonly number[]>(true)),
  ours.bufferCount(2),
  ours.tap((buffer) => same<typeof buffer, (readonly number[])[]>(true)),
);
const plain$ = plainOrders$.pipe(
  ours.tap((order) => same<typeof order, Order>(true)),
  ours.groupBy((order) => order.item),
  ours.mergeMap((group$, index) => group$.pipe(ours.map((order) => `${group$.key} ${order.id} ${index}`))),
  rx.map((text) => text.length),
  ours.pairwise(),
  ours.withLatestFrom(numbers$, (pair, n) => pair[0] + pair[1] + n),
  ours.catchError((error: Error, caught$) => (error.message === '' ? caught$ : ['failed' as const])),
);
same<typeof plain$, Observable<number | 'failed'>>(true);

// Results
const groups$ = orders$.pipe(
  ours.groupBy((order) => order.item, {
    element: (order) => order.id,
    duration: (group$) => group$.pipe(ours.delay(10)),
  }),
);
same<typeof groups$, CheckpointedObservable<ours.GroupedObservable<string, number>>>(true);
const parted$ = ours.of(1, 'a').pipe(ours.groupBy((value): value is string => typeof value === 'string'));
parted$.pipe(
  ours.mergeMap((group$) => {
    if (group$.key) group$.pipe(ours.tap((value) => same<typeof value, string>(true)));
    return group$;
  }),
);
const started$ = numbers$.pipe(ours.startWith('a', null));
same<typeof started$, CheckpointedObservable<number | string | null>>(true);
const latest$ = orders$.pipe(ours.withLatestFrom(numbers$, Promise.resolve('x')));
same<typeof latest$, CheckpointedObservable<[Order, number, string]>>(true);
const with$ = orders$.pipe(ours.mergeWith(numbers$, ['a']));
same<typeof with$, CheckpointedObservable<Order | number | string>>(true);
const results$ = orders$.pipe(
  ours.concatMap((order) => Promise.resolve(order.id)),
  ours.repeat(2),
  ours.retry({ count: 3, delay: 10 }),
  ours.share(),
);
same<typeof results$, CheckpointedObservable<number>>(true);
const selected$ = ours.combineLatest([orders$, numbers$], (order, n) => order.id + n);
same<typeof selected$, CheckpointedObservable<number>>(true);
const empty$ = ours.of();
same<typeof empty$, CheckpointedObservable<never>>(true);
const remote$ = ours.fromRemote<Order, number>((sink, position = 0) => {
  sink.next({ id: position, item: '' });
  // @ts-expect-error not a record
  sink.next('text');
  return { requestBarrier: (id) => sink.barrier(id, position), close() {} };
});
same<typeof remote$, CheckpointedObservable<Order>>(true);

// pipe() of this library keeps what tells our operators, through as many as one likes.
const composed = ours.pipe(
  ours.map((order: Order) => order.id),
  ours.scan((sum, id) => sum + id, 0),
  ours.uid('sum'),
  ours.map((sum) => String(sum)),
);
same<typeof composed, ours.CheckpointedOperator<Order, string>>(true);
same<ReturnType<typeof ours.uid<Order>>, ours.CheckpointedOperator<Order, Order>>(true);
const both = { checkpointed$: orders$.pipe(composed), plain$: plainOrders$.pipe(composed) };
same<typeof both, { checkpointed$: CheckpointedObservable<string>; plain$: Observable<string> }>(true);
ours.pipe(
  ours.take<Order>(1),
  // @ts-expect-error a stock operator among ours
  rx.map((order) => order.id),
);
// A function from one pipeline to another is a step as well, if it stays among ours.
const counted$ = orders$.pipe((source$: CheckpointedObservable<Order>) =>
  ours.merge(source$, numbers$).pipe(ours.scan((n) => n + 1, 0)),
);
same<typeof counted$, CheckpointedObservable<number>>(true);
// @ts-expect-error it does not
orders$.pipe((source$: CheckpointedObservable<Order>) => rx.merge(source$, numbers$));

// transparent() keeps the types of what it wraps.
const vouched$ = orders$.pipe(
  ours.transparent(
    rx.pipe(
      rx.filter((order) => order.id > 0),
      rx.map((order) => order.item),
    ),
  ),
);
same<typeof vouched$, CheckpointedObservable<string>>(true);

// Nothing is any.
type ValueOf<T> = T extends Observable<infer V> ? V : never;
notAny<ValueOf<typeof groups$>>('not any');
notAny<ValueOf<typeof plain$>>('not any');
notAny<ValueOf<typeof results$>>('not any');
notAny<ValueOf<typeof counted$>>('not any');
notAny<ValueOf<ReturnType<ours.CheckpointSubject['recover']>>>('not any');
const checkpoints = new ours.CheckpointSubject({ storage: ours.memoryStorage() });
checkpoints.subscribe((checkpoint) => {
  notAny<typeof checkpoint>('not any');
  notAny<typeof checkpoint.operators>('not any');
  const total = checkpoint.operators.total;
  notAny<typeof total>('not any');
  same<NonNullable<typeof total>['state'], unknown>(true);
  // @ts-expect-error a checkpoint cannot be changed
  checkpoint.id = 1;
});
checkpoints.failures$.subscribe((failure) => {
  notAny<typeof failure.reason>('not any');
  same<typeof failure.cause, unknown>(true);
});
same<ReturnType<typeof checkpoints.checkpoint>, Promise<ours.Checkpoint>>(true);
// Both sides of it: an Observer of any trigger, an Observable of checkpoints.
rx.interval(1_000).subscribe(checkpoints);
const ids$: Observable<number> = checkpoints.pipe(rx.map(({ id }) => id));
notAny<typeof ids$>('not any');
try {
  checkpoints.recover(orders$);
} catch (error) {
  // The codes narrow.
  if (error instanceof ours.DuplicateUidError) same<typeof error.code, 'duplicate-uid'>(true);
}

// What joins several inputs, and the deprecated operators of rxjs/operators.
export const combineAll: typeof rx.combineAll = ours.combineAll;
export const combineLatestAll: typeof rx.combineLatestAll = ours.combineLatestAll;
export const combineLatestWith: typeof rx.combineLatestWith = ours.combineLatestWith;
export const concatWith: typeof rx.concatWith = ours.concatWith;
export const forkJoin: typeof rx.forkJoin = ours.forkJoin;
export const onErrorResumeNext: typeof rx.onErrorResumeNext = ours.onErrorResumeNext;
export const onErrorResumeNextWith: typeof rx.onErrorResumeNextWith = ours.onErrorResumeNextWith;
export const race: typeof rx.race = ours.race;
export const raceWith: typeof rx.raceWith = ours.raceWith;
export const repeatWhen: typeof rx.repeatWhen = ours.repeatWhen;
export const retryWhen: typeof rx.retryWhen = ours.retryWhen;
export const zip: typeof rx.zip = ours.zip;
export const zipAll: typeof rx.zipAll = ours.zipAll;
export const zipWith: typeof rx.zipWith = ours.zipWith;
export const operators: Pick<typeof rxOperators, keyof typeof oursOperators> = oursOperators;
same<Parameters<typeof ours.combineLatestAll<number>>, Parameters<typeof rx.combineLatestAll<number>>>(true);
same<
  Parameters<typeof ours.combineLatestWith<Order, [number]>>,
  Parameters<typeof rx.combineLatestWith<Order, [number]>>
>(true);
same<Parameters<typeof ours.concatWith<Order, [number]>>, Parameters<typeof rx.concatWith<Order, [number]>>>(true);
same<
  Parameters<typeof ours.onErrorResumeNextWith<Order, [number]>>,
  Parameters<typeof rx.onErrorResumeNextWith<Order, [number]>>
>(true);
same<Parameters<typeof ours.raceWith<Order, [number]>>, Parameters<typeof rx.raceWith<Order, [number]>>>(true);
same<Parameters<typeof ours.repeatWhen<Order>>, Parameters<typeof rx.repeatWhen<Order>>>(true);
same<Parameters<typeof ours.retryWhen<Order>>, Parameters<typeof rx.retryWhen<Order>>>(true);
same<Parameters<typeof ours.zipAll<number>>, Parameters<typeof rx.zipAll<number>>>(true);
same<Parameters<typeof ours.zipWith<Order, [number]>>, Parameters<typeof rx.zipWith<Order, [number]>>>(true);
const zipped$ = ours.zip([orders$, numbers$]);
same<typeof zipped$, CheckpointedObservable<[Order, number]>>(true);
const joined$ = ours.forkJoin([orders$, numbers$]);
same<typeof joined$, CheckpointedObservable<[Order, number]>>(true);
const raced$ = ours.race(orders$, numbers$);
same<typeof raced$, CheckpointedObservable<Order | number>>(true);
