import type { Observable, VirtualTimeScheduler } from 'rxjs';
import * as rxjs from 'rxjs';

/** What both libraries have under the same names. */
export type Library = typeof rxjs;
/** How an operator is used. */
export type Use = (rx: Library, source$: Observable<number>, scheduler: VirtualTimeScheduler) => Observable<unknown>;

const isOdd = (x: number): boolean => x % 2 === 1;
const double = (x: number): number => x * 2;
const add = (sum: number, x: number): number => (sum + x) & 0xffff;
const isNegative = (x: number): boolean => x < 0;
const { NEVER } = rxjs;
const names = Array.from({ length: 1_000 }, (_, i) => `key ${i}`);

/** The values come one after the other, without a pause: 0, 1, 2 and so on. */
export const uses: Readonly<Record<string, Use>> = {
  buffer: (rx, s$) => s$.pipe(rx.buffer(NEVER)),
  bufferCount: (rx, s$) => s$.pipe(rx.bufferCount(3)),
  'bufferCount(3, 1)': (rx, s$) => s$.pipe(rx.bufferCount(3, 1)),
  catchError: (rx, s$) => s$.pipe(rx.catchError(() => rx.of(1))),
  'catchError, in inners': (rx, s$) => s$.pipe(rx.mergeMap((x) => rx.of(x).pipe(rx.catchError(() => rx.of(1))))),
  combineAll: (rx, s$) => rx.of(rx.of(1), s$).pipe(rx.combineAll()),
  combineLatest: (rx, s$) => rx.combineLatest([rx.of(1), s$]),
  combineLatestAll: (rx, s$) => rx.of(rx.of(1), s$).pipe(rx.combineLatestAll()),
  combineLatestWith: (rx, s$) => rx.of(1).pipe(rx.combineLatestWith(s$)),
  concat: (rx, s$) => rx.concat(s$, s$),
  concatAll: (rx, s$) =>
    s$.pipe(
      rx.map((x) => rx.of(x)),
      rx.concatAll(),
    ),
  concatMap: (rx, s$) => s$.pipe(rx.concatMap((x) => rx.of(x))),
  'concatMap, arrays': (rx, s$) => s$.pipe(rx.concatMap((x) => [x, x, x, x, x])),
  concatMapTo: (rx, s$) => s$.pipe(rx.concatMapTo(rx.of(1))),
  concatWith: (rx, s$) => s$.pipe(rx.concatWith(s$)),
  connect: (rx, s$) => s$.pipe(rx.connect((shared$) => shared$.pipe(rx.map(double)))),
  count: (rx, s$) => s$.pipe(rx.count(isOdd)),
  defaultIfEmpty: (rx, s$) => s$.pipe(rx.defaultIfEmpty(1)),
  'defaultIfEmpty, in inners': (rx, s$) => s$.pipe(rx.mergeMap((x) => rx.of(x).pipe(rx.defaultIfEmpty(1)))),
  defer: (rx, s$) => rx.defer(() => s$).pipe(rx.mergeMap((x) => rx.defer(() => rx.of(x)))),
  dematerialize: (rx, s$) =>
    s$.pipe(
      rx.map((value) => ({ kind: 'N', value }) as const),
      rx.dematerialize(),
    ),
  distinct: (rx, s$) => s$.pipe(rx.distinct((x) => x & 0xff)),
  distinctUntilChanged: (rx, s$) => s$.pipe(rx.distinctUntilChanged()),
  distinctUntilKeyChanged: (rx, s$) =>
    s$.pipe(
      rx.map((x) => ({ id: x >> 1 })),
      rx.distinctUntilKeyChanged('id'),
    ),
  elementAt: (rx, s$) => s$.pipe(rx.elementAt(1e9, 1)),
  'elementAt, in inners': (rx, s$) => s$.pipe(rx.mergeMap((x) => rx.of(x, x).pipe(rx.elementAt(1)))),
  endWith: (rx, s$) => s$.pipe(rx.endWith(1)),
  every: (rx, s$) => s$.pipe(rx.every((x) => x >= 0)),
  exhaust: (rx, s$) =>
    s$.pipe(
      rx.map((x) => rx.of(x)),
      rx.exhaust(),
    ),
  exhaustAll: (rx, s$) =>
    s$.pipe(
      rx.map((x) => rx.of(x)),
      rx.exhaustAll(),
    ),
  exhaustMap: (rx, s$) => s$.pipe(rx.exhaustMap((x) => rx.of(x))),
  expand: (rx, s$) => s$.pipe(rx.expand((x) => (x % 4 === 0 ? rx.of(x + 1) : []))),
  filter: (rx, s$) => s$.pipe(rx.filter(isOdd)),
  finalize: (rx, s$) => s$.pipe(rx.finalize(() => undefined)),
  'finalize, in inners': (rx, s$) => s$.pipe(rx.mergeMap((x) => rx.of(x).pipe(rx.finalize(() => undefined)))),
  find: (rx, s$) => s$.pipe(rx.find(isNegative)),
  findIndex: (rx, s$) => s$.pipe(rx.findIndex(isNegative)),
  first: (rx, s$) => s$.pipe(rx.first(isNegative, 1)),
  'first, in inners': (rx, s$) => s$.pipe(rx.mergeMap((x) => rx.of(x, x).pipe(rx.first()))),
  flatMap: (rx, s$) => s$.pipe(rx.flatMap((x) => rx.of(x))),
  forkJoin: (rx, s$) => rx.forkJoin([s$, rx.of(1)]),
  'forkJoin, in inners': (rx, s$) => s$.pipe(rx.mergeMap((x) => rx.forkJoin([rx.of(x), rx.of(1)]))),
  'groupBy(1000 keys) + scan + mergeMap': (rx, s$) =>
    s$.pipe(
      rx.groupBy((x) => x % 1000),
      rx.mergeMap((group) => group.pipe(rx.scan(add, 0))),
    ),
  'groupBy(1000 names) + scan + mergeMap': (rx, s$) =>
    s$.pipe(
      rx.groupBy((x) => names[x % 1000]),
      rx.mergeMap((group) => group.pipe(rx.scan(add, 0))),
    ),
  'groupBy(a key each 4 values)': (rx, s$) =>
    s$.pipe(
      rx.groupBy((x) => x >> 2),
      rx.mergeMap((group) => group.pipe(rx.take(4))),
    ),
  ignoreElements: (rx, s$) => s$.pipe(rx.ignoreElements()),
  iif: (rx, s$) => s$.pipe(rx.mergeMap((x) => rx.iif(() => isOdd(x), rx.of(x), rx.of(1)))),
  isEmpty: (rx, s$) => s$.pipe(rx.mergeMap((x) => rx.of(x).pipe(rx.isEmpty()))),
  last: (rx, s$) => s$.pipe(rx.last()),
  map: (rx, s$) => s$.pipe(rx.map(double)),
  mapTo: (rx, s$) => s$.pipe(rx.mapTo(1)),
  materialize: (rx, s$) => s$.pipe(rx.materialize()),
  max: (rx, s$) => s$.pipe(rx.max()),
  merge: (rx, s$) => rx.merge(s$, s$),
  mergeAll: (rx, s$) =>
    s$.pipe(
      rx.map((x) => rx.of(x)),
      rx.mergeAll(),
    ),
  mergeMap: (rx, s$) => s$.pipe(rx.mergeMap((x) => rx.of(x))),
  'mergeMap, arrays': (rx, s$) => s$.pipe(rx.mergeMap((x) => [x, x, x, x, x])),
  mergeMapTo: (rx, s$) => s$.pipe(rx.mergeMapTo(rx.of(1))),
  mergeScan: (rx, s$) => s$.pipe(rx.mergeScan((sum, x) => rx.of(add(sum, x)), 0)),
  mergeWith: (rx, s$) => s$.pipe(rx.mergeWith(s$)),
  min: (rx, s$) => s$.pipe(rx.min()),
  multicast: (rx, s$) =>
    s$.pipe(
      rx.multicast(
        () => new rxjs.Subject<number>(),
        (shared$) => shared$.pipe(rx.map(double)),
      ),
    ),
  onErrorResumeNext: (rx, s$) => rx.onErrorResumeNext(s$, s$),
  onErrorResumeNextWith: (rx, s$) => s$.pipe(rx.onErrorResumeNextWith(s$)),
  pairwise: (rx, s$) => s$.pipe(rx.pairwise()),
  partition: (rx, s$) => rx.merge(...rx.partition(s$, isOdd)),
  pluck: (rx, s$) =>
    s$.pipe(
      rx.map((id) => ({ id })),
      rx.pluck('id'),
    ),
  publish: (rx, s$) => s$.pipe(rx.publish((shared$) => shared$.pipe(rx.map(double)))),
  publishBehavior: (rx, s$) => (s$.pipe(rx.publishBehavior(0)) as rxjs.ConnectableObservable<number>).refCount(),
  publishLast: (rx, s$) => (s$.pipe(rx.publishLast()) as rxjs.ConnectableObservable<number>).refCount(),
  publishReplay: (rx, s$) => s$.pipe(rx.publishReplay(1, Infinity, (shared$) => shared$.pipe(rx.map(double)))),
  race: (rx, s$) => rx.race(s$, NEVER),
  raceWith: (rx, s$) => s$.pipe(rx.raceWith(NEVER)),
  range: (rx, s$) => s$.pipe(rx.mergeMap((x) => rx.range(x, 5))),
  reduce: (rx, s$) => s$.pipe(rx.reduce(add, 0)),
  refCount: (rx, s$) => s$.pipe(rx.publish(), rx.refCount()),
  repeat: (rx, s$) => s$.pipe(rx.repeat(2)),
  'repeat, in inners': (rx, s$) => s$.pipe(rx.mergeMap((x) => rx.of(x).pipe(rx.repeat(3)))),
  repeatWhen: (rx, s$) => s$.pipe(rx.repeatWhen((ends$) => ends$.pipe(rx.takeWhile((_, index) => index < 1)))),
  retry: (rx, s$) => s$.pipe(rx.retry(1)),
  'retry, in inners': (rx, s$) => s$.pipe(rx.mergeMap((x) => rx.of(x).pipe(rx.retry(1)))),
  retryWhen: (rx, s$) => s$.pipe(rx.retryWhen((errors$) => errors$)),
  scan: (rx, s$) => s$.pipe(rx.scan(add, 0)),
  sequenceEqual: (rx, s$) => s$.pipe(rx.sequenceEqual(s$)),
  share: (rx, s$) => s$.pipe(rx.share()),
  shareReplay: (rx, s$) => s$.pipe(rx.shareReplay({ bufferSize: 1, refCount: true })),
  single: (rx, s$) => s$.pipe(rx.single((x) => x === 5)),
  skip: (rx, s$) => s$.pipe(rx.skip(3)),
  skipLast: (rx, s$) => s$.pipe(rx.skipLast(3)),
  skipUntil: (rx, s$) => s$.pipe(rx.skipUntil(rx.of(1))),
  skipWhile: (rx, s$) => s$.pipe(rx.skipWhile((x) => x < 5)),
  startWith: (rx, s$) => s$.pipe(rx.startWith(1)),
  'startWith, in inners': (rx, s$) => s$.pipe(rx.mergeMap((x) => rx.of(x).pipe(rx.startWith(1)))),
  switchAll: (rx, s$) =>
    s$.pipe(
      rx.map((x) => rx.of(x)),
      rx.switchAll(),
    ),
  switchMap: (rx, s$) => s$.pipe(rx.switchMap((x) => rx.of(x))),
  switchMapTo: (rx, s$) => s$.pipe(rx.switchMapTo(rx.of(1))),
  switchScan: (rx, s$) => s$.pipe(rx.switchScan((sum, x) => rx.of(add(sum, x)), 0)),
  take: (rx, s$) => s$.pipe(rx.take(1e9)),
  'take, in inners': (rx, s$) => s$.pipe(rx.mergeMap((x) => rx.of(x, x).pipe(rx.take(1)))),
  takeLast: (rx, s$) => s$.pipe(rx.takeLast(3)),
  takeUntil: (rx, s$) => s$.pipe(rx.takeUntil(NEVER)),
  takeWhile: (rx, s$) => s$.pipe(rx.takeWhile((x) => x >= 0)),
  tap: (rx, s$) => s$.pipe(rx.tap(() => undefined)),
  throwIfEmpty: (rx, s$) => s$.pipe(rx.throwIfEmpty()),
  timeInterval: (rx, s$) => s$.pipe(rx.timeInterval()),
  timestamp: (rx, s$) => s$.pipe(rx.timestamp()),
  toArray: (rx, s$) => s$.pipe(rx.toArray()),
  using: (rx, s$) =>
    rx.using(
      () => ({ unsubscribe: () => undefined }),
      () => s$,
    ),
  window: (rx, s$) => s$.pipe(rx.window(NEVER), rx.mergeAll()),
  windowCount: (rx, s$) => s$.pipe(rx.windowCount(10), rx.mergeAll()),
  withLatestFrom: (rx, s$) => s$.pipe(rx.withLatestFrom(rx.of(1))),
  zip: (rx, s$) => rx.zip(s$, s$),
  zipAll: (rx, s$) => rx.of(s$, s$).pipe(rx.zipAll()),
  zipWith: (rx, s$) => s$.pipe(rx.zipWith(s$)),
};

/** A value comes at each millisecond of virtual time. Timers are RxJS's on all sides, and where it says so each side's own. */
export const timedUses: Readonly<Record<string, Use>> = {
  audit: (rx, s$, time) => s$.pipe(rx.audit(() => rxjs.timer(3, time))),
  'audit, own timers': (rx, s$, time) => s$.pipe(rx.audit(() => rx.timer(3, time))),
  auditTime: (rx, s$, time) => s$.pipe(rx.auditTime(3, time)),
  'buffer, each 10 ms': (rx, s$, time) => s$.pipe(rx.buffer(rxjs.interval(10, time))),
  'buffer, own interval': (rx, s$, time) => s$.pipe(rx.buffer(rx.interval(10, time))),
  bufferTime: (rx, s$, time) => s$.pipe(rx.bufferTime(10, time)),
  bufferToggle: (rx, s$, time) => s$.pipe(rx.bufferToggle(rxjs.interval(10, time), () => rxjs.timer(5, time))),
  bufferWhen: (rx, s$, time) => s$.pipe(rx.bufferWhen(() => rxjs.timer(10, time))),
  debounce: (rx, s$, time) => s$.pipe(rx.debounce(() => rxjs.timer(3, time))),
  'debounce, own timers': (rx, s$, time) => s$.pipe(rx.debounce(() => rx.timer(3, time))),
  debounceTime: (rx, s$, time) => s$.pipe(rx.debounceTime(3, time)),
  delay: (rx, s$, time) => s$.pipe(rx.delay(5, time)),
  delayWhen: (rx, s$, time) => s$.pipe(rx.delayWhen(() => rxjs.timer(5, time))),
  'delayWhen, own timers': (rx, s$, time) => s$.pipe(rx.delayWhen(() => rx.timer(5, time))),
  'mergeMap, inners that take 5 ms': (rx, s$, time) => s$.pipe(rx.mergeMap(() => rxjs.timer(5, time))),
  'mergeMap, own timers': (rx, s$, time) => s$.pipe(rx.mergeMap(() => rx.timer(5, time))),
  'mergeMap, own timers and operators': (rx, s$, time) =>
    s$.pipe(rx.mergeMap((x) => rx.timer(5, time).pipe(rx.map(() => x)))),
  observeOn: (rx, s$, time) => s$.pipe(rx.observeOn(time)),
  sample: (rx, s$, time) => s$.pipe(rx.sample(rxjs.interval(10, time))),
  sampleTime: (rx, s$, time) => s$.pipe(rx.sampleTime(10, time)),
  subscribeOn: (rx, s$, time) => s$.pipe(rx.subscribeOn(time)),
  'switchMap, inners that take 5 ms': (rx, s$, time) => s$.pipe(rx.switchMap(() => rxjs.timer(5, time))),
  'switchMap, own timers': (rx, s$, time) => s$.pipe(rx.switchMap(() => rx.timer(5, time))),
  throttle: (rx, s$, time) => s$.pipe(rx.throttle(() => rxjs.timer(3, time))),
  'throttle, own timers': (rx, s$, time) => s$.pipe(rx.throttle(() => rx.timer(3, time))),
  throttleTime: (rx, s$, time) => s$.pipe(rx.throttleTime(3, time)),
  timeout: (rx, s$, time) => s$.pipe(rx.timeout({ each: 10, scheduler: time })),
  timeoutWith: (rx, s$, time) => s$.pipe(rx.timeoutWith(10, NEVER, time)),
  'window, each 10 ms': (rx, s$, time) => s$.pipe(rx.window(rxjs.interval(10, time)), rx.mergeAll()),
  windowTime: (rx, s$, time) => s$.pipe(rx.windowTime(10, time), rx.mergeAll()),
  windowToggle: (rx, s$, time) =>
    s$.pipe(
      rx.windowToggle(rxjs.interval(10, time), () => rxjs.timer(5, time)),
      rx.mergeAll(),
    ),
  windowWhen: (rx, s$, time) =>
    s$.pipe(
      rx.windowWhen(() => rxjs.timer(10, time)),
      rx.mergeAll(),
    ),
};

/** What a use is one of. */
export const operatorOf = (name: string): string => /^\w+/.exec(name)![0];
