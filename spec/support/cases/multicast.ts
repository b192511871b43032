import fc from 'fast-check';
import type {
  Connectable,
  ConnectableObservable,
  GroupedObservable,
  MonoTypeOperatorFunction,
  SubjectLike,
} from 'rxjs';
import { AsyncSubject, asyncScheduler, BehaviorSubject, Observable, ReplaySubject, Subject } from 'rxjs';

import type { Value } from '../InputSpec.js';
import type { Library } from '../Library.js';
import type { OperatorCase, OperatorUse, OperatorUseOptions, Stage } from '../Stage.js';
import { use } from '../Stage.js';
import { double, isOdd, sum, thrower } from './callbacks.js';
import { bringing, repeating } from './drains.js';

type Sharing = (rx: Library, stage: Stage) => MonoTypeOperatorFunction<Value>;

/** One branch at a time. */
const alone = { shares: true, remainsInJob: 'what it remembers is for whoever joins later' };
const remaining = { ...alone, differsInJobs: 'all branches are there before the shared source opens (docs: share)' };

/** A shared stream that is used several times: at once, later, when all others have left, and again after an end. */
function usedOften(code: string, sharing: Sharing): fc.Arbitrary<OperatorUse> {
  return fc.constantFrom(
    use(code, (rx, stage) => stage.source.pipe(sharing(rx, stage)), alone),
    use(
      `${code}, merge`,
      (rx, stage) => {
        const shared = stage.source.pipe(sharing(rx, stage));
        return rx.merge(shared, shared.pipe(rx.map(double)));
      },
      remaining,
    ),
    use(
      `${code}, concat(take(1), pause, it)`,
      (rx, stage) => {
        const shared = stage.source.pipe(sharing(rx, stage));
        return rx.concat(shared.pipe(rx.take(1)), stage.pause(2), shared.pipe(rx.map((x, i) => [x, i])));
      },
      remaining,
    ),
    use(
      `${code}, merge(it, concat(pause, it))`,
      (rx, stage) => {
        const shared = stage.source.pipe(sharing(rx, stage));
        return rx.merge(shared, rx.concat(stage.pause(3), shared.pipe(rx.scan(sum, 0))));
      },
      remaining,
    ),
    use(
      `${code}, merge, retry(1)`,
      (rx, stage) => {
        const shared = stage.source.pipe(sharing(rx, stage));
        return rx.merge(shared, shared.pipe(rx.skip(1))).pipe(rx.retry(1));
      },
      { ...remaining, ...repeating },
    ),
    use(
      `${code}, repeat({ delay })`,
      (rx, stage) => stage.source.pipe(sharing(rx, stage), rx.take(3), rx.repeat({ count: 2, delay: stage.ms(2) })),
      { ...alone, ...repeating },
    ),
    use(
      `groupBy, ${code}, used late`,
      (rx, stage) => {
        const groups = stage.source.pipe(
          rx.groupBy(isOdd),
          sharing(rx, stage) as unknown as MonoTypeOperatorFunction<Observable<Value>>,
        );
        return rx.merge(
          groups.pipe(rx.mergeMap((g) => g.pipe(rx.map(double)))),
          rx.concat(stage.pause(4) as Observable<never>, groups).pipe(rx.mergeMap((g) => g)),
        );
      },
      remaining,
    ),
  );
}

const size = fc.option(fc.integer({ min: 0, max: 3 }), { nil: undefined });
const span = fc.option(fc.integer({ min: 1, max: 4 }), { nil: undefined });

/** What a selector makes of the shared stream. */
const selectors: Readonly<
  Record<string, (rx: Library, shared: Observable<Value>, stage: Stage) => Observable<unknown>>
> = {
  's => s': (_, s) => s,
  'merge(s, map)': (rx, s) => rx.merge(s, s.pipe(rx.map(double))),
  'combineLatest([s, scan])': (rx, s) => rx.combineLatest([s, s.pipe(rx.scan(sum, 0))]),
  'concat(take(1), s)': (rx, s) => rx.concat(s.pipe(rx.take(1)), s),
  'take(2)': (rx, s) => s.pipe(rx.take(2)),
  'merge(delay, reduce)': (rx, s, { ms }) => rx.merge(s.pipe(rx.delay(ms(2))), s.pipe(rx.reduce(sum, 0))),
  'late: concat(pause, s)': (rx, s, { pause }) => rx.concat(pause(3), s.pipe(rx.map((x, i) => [x, i]))),
  'startWith, repeat': (rx, s, { ms }) => s.pipe(rx.startWith(5), rx.repeat({ count: 2, delay: ms(1) })),
  'catchError, retry': (rx, s, { pause }) =>
    s.pipe(
      rx.retry(1),
      rx.catchError(() => pause(1)),
    ),
  'switchMap(inner)': (rx, s, { inner }) => s.pipe(rx.switchMap(inner)),
  'groupBy, merge(mergeMap, delay)': (rx, s, { ms }) =>
    rx.merge(
      s,
      s.pipe(
        rx.groupBy(isOdd),
        rx.delay(ms(2)),
        rx.mergeMap((g) => g.pipe(rx.map((x) => [g.key, x]))),
      ),
    ),
  'withLatestFrom other': (rx, s, { others: [a] }) => s.pipe(rx.withLatestFrom(a)),
  'others only': (_, _s, { others: [a] }) => a,
  'a value that holds it': (rx, s) => rx.of(s).pipe(rx.mergeMap((x) => x)),
  'a value that holds it, later': (rx, s, { ms }) =>
    rx.of(s, s).pipe(
      rx.delay(ms(3)),
      rx.mergeMap((x, i) => x.pipe(rx.map((y) => [i, y]))),
    ),
  '[1, 2]': (rx) => rx.concat([1, 2]),
  throws: thrower,
  'nothing to subscribe': () => 7 as never,
};

/** Of those that subscribe again. */
const optionsOf: Readonly<Record<string, OperatorUseOptions>> = {
  'startWith, repeat': repeating,
  'catchError, retry': repeating,
};

const connectors: Readonly<Record<string, () => SubjectLike<Value>>> = {
  Subject: () => new Subject(),
  Behavior: () => new BehaviorSubject<Value>(7),
  Replay: () => new ReplaySubject(2),
  Async: () => new AsyncSubject(),
};

/** Groups that go through the shared stream. */
const groupsThrough = use('groupBy, connect(merge(mergeMap, delay)), with ReplaySubject', (rx, { source, ms }) =>
  source.pipe(
    rx.groupBy(isOdd),
    rx.connect(
      (s) =>
        rx.merge(
          s.pipe(rx.mergeMap((g) => g)),
          s.pipe(
            rx.delay(ms(2)),
            rx.mergeMap((g) => g.pipe(rx.map(double))),
          ),
        ),
      { connector: () => new ReplaySubject<GroupedObservable<boolean, Value>>(1) },
    ),
  ),
);

const connects = fc.oneof(
  fc
    .constantFrom(...Object.entries(selectors))
    .map(([code, selector]) =>
      use(
        `connect(${code})`,
        (rx, stage) => stage.source.pipe(rx.connect((s) => selector(rx, s, stage))),
        optionsOf[code],
      ),
    ),
  fc
    .tuple(fc.constantFrom(...Object.entries(selectors)), fc.constantFrom(...Object.entries(connectors)))
    .map(([[code, selector], [name, connector]]) =>
      use(
        `connect(${code}, { ${name} })`,
        (rx, stage) => stage.source.pipe(rx.connect((s) => selector(rx, s, stage), { connector })),
        optionsOf[code],
      ),
    ),
  fc.constant(groupsThrough),
);

const byHand = { notInJobs: 'connected by hand' };

/** Connects when it is subscribed to, after that, and disconnects with its subscriber. */
function connected(connectable: Connectable<Value>): Observable<Value> {
  return new Observable((subscriber) => {
    const subscription = connectable.subscribe(subscriber);
    subscription.add(connectable.connect());
    return subscription;
  });
}

/** The ways to get a ConnectableObservable. */
const published: Readonly<Record<string, (rx: Library, source: Observable<Value>) => ConnectableObservable<Value>>> = {
  'publish()': (rx, source) => rx.publish<Value>()(source),
  'publishBehavior(7)': (rx, source) => rx.publishBehavior<Value>(7)(source),
  'publishLast()': (rx, source) => rx.publishLast<Value>()(source),
  'publishReplay(2)': (rx, source) => rx.publishReplay<Value>(2)(source) as ConnectableObservable<Value>,
  'publishReplay(2, 3)': (rx, source) => rx.publishReplay<Value>(2, 3)(source) as ConnectableObservable<Value>,
  'publishReplay(2, 3, asyncScheduler)': (rx, source) =>
    rx.publishReplay<Value>(2, 3, asyncScheduler)(source) as ConnectableObservable<Value>,
  'publishReplay(2, 3, undefined, asyncScheduler)': (rx, source) =>
    rx.publishReplay<Value, Value[]>(
      2,
      3,
      undefined,
      asyncScheduler,
    )(source) as unknown as ConnectableObservable<Value>,
  'multicast(subject)': (rx, source) => rx.multicast(new Subject<Value>())(source),
  'multicast(() => Subject)': (rx, source) => rx.multicast(() => new Subject<Value>())(source),
  'multicast(() => Replay)': (rx, source) => rx.multicast(() => new ReplaySubject<Value>(2))(source),
  'new ConnectableObservable': (rx, source) => new rx.ConnectableObservable(source, () => new Subject<Value>()),
};

/** What is done with it. */
const publishedUses: Readonly<
  Record<string, (rx: Library, c: ConnectableObservable<Value>, stage: Stage) => Observable<unknown>>
> = {
  'refCount()': (rx, c) => c.pipe(rx.refCount()),
  '.refCount()': (_, c) => c.refCount(),
  'refCount, merge': (rx, c) => {
    const counted = c.pipe(rx.refCount());
    return rx.merge(counted, counted.pipe(rx.map(double)));
  },
  'refCount, take(2), repeat(2)': (rx, c) => c.pipe(rx.refCount(), rx.take(2), rx.repeat(2)),
  'refCount, retry(1), map': (rx, c) => c.pipe(rx.refCount(), rx.retry(1), rx.map(double)),
  'refCount, concat': (rx, c, { pause }) => {
    const counted = c.pipe(rx.refCount());
    return rx.concat(counted.pipe(rx.take(1)), pause(1), counted);
  },
  connect: (_, c) => connected(c),
  'connect, map': (rx, c) => connected(c).pipe(rx.map(double)),
  'map of it, connect twice': (rx, c) =>
    new Observable((subscriber) => {
      const subscription = c.pipe(rx.map(double)).subscribe(subscriber);
      subscription.add(c.connect());
      subscription.add(c.connect());
      return subscription;
    }),
};

const publishes = fc
  .tuple(fc.constantFrom(...Object.entries(published)), fc.constantFrom(...Object.entries(publishedUses)))
  .map(([[name, publish], [code, used]]) =>
    use(`${name}, ${code}`, (rx, stage) => used(rx, publish(rx, stage.source), stage), byHand),
  );

/** The deprecated operators that take a selector. */
const selecting = fc.constantFrom(...Object.entries(selectors)).chain(([code, select]) =>
  fc.constantFrom(
    use(`publish(${code})`, (rx, stage) => stage.source.pipe(rx.publish((s) => select(rx, s, stage))), optionsOf[code]),
    use(
      `multicast(() => Replay, ${code})`,
      (rx, stage) =>
        stage.source.pipe(
          rx.multicast(
            () => new ReplaySubject<Value>(1),
            (s) => select(rx, s, stage),
          ),
        ),
      optionsOf[code],
    ),
    use(
      `multicast(subject, ${code})`,
      (rx, stage) => stage.source.pipe(rx.multicast(new Subject<Value>(), (s) => select(rx, s, stage))),
      { notInJobs: 'refused: one Subject for all its subscriptions' },
    ),
    use(
      `publishReplay(2, 3, ${code})`,
      (rx, stage) => stage.source.pipe(rx.publishReplay(2, stage.ms(3), (s) => select(rx, s, stage))),
      { differsInJobs: 'if it is subscribed twice: there each has a ReplaySubject of its own (docs: publishReplay)' },
    ),
    use(
      `publishReplay(1, undefined, ${code}, asyncScheduler), repeat`,
      (rx, stage) =>
        stage.source.pipe(
          rx.publishReplay(1, undefined, (s) => select(rx, s, stage), asyncScheduler),
          rx.take(9),
          rx.repeat({ count: 2, delay: stage.ms(2) }),
        ),
      { notInJobs: 'there each subscription has a ReplaySubject of its own (docs: publishReplay)' },
    ),
  ),
);

const connectables = fc.oneof(
  fc
    .constantFrom(...Object.entries(connectors))
    .chain(([name, connector]) =>
      fc
        .constantFrom(undefined, true, false)
        .map((resetOnDisconnect) =>
          use(
            `connectable({ ${name}, ${resetOnDisconnect} })`,
            (rx, { source }) =>
              connected(
                rx.connectable(source, { connector, ...(resetOnDisconnect !== undefined && { resetOnDisconnect }) }),
              ),
            byHand,
          ),
        ),
    ),
  fc.constantFrom(
    use('connectable(source)', (rx, { source }) => connected(rx.connectable(source)), byHand),
    use('connectable, map', (rx, { source }) => connected(rx.connectable(source)).pipe(rx.map(double)), byHand),
    use('connectable([1, 2])', (rx) => connected(rx.connectable([1, 2])), byHand),
    use('connectable(7)', (rx) => connected(rx.connectable(7 as never)), byHand),
  ),
);

type Hand = (rx: Library, stage: Stage, stream: Connectable<Value>) => Observable<unknown>;

/** Calls `connect` when it is subscribed to. */
const connecting = (rx: Library, stream: Connectable<Value>): Observable<never> =>
  rx.defer(() => {
    stream.connect();
    return rx.EMPTY;
  });

/** Does so when it is time. */
const later = (rx: Library, { ms }: Stage, frames: number, act: () => void): Observable<never> =>
  rx.timer(ms(frames)).pipe(rx.tap(act), rx.ignoreElements());

const hands: Readonly<Record<string, Hand>> = {
  'connected at once': (rx, _, stream) => rx.merge(stream, stream.pipe(rx.map(double)), connecting(rx, stream)),
  'connected later': (rx, stage, stream) =>
    rx.merge(
      stream.pipe(rx.scan(sum, 0)),
      later(rx, stage, 2, () => stream.connect()),
    ),
  'with one who comes later': (rx, stage, stream) =>
    rx.merge(stream, connecting(rx, stream), rx.concat(stage.pause(3), stream.pipe(rx.map(double)))),
  'connected, disconnected and connected': (rx, stage, stream) =>
    rx.merge(
      stream,
      connecting(rx, stream),
      later(rx, stage, 2.3, () => stream.connect().unsubscribe()),
      rx.concat(stage.pause(4), stream.pipe(rx.map(double))),
      later(rx, stage, 5.6, () => stream.connect()),
    ),
};

/** A stream that is connected by the pipeline that it is part of. */
const connectedInside = fc
  .tuple(
    fc.constantFrom(...Object.entries(hands)),
    fc.constantFrom(...Object.entries(connectors)),
    fc.constantFrom(undefined, true, false),
  )
  .map(([[name, hand], [kind, connector], resetOnDisconnect]) =>
    use(
      `connectable({ ${kind}, ${resetOnDisconnect} }), ${name}`,
      (rx, stage) => {
        const config = { connector, ...(resetOnDisconnect !== undefined && { resetOnDisconnect }) };
        return hand(rx, stage, rx.connectable(stage.source, config));
      },
      name === 'connected later'
        ? { ...alone, ...bringing }
        : { ...alone, differsInJobs: 'a source that is connected while the pipeline starts opens at its end (docs)' },
    ),
  );

/** The deprecated ways to count subscribers, as they stand in a pipe. */
const counted: Readonly<Record<string, Sharing>> = {
  'publish()': (rx) => (source) => source.pipe(rx.publish(), rx.refCount()),
  'publishBehavior(7)': (rx) => (source) => source.pipe(rx.publishBehavior<Value>(7), rx.refCount()),
  'publishLast()': (rx) => (source) => source.pipe(rx.publishLast(), rx.refCount()),
  'publishReplay(2)': (rx) => (source) => source.pipe(rx.publishReplay(2), rx.refCount()),
  'publishReplay(2, 3)':
    (rx, { ms }) =>
    (source) =>
      source.pipe(rx.publishReplay(2, ms(3)), rx.refCount()),
  'multicast(() => Subject)': (rx) => (source) =>
    source.pipe(
      rx.multicast(() => new Subject<Value>()),
      rx.refCount(),
    ),
  'multicast(() => Replay)': (rx) => (source) =>
    source.pipe(
      rx.multicast(() => new ReplaySubject<Value>(2)),
      rx.refCount(),
    ),
};

/** Streams of the deprecated operators that are connected by the pipeline that they are part of. */
const publishedInside = fc
  .tuple(
    fc.constantFrom(...Object.entries(hands)),
    fc.constantFrom(...Object.entries(published).filter(([code]) => !/subject|new/.test(code))),
  )
  .map(([[name, hand], [code, publish]]) =>
    use(
      `${code}, ${name}`,
      (rx, stage) => hand(rx, stage, publish(rx, stage.source)),
      name === 'connected later'
        ? { ...alone, ...bringing }
        : { ...alone, differsInJobs: 'a source that is connected while the pipeline starts opens at its end (docs)' },
    ),
  );

/** What has one subscription to its source for many subscribers, and remembers for those who come later. */
export const multicasts: readonly OperatorCase[] = [
  {
    name: 'share with a connector that remembers',
    uses: fc.oneof(
      ...[false, true].flatMap((reset) => [
        usedOften(`share(Replay(2), ${reset})`, (rx) =>
          rx.share({
            connector: () => new ReplaySubject(2),
            resetOnError: reset,
            resetOnComplete: reset,
            resetOnRefCountZero: reset,
          }),
        ),
        usedOften(`share(Async, ${reset})`, (rx) =>
          rx.share({
            connector: () => new AsyncSubject(),
            resetOnError: reset,
            resetOnComplete: reset,
            resetOnRefCountZero: reset,
          }),
        ),
        usedOften(`share(Behavior, ${reset})`, (rx) =>
          rx.share({
            connector: () => new BehaviorSubject<Value>(7),
            resetOnError: reset,
            resetOnComplete: reset,
            resetOnRefCountZero: reset,
          }),
        ),
      ]),
    ),
    effort: 2,
  },
  {
    name: 'shareReplay',
    uses: fc.oneof(
      fc
        .record({ size, span, scheduler: fc.boolean() })
        .chain((args) =>
          usedOften(
            `shareReplay(${args.size}, ${args.span}${args.scheduler ? ', asyncScheduler' : ''})`,
            (rx, { ms }) =>
              args.scheduler
                ? rx.shareReplay(args.size, args.span === undefined ? undefined : ms(args.span), asyncScheduler)
                : rx.shareReplay(args.size, args.span === undefined ? undefined : ms(args.span)),
          ),
        ),
      fc.record({ size, span, refCount: fc.boolean() }).chain((args) =>
        usedOften(`shareReplay({ ${args.size}, ${args.span}, ${args.refCount} })`, (rx, { ms }) =>
          // eslint-disable-next-line rxjs-x/no-ignored-replay-buffer -- that is what is tried
          rx.shareReplay({
            ...(args.size !== undefined && { bufferSize: args.size }),
            ...(args.span !== undefined && { windowTime: ms(args.span) }),
            refCount: args.refCount,
          }),
        ),
      ),
      // eslint-disable-next-line rxjs-x/no-ignored-replay-buffer -- that is what is tried
      usedOften('shareReplay()', (rx) => rx.shareReplay()),
    ),
    effort: 3,
  },
  { name: 'connect', uses: connects, effort: 3 },
  { name: 'connectable', uses: connectedInside, effort: 3 },
  {
    name: 'publish, multicast, refCount',
    uses: fc.oneof(
      ...Object.entries(counted).map(([code, sharing]) => usedOften(`${code}, refCount()`, sharing)),
      publishedInside,
    ),
    effort: 3,
  },
  { name: 'multicast with a selector', uses: selecting, effort: 3 },
];

/** Not in jobs. */
export const connectedByHand: readonly OperatorCase[] = [
  { name: 'publish and refCount by hand', uses: publishes, effort: 3 },
  { name: 'connectable by hand', uses: connectables },
];
