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
// With a stock operator among them it is RxJS's: good for plain streams only.
const mixed = ours.pipe(
  ours.take<Order>(1),
  rx.map((order) => order.id),
);
same<typeof mixed, rx.UnaryFunction<Observable<Order>, Observable<number>>>(true);
// @ts-expect-error a stock operator in it
orders$.pipe(mixed);
const length = ours.pipe(
  (order: Order) => order.item,
  (item) => item.length,
);
same<typeof length, rx.UnaryFunction<Order, number>>(true);
same<ReturnType<typeof nothing>, Order>(true);
const nothing: (order: Order) => Order = ours.pipe();
// Through more than nine, without types from the tenth on.
const many$ = numbers$.pipe(
  ...([ours.skip(1), ours.skip(1), ours.skip(1), ours.skip(1), ours.skip(1)] as const),
  ...([ours.skip(1), ours.skip(1), ours.skip(1), ours.skip(1)] as const),
  ours.map((n: number) => n + 1),
  ours.scan((sum: number, n: number) => sum + n, 0),
);
same<typeof many$, CheckpointedObservable<unknown>>(true);
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

// Driven by inners, notifiers, durations and timers: both ways.
export const audit: typeof rx.audit = ours.audit;
export const auditTime: typeof rx.auditTime = ours.auditTime;
export const buffer: typeof rx.buffer = ours.buffer;
export const bufferToggle: typeof rx.bufferToggle = ours.bufferToggle;
export const bufferWhen: typeof rx.bufferWhen = ours.bufferWhen;
export const concatAll: typeof rx.concatAll = ours.concatAll;
export const concatMapTo: typeof rx.concatMapTo = ours.concatMapTo;
export const debounce: typeof rx.debounce = ours.debounce;
export const delayWhen: typeof rx.delayWhen = ours.delayWhen;
export const exhaust: typeof rx.exhaust = ours.exhaust;
export const exhaustAll: typeof rx.exhaustAll = ours.exhaustAll;
export const exhaustMap: typeof rx.exhaustMap = ours.exhaustMap;
export const expand: typeof rx.expand = ours.expand;
export const flatMap: typeof rx.flatMap = ours.flatMap;
export const mergeAll: typeof rx.mergeAll = ours.mergeAll;
export const mergeMapTo: typeof rx.mergeMapTo = ours.mergeMapTo;
export const mergeScan: typeof rx.mergeScan = ours.mergeScan;
export const observeOn: typeof rx.observeOn = ours.observeOn;
export const sample: typeof rx.sample = ours.sample;
export const sampleTime: typeof rx.sampleTime = ours.sampleTime;
export const skipUntil: typeof rx.skipUntil = ours.skipUntil;
export const subscribeOn: typeof rx.subscribeOn = ours.subscribeOn;
export const switchAll: typeof rx.switchAll = ours.switchAll;
export const switchMapTo: typeof rx.switchMapTo = ours.switchMapTo;
export const switchScan: typeof rx.switchScan = ours.switchScan;
export const takeUntil: typeof rx.takeUntil = ours.takeUntil;
export const throttle: typeof rx.throttle = ours.throttle;
export const throttleTime: typeof rx.throttleTime = ours.throttleTime;
export const timeout: typeof rx.timeout = ours.timeout;
export const timeoutWith: typeof rx.timeoutWith = ours.timeoutWith;
same<Parameters<typeof ours.throttleTime<Order>>, Parameters<typeof rx.throttleTime<Order>>>(true);
same<Parameters<typeof ours.auditTime<Order>>, Parameters<typeof rx.auditTime<Order>>>(true);
same<Parameters<typeof ours.sampleTime<Order>>, Parameters<typeof rx.sampleTime<Order>>>(true);
same<Parameters<typeof ours.observeOn<Order>>, Parameters<typeof rx.observeOn<Order>>>(true);
same<Parameters<typeof ours.subscribeOn<Order>>, Parameters<typeof rx.subscribeOn<Order>>>(true);
same<Parameters<typeof ours.mergeScan<Order, number>>, Parameters<typeof rx.mergeScan<Order, number>>>(true);
same<
  Parameters<typeof ours.switchScan<Order, number, Observable<string>>>,
  Parameters<typeof rx.switchScan<Order, number, Observable<string>>>
>(true);
same<Parameters<typeof ours.timeoutWith<Order, number>>, Parameters<typeof rx.timeoutWith<Order, number>>>(true);
same<
  Parameters<typeof ours.expand<Order, Observable<string>>>,
  Parameters<typeof rx.expand<Order, Observable<string>>>
>(true);
same<
  Parameters<typeof ours.mergeMapTo<Order, string, Observable<string>>>,
  Parameters<typeof rx.mergeMapTo<Order, string, Observable<string>>>
>(true);
same<
  Parameters<typeof ours.exhaustMap<Order, string, number>>,
  Parameters<typeof rx.exhaustMap<Order, string, number>>
>(true);
same<Parameters<typeof ours.mergeAll<Observable<string>>>, Parameters<typeof rx.mergeAll<Observable<string>>>>(true);
same<Parameters<typeof ours.throttle<Order>>[1], Parameters<typeof rx.throttle<Order>>[1]>(true);
const driven$ = orders$.pipe(
  ours.throttle((order) => rx.timer(order.id), { trailing: true }),
  ours.delayWhen((order, index) => rx.timer(order.id + index)),
  ours.takeUntil(numbers$),
  ours.mergeScan((sum, order, index) => [sum + order.id + index], 0),
  ours.exhaustMap((n, index) => Promise.resolve(n + index)),
  ours.timeout({ each: 10, with: ({ seen }) => [`${seen}`] }),
  ours.bufferToggle(numbers$, (n) => rx.timer(n)),
);
same<typeof driven$, CheckpointedObservable<(number | string)[]>>(true);
const flat$ = orders$.pipe(
  ours.groupBy((order) => order.item),
  ours.mergeAll(2),
);
same<typeof flat$, CheckpointedObservable<Order>>(true);
// @ts-expect-error numbers cannot be subscribed to
numbers$.pipe(ours.mergeAll());

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

// Windows and multicast
export const connect: typeof rx.connect = ours.connect;
export const connectable: typeof rx.connectable = ours.connectable;
export const multicast: typeof rx.multicast = ours.multicast;
export const publish: typeof rx.publish = ours.publish;
export const publishBehavior: typeof rx.publishBehavior = ours.publishBehavior;
export const publishLast: typeof rx.publishLast = ours.publishLast;
export const publishReplay: typeof rx.publishReplay = ours.publishReplay;
export const refCount: typeof rx.refCount = ours.refCount;
export const shareReplay: typeof rx.shareReplay = ours.shareReplay;
export const rxWindow: typeof rx.window = ours.window;
export const windowCount: typeof rx.windowCount = ours.windowCount;
export const windowTime: typeof rx.windowTime = ours.windowTime;
export const windowToggle: typeof rx.windowToggle = ours.windowToggle;
export const windowWhen: typeof rx.windowWhen = ours.windowWhen;
export const connectableClass: typeof rx.ConnectableObservable = ours.ConnectableObservable;
same<Parameters<typeof ours.connectable<Order>>, Parameters<typeof rx.connectable<Order>>>(true);
same<Parameters<typeof ours.publishBehavior<Order>>, Parameters<typeof rx.publishBehavior<Order>>>(true);
same<Parameters<typeof ours.shareReplay<Order>>, Parameters<typeof rx.shareReplay<Order>>>(true);
same<Parameters<typeof ours.windowCount<Order>>, Parameters<typeof rx.windowCount<Order>>>(true);
same<Parameters<typeof ours.windowTime<Order>>, Parameters<typeof rx.windowTime<Order>>>(true);
const windows$ = orders$.pipe(
  ours.windowToggle(numbers$, (n) => ours.of(n)),
  ours.mergeMap((window$) => window$.pipe(ours.reduce((sum, { id }) => sum + id, 0))),
);
same<typeof windows$, CheckpointedObservable<number>>(true);
const windowed$ = orders$.pipe(ours.window(numbers$));
same<typeof windowed$, CheckpointedObservable<CheckpointedObservable<Order>>>(true);
orders$.pipe(
  ours.windowWhen(() => numbers$),
  ours.windowCount(2),
  ours.windowTime(10, null, 3),
);
const connected$ = orders$.pipe(ours.connect((shared$) => ours.merge(shared$, shared$.pipe(ours.map(({ id }) => id)))));
same<typeof connected$, CheckpointedObservable<Order | number>>(true);
const replayed$ = orders$.pipe(ours.shareReplay({ bufferSize: 1, refCount: true }));
same<typeof replayed$, CheckpointedObservable<Order>>(true);
const selectedByHand$ = plainOrders$.pipe(ours.publish((shared$) => shared$.pipe(rx.map(({ id }) => id))));
same<typeof selectedByHand$, Observable<number>>(true);
const byHand$ = plainOrders$.pipe(ours.multicast(() => new rx.Subject<Order>()));
same<typeof byHand$, Observable<Order>>(true);
notAny<ValueOf<typeof byHand$>>('not any');
const refCounted$ = orders$.pipe(ours.publish(), ours.refCount());
same<typeof refCounted$, CheckpointedObservable<Order>>(true);
const replaying$ = orders$.pipe(ours.publishReplay(1), ours.refCount());
same<typeof replaying$, CheckpointedObservable<Order>>(true);
const published$ = ours.publish<Order>()(orders$);
export const publishedClass: rx.ConnectableObservable<Order> = published$;
const countedOfClass$ = ours
  .multicast(() => new rx.Subject<Order>())(orders$)
  .refCount();
export const plainCounted: Observable<Order> = countedOfClass$;
export const defaultIfEmpty: typeof rx.defaultIfEmpty = ours.defaultIfEmpty;
export const ignoreElements: typeof rx.ignoreElements = ours.ignoreElements;
export const isEmpty: typeof rx.isEmpty = ours.isEmpty;
export const takeWhile: typeof rx.takeWhile = ours.takeWhile;
export const throwIfEmpty: typeof rx.throwIfEmpty = ours.throwIfEmpty;

// One input, an answer at once
export const count: typeof rx.count = ours.count;
export const distinct: typeof rx.distinct = ours.distinct;
export const distinctUntilKeyChanged: typeof rx.distinctUntilKeyChanged = ours.distinctUntilKeyChanged;
export const elementAt: typeof rx.elementAt = ours.elementAt;
export const every: typeof rx.every = ours.every;
export const find: typeof rx.find = ours.find;
export const findIndex: typeof rx.findIndex = ours.findIndex;
export const first: typeof rx.first = ours.first;
export const last: typeof rx.last = ours.last;
export const mapTo: typeof rx.mapTo = ours.mapTo;
export const max: typeof rx.max = ours.max;
export const min: typeof rx.min = ours.min;
export const pluck: typeof rx.pluck = ours.pluck;
export const single: typeof rx.single = ours.single;
export const skipLast: typeof rx.skipLast = ours.skipLast;
export const skipWhile: typeof rx.skipWhile = ours.skipWhile;
export const takeLast: typeof rx.takeLast = ours.takeLast;
export const toArray: typeof rx.toArray = ours.toArray;
same<Parameters<typeof ours.count<Order>>, Parameters<typeof rx.count<Order>>>(true);
same<Parameters<typeof ours.toArray<Order>>, Parameters<typeof rx.toArray<Order>>>(true);
same<Parameters<typeof ours.elementAt<Order, null>>, Parameters<typeof rx.elementAt<Order, null>>>(true);
same<Parameters<typeof ours.takeLast<Order>>, Parameters<typeof rx.takeLast<Order>>>(true);
same<Parameters<typeof ours.skipLast<Order>>, Parameters<typeof rx.skipLast<Order>>>(true);
same<Parameters<typeof ours.max<Order>>, Parameters<typeof rx.max<Order>>>(true);
same<Parameters<typeof ours.min<Order>>, Parameters<typeof rx.min<Order>>>(true);
same<Parameters<typeof ours.mapTo<Order, string>>, Parameters<typeof rx.mapTo<Order, string>>>(true);
const firstOrder$ = orders$.pipe(ours.first(null, String(0)));
same<typeof firstOrder$, CheckpointedObservable<Order | string>>(true);
const truthy$ = numbers$.pipe(ours.find(Boolean));
same<typeof truthy$, CheckpointedObservable<number>>(true);
const plucked$ = orders$.pipe(ours.pluck('item'));
same<typeof plucked$, CheckpointedObservable<string>>(true);
const orderCount$ = orders$.pipe(ours.count());
same<typeof orderCount$, CheckpointedObservable<number>>(true);
const allOrders$ = orders$.pipe(ours.toArray());
same<typeof allOrders$, CheckpointedObservable<Order[]>>(true);
const byItem$ = orders$.pipe(
  ours.distinctUntilKeyChanged('item'),
  ours.distinct(({ id }) => id, numbers$),
);
same<typeof byItem$, CheckpointedObservable<Order>>(true);
const lastDefined$ = orders$.pipe(ours.last((order): order is Order & { id: 1 } => order.id === 1));
same<typeof lastDefined$, CheckpointedObservable<Order & { id: 1 }>>(true);
// Creation functions
export const animationFrames: typeof rx.animationFrames = ours.animationFrames;
export const bindCallback: typeof rx.bindCallback = ours.bindCallback;
export const bindNodeCallback: typeof rx.bindNodeCallback = ours.bindNodeCallback;
export const defer: typeof rx.defer = ours.defer;
export const empty: typeof rx.empty = ours.empty;
export const EMPTY: typeof rx.EMPTY = ours.EMPTY;
export const fromEvent: typeof rx.fromEvent = ours.fromEvent;
export const fromEventPattern: typeof rx.fromEventPattern = ours.fromEventPattern;
export const generate: typeof rx.generate = ours.generate;
export const iif: typeof rx.iif = ours.iif;
export const interval: typeof rx.interval = ours.interval;
export const never: typeof rx.never = ours.never;
export const NEVER: typeof rx.NEVER = ours.NEVER;
export const pairs: typeof rx.pairs = ours.pairs;
export const partition: typeof rx.partition = ours.partition;
export const range: typeof rx.range = ours.range;
export const scheduled: typeof rx.scheduled = ours.scheduled;
export const throwError: typeof rx.throwError = ours.throwError;
export const timer: typeof rx.timer = ours.timer;
export const using: typeof rx.using = ours.using;

same<Parameters<typeof ours.animationFrames>, Parameters<typeof rx.animationFrames>>(true);
same<Parameters<typeof ours.bindCallback<[Order], [string]>>, Parameters<typeof rx.bindCallback<[Order], [string]>>>(
  true,
);
same<Parameters<typeof ours.defer<Observable<Order>>>, Parameters<typeof rx.defer<Observable<Order>>>>(true);
same<Parameters<typeof ours.iif<Order, string>>, Parameters<typeof rx.iif<Order, string>>>(true);
same<Parameters<typeof ours.interval>, Parameters<typeof rx.interval>>(true);
same<Parameters<typeof ours.partition<Order>>, Parameters<typeof rx.partition<Order>>>(true);
same<Parameters<typeof ours.range>, Parameters<typeof rx.range>>(true);
same<Parameters<typeof ours.scheduled<Order>>, Parameters<typeof rx.scheduled<Order>>>(true);
same<Parameters<typeof ours.throwError>, Parameters<typeof rx.throwError>>(true);
same<Parameters<typeof ours.timer>, Parameters<typeof rx.timer>>(true);
same<Parameters<typeof ours.using<Observable<Order>>>, Parameters<typeof rx.using<Observable<Order>>>>(true);

const created = {
  timer$: ours.timer(1),
  ticks$: ours.timer(1, 2),
  deferred$: ours.defer(() => Promise.resolve('x')),
  either$: ours.iif(() => true, orders$, plainOrders$.pipe(rx.map((order) => order.item))),
  used$: ours.using(
    () => ({ unsubscribe() {} }),
    () => orders$,
  ),
  generated$: ours.generate({ initialState: 1, iterate: (n) => n + 1, resultSelector: (n: number) => ({ n }) }),
  called$: ours.bindCallback((id: number, done: (order: Order, text: string) => void) => done({ id, item: '' }, ''))(1),
  parts$: ours.partition(ours.of(1, 'a'), (value): value is string => typeof value === 'string'),
  merged$: ours.merge(ours.EMPTY, ours.NEVER, orders$),
};
same<typeof created.timer$, CheckpointedObservable<0>>(true);
same<typeof created.ticks$, CheckpointedObservable<number>>(true);
same<typeof created.deferred$, CheckpointedObservable<string>>(true);
same<typeof created.either$, CheckpointedObservable<Order | string>>(true);
same<typeof created.used$, CheckpointedObservable<Order>>(true);
same<typeof created.generated$, CheckpointedObservable<{ n: number }>>(true);
same<typeof created.called$, CheckpointedObservable<[order: Order, text: string]>>(true);
same<typeof created.parts$, [CheckpointedObservable<string>, CheckpointedObservable<number>]>(true);
same<typeof created.merged$, CheckpointedObservable<Order>>(true);
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
