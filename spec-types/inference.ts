// What is inferred of the operators' overloads. Compiled twice: as it stands, and with RxJS in place of this library
// (tsconfig.rxjs.json), which shows that what is expected is RxJS's.
import type * as rx from 'rxjs';
import type { Observable } from 'rxjs';
import * as lib from 'rxjs-checkpoint';

type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;

/** The type that an Observable emits, whichever class it has. */
type Emits<O> = O extends Observable<infer T> ? T : never;
function emits<T>() {
  return <O extends Observable<unknown>>(_observable: O, _: Same<Emits<O>, T>): void => {};
}

interface A {
  readonly a: 1;
}
interface B {
  readonly b: 2;
}
interface C {
  readonly c: 3;
}
declare const a: A;
declare const b: B;
declare const c: C;
declare const a$: Observable<A>;
declare const b$: Observable<B>;
declare const c$: Observable<C>;
declare const maybe$: Observable<A | null | undefined | 0 | ''>;
declare const mixed$: Observable<string | number>;
declare const tuple: readonly [Observable<A>, Observable<B>];
declare const iterable: Iterable<A>;
declare const asyncIterable: AsyncIterable<A>;
declare const stream: rx.ReadableStreamLike<A>;
declare const never: () => never;
declare const isString: (value: string | number) => value is string;
declare const scheduler: rx.SchedulerLike;
declare const anything: any; // eslint-disable-line @typescript-eslint/no-explicit-any -- what becomes of it is tested

// Creation
emits<never>()(lib.of(), true);
emits<A>()(lib.of(a), true);
emits<A | B>()(lib.of(a, b), true);
emits<A | B | C>()(lib.of(a, b, c, a, b, c, a, b, c, a, b), true);
emits<A>()(lib.of(a, scheduler), true);
emits<A | undefined>()(lib.of(a, undefined), true);
emits<A>()(lib.from(a$), true);
emits<A>()(lib.from([a]), true);
emits<A | B>()(lib.from([a, b]), true);
emits<A>()(lib.from(Promise.resolve(a)), true);
emits<A>()(lib.from(iterable), true);
emits<A>()(lib.from(asyncIterable), true);
emits<A>()(lib.from(stream), true);
emits<A>()(lib.from(new Set([a])), true);
emits<string>()(lib.from('text'), true);
emits<A>()(lib.from([a], scheduler), true);
emits<[string, A]>()(lib.from(new Map([['x', a]])), true);
emits<A>()(lib.scheduled([a], scheduler), true);
emits<A>()(
  lib.defer(() => a$),
  true,
);
emits<A | B>()(
  lib.iif(() => true, a$, b$),
  true,
);
emits<0>()(lib.timer(1), true);
emits<number>()(lib.timer(1, 2), true);
emits<number>()(lib.interval(1), true);
emits<number>()(lib.range(1, 2), true);
emits<never>()(
  lib.throwError(() => a),
  true,
);
emits<never>()(lib.EMPTY, true);
emits<never>()(lib.NEVER, true);
emits<A>()(
  lib.using(
    () => ({ unsubscribe: () => {} }),
    () => a$,
  ),
  true,
);
emits<number>()(
  lib.generate(
    1,
    (x) => x < 3,
    (x) => x + 1,
  ),
  true,
);
emits<A | B>()(lib.merge(a$, b$), true);
emits<A | B>()(lib.merge(a$, b$, 1), true);
emits<A | B>()(lib.merge(...tuple), true);
emits<A | B>()(lib.concat(a$, [b]), true);
emits<A | B>()(lib.concat(...tuple), true);
emits<[A, B]>()(lib.combineLatest([a$, b$]), true);
emits<[A, B]>()(lib.combineLatest(tuple), true);
emits<{ x: A; y: B }>()(lib.combineLatest({ x: a$, y: Promise.resolve(b) }), true);
emits<string>()(
  lib.combineLatest([a$, b$], (x, y) => `${x.a}${y.b}`),
  true,
);
emits<never>()(lib.combineLatest([]), true);
emits<never>()(lib.combineLatest({}), true);
emits<unknown>()(lib.combineLatest(anything), true);
emits<[A, B]>()(lib.zip(a$, b$), true);
emits<[A, B]>()(lib.zip([a$, b$]), true);
emits<1 | 2>()(
  lib.zip(a$, b$, (x, y) => (x.a === 1 ? x.a : y.b)),
  true,
);
emits<[A, B]>()(lib.forkJoin([a$, b$]), true);
emits<{ x: A; y: B }>()(lib.forkJoin({ x: a$, y: b$ }), true);
emits<never>()(lib.forkJoin([]), true);
emits<A | B>()(lib.race(a$, b$), true);
emits<A | B>()(lib.race([a$, b$]), true);
emits<A | B>()(lib.onErrorResumeNext(a$, b$), true);
emits<string>()(lib.partition(mixed$, isString)[0], true);
emits<number>()(lib.partition(mixed$, isString)[1], true);

// Type guards
emits<string>()(mixed$.pipe(lib.filter(isString)), true);
emits<A>()(maybe$.pipe(lib.filter(Boolean)), true);
emits<string>()(mixed$.pipe(lib.first(isString)), true);
emits<string | A>()(mixed$.pipe(lib.first(isString, a)), true);
emits<A>()(maybe$.pipe(lib.first(Boolean)), true);
emits<A>()(a$.pipe(lib.first()), true);
emits<A | null>()(a$.pipe(lib.first(null, null)), true);
emits<string>()(mixed$.pipe(lib.last(isString)), true);
emits<string | undefined>()(mixed$.pipe(lib.find(isString)), true);
emits<A | undefined>()(a$.pipe(lib.find((x) => x.a === 1)), true);
emits<string>()(mixed$.pipe(lib.takeWhile(isString)), true);
emits<string | number>()(mixed$.pipe(lib.takeWhile(isString, true)), true);
emits<boolean>()(a$.pipe(lib.every((x) => x.a === 1)), true);
emits<number>()(a$.pipe(lib.findIndex((x) => x.a === 1)), true);

// One input
emits<1>()(a$.pipe(lib.map((x) => x.a)), true);
emits<B>()(a$.pipe(lib.mapTo(b)), true);
emits<1>()(a$.pipe(lib.pluck('a')), true);
emits<B>()(a$.pipe(lib.scan((_: B, x) => (x.a === 1 ? b : b), b)), true);
emits<A>()(a$.pipe(lib.scan((x, y) => (x.a === y.a ? x : y))), true);
emits<number>()(a$.pipe(lib.reduce((sum, x) => sum + x.a, 0)), true);
emits<A | null>()(a$.pipe(lib.startWith(null)), true);
emits<A | undefined>()(a$.pipe(lib.startWith(undefined)), true);
emits<A | B | C>()(a$.pipe(lib.startWith(b, c)), true);
emits<A>()(a$.pipe(lib.startWith(scheduler)), true);
emits<A | B>()(a$.pipe(lib.startWith(b, scheduler)), true);
emits<A | B | C>()(a$.pipe(lib.endWith(b, c)), true);
emits<A>()(a$.pipe(lib.endWith(scheduler)), true);
emits<A | B>()(a$.pipe(lib.defaultIfEmpty(b)), true);
emits<A | B>()(a$.pipe(lib.elementAt(1, b)), true);
emits<A>()(a$.pipe(lib.elementAt(1)), true);
emits<[A, A]>()(a$.pipe(lib.pairwise()), true);
emits<A[]>()(a$.pipe(lib.toArray()), true);
emits<number>()(a$.pipe(lib.count()), true);
emits<boolean>()(a$.pipe(lib.isEmpty()), true);
emits<boolean>()(a$.pipe(lib.sequenceEqual(a$)), true);
emits<never>()(a$.pipe(lib.ignoreElements()), true);
emits<A>()(a$.pipe(lib.throwIfEmpty()), true);
emits<A>()(a$.pipe(lib.materialize(), lib.dematerialize()), true);
emits<number>()(
  a$.pipe(
    lib.timestamp(),
    lib.map((x) => x.timestamp + x.value.a),
  ),
  true,
);
emits<number>()(
  a$.pipe(
    lib.timeInterval(),
    lib.map((x) => x.interval + x.value.a),
  ),
  true,
);
emits<A>()(a$.pipe(lib.distinct(), lib.distinctUntilChanged(), lib.distinctUntilKeyChanged('a')), true);
emits<A>()(
  a$.pipe(
    lib.tap(),
    lib.finalize(() => {}),
    lib.take(1),
    lib.skip(1),
    lib.delay(1),
  ),
  true,
);

// Inners
emits<B>()(a$.pipe(lib.mergeMap(() => b$)), true);
emits<B | C>()(a$.pipe(lib.mergeMap((x) => (x.a === 1 ? b$ : c$))), true);
emits<string>()(a$.pipe(lib.mergeMap(async (x) => `${x.a}`)), true);
emits<B>()(a$.pipe(lib.switchMap(() => [b])), true);
emits<B>()(a$.pipe(lib.concatMap(() => b$)), true);
emits<B>()(a$.pipe(lib.exhaustMap(() => b$)), true);
emits<[1, 2, number, number]>()(
  a$.pipe(lib.mergeMap(() => b$, (x, y, i, j): [1, 2, number, number] => [x.a, y.b, i, j])), // prettier-ignore
  true,
);
emits<string>()(a$.pipe(lib.switchMap(() => b$, (x, y, i, j) => `${x.a}${y.b}${i}${j}`)), true); // prettier-ignore
emits<never>()(a$.pipe(lib.mergeMap(never)), true);
emits<B>()(a$.pipe(lib.concatMapTo(b$)), true);
emits<B>()(a$.pipe(lib.mergeMapTo(b$)), true);
emits<B>()(a$.pipe(lib.switchMapTo(b$)), true);
emits<B>()(lib.of(b$).pipe(lib.mergeAll()), true);
emits<B>()(lib.of(b$).pipe(lib.concatAll()), true);
emits<B>()(lib.of([b]).pipe(lib.switchAll()), true);
emits<B[]>()(lib.of(b$).pipe(lib.combineLatestAll()), true);
emits<B[]>()(lib.of(b$).pipe(lib.zipAll()), true);
emits<B>()(a$.pipe(lib.expand(() => b$)), true);
emits<number>()(a$.pipe(lib.mergeScan((sum, x) => [sum + x.a], 0)), true);
emits<B>()(a$.pipe(lib.switchScan(() => b$, b)), true);
emits<A | B>()(a$.pipe(lib.catchError(() => b$)), true);
emits<A>()(a$.pipe(lib.catchError(never)), true);
emits<A>()(a$.pipe(lib.catchError((_, caught) => caught)), true);
emits<A>()(a$.pipe(lib.retry({ delay: () => b$ }), lib.repeat({ delay: () => b$ })), true);
emits<A | B>()(a$.pipe(lib.timeout({ each: 1, with: () => b$ })), true);
emits<A>()(a$.pipe(lib.timeout(1)), true);

// Several inputs
emits<[A, B, C]>()(a$.pipe(lib.withLatestFrom(b$, c$)), true);
emits<string>()(a$.pipe(lib.withLatestFrom(b$, c$, (x, y, z) => `${x.a}${y.b}${z.c}`)), true);
emits<[A, B, C]>()(a$.pipe(lib.combineLatestWith(b$, c$)), true);
emits<[A, B, C]>()(a$.pipe(lib.zipWith(b$, c$)), true);
emits<A | B | C>()(a$.pipe(lib.mergeWith(b$, c$)), true);
emits<A | B | C>()(a$.pipe(lib.concatWith(b$, c$)), true);
emits<A | B | C>()(a$.pipe(lib.raceWith(b$, c$)), true);
emits<A | B>()(a$.pipe(lib.onErrorResumeNextWith(b$)), true);

// Buffers, windows, groups, shared streams
emits<A[]>()(a$.pipe(lib.buffer(b$)), true);
emits<A[]>()(a$.pipe(lib.bufferTime(1, null, 2)), true);
emits<A[]>()(a$.pipe(lib.bufferToggle(b$, (x) => (x.b === 2 ? c$ : [1]))), true);
emits<A>()(a$.pipe(lib.windowTime(1), lib.mergeAll()), true);
emits<A>()(
  a$.pipe(
    lib.windowToggle(b$, (x) => (x.b === 2 ? c$ : [1])),
    lib.concatAll(),
  ),
  true,
);
emits<1>()(a$.pipe(lib.groupBy((x) => x.a), lib.map((group) => group.key)), true); // prettier-ignore
emits<B>()(a$.pipe(lib.groupBy((x) => x.a, { element: () => b }), lib.mergeAll()), true); // prettier-ignore
emits<string | number>()(mixed$.pipe(lib.groupBy(isString), lib.mergeAll()), true);
emits<A>()(a$.pipe(lib.share(), lib.shareReplay(1)), true);
emits<A | B>()(a$.pipe(lib.connect((shared) => lib.merge(shared, b$))), true);
emits<B>()(a$.pipe(lib.publish(() => b$)), true);
emits<B>()(a$.pipe(lib.multicast(() => new lib.Subject<A>(), () => b$)), true); // prettier-ignore

// Through many
emits<A>()(a$.pipe(), true);
emits<9>()(
  a$.pipe(
    lib.map(() => 1 as const),
    lib.map((x) => (x + 1) as 2),
    lib.map((x) => (x + 1) as 3),
    lib.map((x) => (x + 1) as 4),
    lib.map((x) => (x + 1) as 5),
    lib.map((x) => (x + 1) as 6),
    lib.map((x) => (x + 1) as 7),
    lib.map((x) => (x + 1) as 8),
    lib.map((x) => (x + 1) as 9),
  ),
  true,
);

// What is refused
// @ts-expect-error a number is nothing to subscribe to
lib.from(1);
// @ts-expect-error neither is a projection of one
a$.pipe(lib.mergeMap(() => 1));
// @ts-expect-error of another type
a$.pipe(lib.switchMap(() => 1));
// @ts-expect-error too few arguments
a$.pipe(lib.concatMap());
// @ts-expect-error of another type
a$.pipe(lib.catchError(() => {}));
// @ts-expect-error too few arguments
a$.pipe(lib.take());
// @ts-expect-error of another type
a$.pipe(lib.take('1'));
// @ts-expect-error of another type
a$.pipe(lib.skip(true));
// @ts-expect-error too few arguments
a$.pipe(lib.map());
// @ts-expect-error too few arguments
a$.pipe(lib.filter());
// @ts-expect-error too few arguments
a$.pipe(lib.bufferCount());
// @ts-expect-error of another type
a$.pipe(lib.bufferCount('2'));
// @ts-expect-error of another type
a$.pipe(lib.debounceTime('2'));
// @ts-expect-error too few arguments
a$.pipe(lib.delay());
// @ts-expect-error of another type
a$.pipe(lib.elementAt('x'));
// @ts-expect-error of another type
a$.pipe(lib.distinctUntilKeyChanged('z'));
// @ts-expect-error too few arguments
a$.pipe(lib.takeUntil());
// @ts-expect-error of another type
a$.pipe(lib.sample(1));
// @ts-expect-error of another type
a$.pipe(lib.audit(() => 1));
// @ts-expect-error of another type
a$.pipe(lib.throttle(() => 1));
// @ts-expect-error too few arguments
a$.pipe(lib.debounce());
// @ts-expect-error too few arguments
a$.pipe(lib.groupBy());
// @ts-expect-error too few arguments
a$.pipe(lib.reduce());
// @ts-expect-error of another type
a$.pipe(lib.scan((n: number, x: B) => n + x.b, 0));
// @ts-expect-error of another type
a$.pipe(lib.withLatestFrom(b$, (x: B) => x));
// @ts-expect-error of another type
a$.pipe(lib.retry('2'));
// @ts-expect-error of another type
a$.pipe(lib.repeat({ count: '2' }));
// @ts-expect-error of another type
a$.pipe(lib.share({ connector: () => 1 }));
// @ts-expect-error too few arguments
a$.pipe(lib.timeout());
// @ts-expect-error of another type
a$.pipe(lib.expand(() => 1));
// @ts-expect-error too few arguments
a$.pipe(lib.mergeAll());
// @ts-expect-error too few arguments
a$.pipe(lib.dematerialize());
// @ts-expect-error too few arguments
a$.pipe(lib.window());
// @ts-expect-error of another type
a$.pipe(lib.windowWhen(() => 1));
// @ts-expect-error too few arguments
a$.pipe(lib.observeOn());
// @ts-expect-error of another type
lib.zip(a$, 1);
// @ts-expect-error of another type
lib.merge(a$, {});
// @ts-expect-error too few arguments
lib.iif(() => true);

// A function in a pipe knows what it is given.
emits<string>()(
  lib.of(1).pipe((source$) => source$.pipe(lib.map(String))),
  true,
);
emits<A | number>()(
  lib.of(a).pipe((source$) => lib.merge(source$, source$.pipe(lib.map(({ a }) => Number(a))))),
  true,
);
