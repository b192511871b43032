import fc from 'fast-check';
import type { Observable } from 'rxjs';
import { asapScheduler, asyncScheduler, queueScheduler, Subscription } from 'rxjs';

import { ThrownByInput } from '../InputSpec.js';
import type { Library } from '../Library.js';
import type { OperatorCase, OperatorUse, Stage } from '../Stage.js';
import { use, withOptions } from '../Stage.js';
import { bringing } from './drains.js';

/** Makes the stream under test; `index` is another one for each. */
type Create = (rx: Library, stage: Stage, index: number) => Observable<unknown>;

interface Creation {
  readonly code: string;
  readonly create: Create;
}

const tie = { notInJobs: 'what is scheduled at the same time has no order after a restore' };
const outside = { reachesOut: true };

/** The places in a pipeline where a creation function stands. */
const places: Readonly<Record<string, (rx: Library, stage: Stage, create: Create) => Observable<unknown>>> = {
  alone: (rx, stage, create) => create(rx, stage, 0),
  'merge(_, source)': (rx, stage, create) => rx.merge(create(rx, stage, 0), stage.source),
  'concat(source, _, _)': (rx, stage, create) => rx.concat(stage.source, create(rx, stage, 0), create(rx, stage, 1)),
  'concat(_, source)': (rx, stage, create) => rx.concat(create(rx, stage, 0), stage.source),
  'combineLatest(source, _)': (rx, stage, create) => rx.combineLatest([stage.source, create(rx, stage, 0)]),
  'mergeMap(() => _)': (rx, stage, create) => stage.source.pipe(rx.mergeMap((_, index) => create(rx, stage, index))),
  'mergeMap(() => _, 1)': (rx, stage, create) =>
    stage.source.pipe(rx.mergeMap((_, index) => create(rx, stage, index), 1)),
  'switchMap(() => _)': (rx, stage, create) => stage.source.pipe(rx.switchMap((_, index) => create(rx, stage, index))),
  'catchError(() => _)': (rx, stage, create) => stage.source.pipe(rx.catchError(() => create(rx, stage, 2))),
  'repeat(2)': (rx, stage, create) => create(rx, piped(stage), 0).pipe(rx.repeat(2)),
  'retry(1)': (rx, stage, create) => create(rx, piped(stage), 0).pipe(rx.retry(1)),
  'take(2)': (rx, stage, create) => rx.merge(create(rx, stage, 0), stage.source).pipe(rx.take(2)),
};

/** A plain inner that is subscribed again would, in a job, emit what it has emitted at once. */
function piped(stage: Stage): Stage {
  return { ...stage, inner: stage.pipedInner };
}

/** Each in each place. */
function placed(
  creations: fc.Arbitrary<Creation>,
  options: OperatorUse['options'] = {},
  where: readonly string[] = Object.keys(places),
): fc.Arbitrary<OperatorUse> {
  return fc
    .tuple(fc.constantFrom(...where), creations)
    .map(([place, { code, create }]) =>
      use(`${code} in ${place}`, (rx, stage) => places[place]!(rx, stage, create), options),
    );
}

const counts = fc.constantFrom(undefined, 0, -1, 1, 2, 3, NaN, 2.5);
const starts = fc.constantFrom(0, 1, -2, 0.5, 2, NaN, -Infinity);

const ranges = fc.oneof(
  placed(
    fc.tuple(starts, counts).map(([start, count]) => ({
      code: `range(${start}, ${count})`,
      create: (rx) => rx.range(start, count),
    })),
  ),
  placed(
    starts.map((start) => ({
      code: `range(${start}, Infinity), take(3)`,
      create: (rx) => rx.range(start, Infinity).pipe(rx.take(3)),
    })),
  ),
  placed(
    fc
      .tuple(starts, counts, fc.constantFrom(asapScheduler, asyncScheduler, queueScheduler))
      .map(([start, count, scheduler]) => ({
        code: `range(${start}, ${count}, scheduler)`,
        create: (rx) => rx.range(start, count, scheduler),
      })),
    tie,
  ),
);

/** A loop of numbers of which one callback throws in the end, or none. */
const loops = fc.record({
  first: fc.integer({ min: 0, max: 2 }),
  end: fc.integer({ min: 0, max: 5 }),
  throwsAt: fc.option(fc.integer({ min: 0, max: 4 }), { freq: 2 }),
  thrower: fc.constantFrom('condition', 'iterate', 'result'),
  form: fc.constantFrom('arguments', 'arguments, result', 'options', 'options, result', 'options, endless'),
});

const generates = placed(
  loops.map(({ first, end, throwsAt, thrower, form }) => {
    const check = (who: string, n: number): void => {
      if (who === thrower && n === throwsAt) throw new ThrownByInput(`thrown by ${who}`);
    };
    return {
      code: `generate(${first}, ${end}, ${thrower} throws at ${throwsAt}; ${form})`,
      create: (rx, { note }) => {
        const condition = ({ n }: { n: number }): boolean => {
          note('condition', n);
          check('condition', n);
          return n < end;
        };
        const iterate = ({ n }: { n: number }): { n: number } => {
          note('iterate', n);
          check('iterate', n);
          return { n: n + 1 };
        };
        const resultSelector = ({ n }: { n: number }): number => {
          note('result', n);
          check('result', n);
          return n * 10;
        };
        const initialState = { n: first };
        switch (form) {
          case 'arguments':
            return rx.generate(initialState, condition, iterate).pipe(rx.map(({ n }) => n));
          case 'arguments, result':
            return rx.generate(initialState, condition, iterate, resultSelector);
          case 'options':
            return rx.generate({ initialState, condition, iterate }).pipe(rx.map(({ n }) => n));
          case 'options, result':
            return rx.generate({ initialState, condition, iterate, resultSelector });
          default:
            return rx.generate({ initialState, iterate, resultSelector }).pipe(rx.take(end + 1));
        }
      },
    };
  }),
);

const scheduledGenerates = placed(
  fc.constantFrom<Creation>(
    {
      code: 'generate(0, x < 3, x + 1, asapScheduler)',
      create: (rx) =>
        rx.generate(
          0,
          (x) => x < 3,
          (x) => x + 1,
          asapScheduler,
        ),
    },
    {
      code: 'generate(0, x < 3, x + 1, x * 2, asyncScheduler)',
      create: (rx) =>
        rx.generate(
          0,
          (x) => x < 3,
          (x) => x + 1,
          (x) => x * 2,
          asyncScheduler,
        ),
    },
    {
      code: 'generate({ scheduler: queueScheduler })',
      create: (rx) =>
        rx.generate({ initialState: 0, iterate: (x) => x + 1, scheduler: queueScheduler }).pipe(rx.take(3)),
    },
  ),
  tie,
);

const frames = fc.integer({ min: 1, max: 5 });

const timers = fc.oneof(
  placed(frames.map((n) => ({ code: `timer(${n})`, create: (rx, { ms }) => rx.timer(ms(n)) }))),
  placed(
    fc.tuple(frames, frames, fc.integer({ min: 1, max: 4 })).map(([due, period, count]) => ({
      code: `timer(${due}, ${period}), take(${count})`,
      create: (rx, { ms }) => rx.timer(ms(due), ms(period)).pipe(rx.take(count)),
    })),
  ),
  placed(
    fc.tuple(frames, frames).map(([due, period]) => ({
      code: `timer(${due}, ${period}, asyncScheduler), take(2)`,
      create: (rx, { ms }) => rx.timer(ms(due), ms(period), asyncScheduler).pipe(rx.take(2)),
    })),
  ),
  placed(
    fc.constantFrom<Creation>(
      { code: 'timer()', create: (rx) => (rx.timer as () => Observable<0>)() },
      { code: 'timer(-3, -1)', create: (rx) => rx.timer(-3, -1) },
      { code: 'timer(3, null)', create: (rx) => rx.timer(3, null as unknown as undefined) },
      { code: 'timer(3, NaN)', create: (rx) => rx.timer(3, NaN) },
      { code: 'timer(NaN)', create: (rx) => rx.timer(NaN) },
      { code: 'timer(new Date(7), 2), take(3)', create: (rx) => rx.timer(new Date(7), 2).pipe(rx.take(3)) },
      { code: 'timer(new Date(NaN))', create: (rx) => rx.timer(new Date(NaN)) },
      { code: 'timer(2, asyncScheduler)', create: (rx) => rx.timer(2, asyncScheduler) },
      { code: 'timer(0, asapScheduler)', create: (rx) => rx.timer(0, asapScheduler) },
      { code: 'timer(2, undefined, asapScheduler)', create: (rx) => rx.timer(2, undefined, asapScheduler) },
    ),
    tie,
  ),
);

const intervals = fc.oneof(
  placed(
    fc.tuple(frames, fc.integer({ min: 1, max: 5 })).map(([period, count]) => ({
      code: `interval(${period}), take(${count})`,
      create: (rx, { ms }) => rx.interval(ms(period)).pipe(rx.take(count)),
    })),
  ),
  placed(frames.map((period) => ({ code: `interval(${period})`, create: (rx, { ms }) => rx.interval(ms(period)) }))),
  placed(
    fc.constantFrom<Creation>(
      { code: 'interval(), take(3)', create: (rx) => rx.interval().pipe(rx.take(3)) },
      { code: 'interval(-1), take(3)', create: (rx) => rx.interval(-1).pipe(rx.take(3)) },
      { code: 'interval(null)', create: (rx) => rx.interval(null as unknown as number).pipe(rx.take(3)) },
      { code: 'interval(NaN)', create: (rx) => rx.interval(NaN) },
      { code: 'interval(2, asapScheduler)', create: (rx) => rx.interval(2, asapScheduler).pipe(rx.take(3)) },
    ),
    tie,
  ),
);

/** Calls whoever listens at certain times, as what happens outside does: a listener hears what comes after it. */
function eventsAt(times: readonly number[]) {
  const running = new Map<(event: number) => void, Subscription>();
  return {
    addListener(_: string, handler: (event: number) => void): void {
      const now = asyncScheduler.now();
      const subscription = new Subscription();
      running.set(handler, subscription);
      for (const [index, time] of times.entries())
        if (time > now) subscription.add(asyncScheduler.schedule(() => handler(index), time - now));
    },
    removeListener(_: string, handler: (event: number) => void): void {
      running.get(handler)?.unsubscribe();
    },
  };
}

/** Later than all else that is due with them: a barrier at the time of an event comes behind it, and a restore misses nothing. */
const BEHIND = 1 / 8;

/** Of one who listens once: two would hear of one event, and a barrier could come between them. */
const once = ['alone', 'merge(_, source)', 'concat(_, source)', 'combineLatest(source, _)', 'take(2)'];

const events = placed(
  fc
    .tuple(fc.uniqueArray(frames, { maxLength: 4 }), fc.constantFrom('fromEvent', 'fromEvent, selector', 'pattern'))
    .map(([times, form]) => ({
      code: `fromEvent([${times.join()}], ${form})`,
      create: (rx, { ms }) => {
        const target = eventsAt(times.map((time) => ms(time) + BEHIND));
        if (form === 'fromEvent') return rx.fromEvent(target, 'x');
        if (form !== 'pattern') return rx.fromEvent(target, 'x', (x: number) => [x]);
        return rx.fromEventPattern<number>(
          (handler) => target.addListener('x', handler),
          (handler) => target.removeListener('x', handler),
        );
      },
    })),
  { differsInJumps: 'what happens outside does not go by the clock' },
  once,
);

const atOnce = placed(
  fc.constantFrom<Creation>(
    { code: 'of()', create: (rx) => rx.of() },
    { code: 'of(1, 2, 3)', create: (rx) => rx.of(1, 2, 3) },
    { code: 'from([1, 2, 3])', create: (rx) => rx.from([1, 2, 3]) },
    { code: 'from(Set)', create: (rx) => rx.from(new Set([1, 2, 3])) },
  ),
);

const adopted = placed(
  fc.constant<Creation>({ code: 'from(inner)', create: (rx, { inner }, index) => rx.from(inner(0, index)) }),
  { adopts: true },
);

const thrown = (): never => {
  throw new ThrownByInput('thrown by a factory');
};

const defers = placed(
  fc.constantFrom<Creation>(
    {
      code: 'defer(inner)',
      create: (rx, { inner, note }, index) =>
        rx.defer(() => {
          note('factory');
          return inner(0, index);
        }),
    },
    { code: 'defer(piped)', create: (rx, { pipedInner }, index) => rx.defer(() => pipedInner(0, index)) },
    { code: 'defer(array)', create: (rx) => rx.defer(() => [1, 2, 3]) },
    { code: 'defer(range)', create: (rx) => rx.defer(() => rx.range(1, 3)) },
    {
      code: 'defer(defer, scan)',
      create: (rx, { inner }, index) =>
        rx.defer(() => rx.defer(() => inner(0, index).pipe(rx.scan((sum, x) => sum + (x ?? 1), 0)))),
    },
    { code: 'defer(throws)', create: (rx) => rx.defer(thrown) },
    { code: 'defer(nothing to subscribe to)', create: (rx) => rx.defer(() => 3 as unknown as number[]) },
  ),
  outside,
);

const iifs = placed(
  fc.constantFrom<Creation>(
    { code: 'iif(true)', create: (rx, { inner }, index) => rx.iif(() => true, inner(0, index), [1]) },
    { code: 'iif(false)', create: (rx, { inner }, index) => rx.iif(() => false, inner(0, index), rx.of(1, 2)) },
    {
      code: 'iif(x, inner, EMPTY)',
      create: (rx, { inner }, index) => rx.iif(() => index === 1, inner(0, index), rx.EMPTY),
    },
    { code: 'iif(throws)', create: (rx) => rx.iif(thrown, [1], [2]) },
  ),
  outside,
);

const resources: fc.Arbitrary<Creation> = fc
  .record({
    resource: fc.constantFrom('made', 'none', 'throws'),
    result: fc.constantFrom('inner', 'array', 'sync', 'none', 'throws'),
  })
  .map(({ resource, result }) => ({
    code: `using(${resource}, ${result})`,
    create: (rx, { inner, note }, index) =>
      rx.using(
        () => {
          note('resource');
          if (resource === 'throws') thrown();
          return resource === 'none' ? undefined : { unsubscribe: () => note('given back') };
        },
        (made) => {
          note('source', made !== undefined);
          if (result === 'throws') thrown();
          if (result === 'none') return undefined;
          if (result === 'array') return [1, 2];
          return result === 'sync' ? rx.of(1, 2) : inner(0, index);
        },
      ),
  }));

const ends = placed(
  fc.constantFrom<Creation>(
    { code: 'EMPTY', create: (rx) => rx.EMPTY },
    { code: 'empty()', create: (rx) => rx.empty() },
    { code: 'NEVER', create: (rx) => rx.NEVER },
    { code: 'never()', create: (rx) => rx.never() },
    {
      code: 'merge(NEVER, NEVER, other)',
      create: (rx, { inner }, index) => rx.merge(rx.NEVER, rx.NEVER, inner(0, index)),
    },
    {
      code: 'concat(EMPTY, EMPTY, other)',
      create: (rx, { inner }, index) => rx.concat(rx.EMPTY, rx.EMPTY, inner(0, index)),
    },
    { code: 'throwError(factory)', create: (rx) => rx.throwError(() => new ThrownByInput('thrown')) },
    { code: 'throwError(value)', create: (rx) => rx.throwError(new ThrownByInput('thrown')) },
    { code: 'throwError(throws)', create: (rx) => rx.throwError(thrown) },
  ),
);

const scheduledEnds = placed(
  fc.constantFrom<Creation>(
    { code: 'empty(asapScheduler)', create: (rx) => rx.empty(asapScheduler) },
    { code: 'throwError(3, asyncScheduler)', create: (rx) => rx.throwError(3, asyncScheduler) },
    { code: 'throwError(throws, asapScheduler)', create: (rx) => rx.throwError(() => 'x', asapScheduler) },
  ),
  tie,
);

const lists = fc.oneof(
  placed(
    fc.constantFrom<Creation>(
      { code: 'pairs({})', create: (rx) => rx.pairs({ a: 1, b: 2 }).pipe(rx.map(([, value]) => value)) },
      { code: 'pairs([])', create: (rx) => rx.pairs([4, 5, 6]).pipe(rx.map(([key]) => Number(key))) },
      { code: 'pairs(3)', create: (rx) => rx.pairs(3) },
    ),
  ),
  placed(
    fc.constantFrom<Creation>(
      { code: 'pairs({}, asapScheduler)', create: (rx) => rx.pairs({ a: 1, b: 2 }, asapScheduler) },
      { code: 'scheduled([], asyncScheduler)', create: (rx) => rx.scheduled([1, 2, 3], asyncScheduler) },
      { code: 'scheduled(Set, asapScheduler)', create: (rx) => rx.scheduled(new Set([1, 2]), asapScheduler) },
    ),
    tie,
  ),
  placed(
    fc.constant<Creation>({
      code: 'scheduled(inner)',
      create: (rx, { inner }) => rx.scheduled(inner(0, 1), asapScheduler),
    }),
    { ...tie, adopts: true },
  ),
);

const bound = fc.oneof(
  placed(
    fc.constantFrom<Creation>(
      {
        code: 'bindCallback',
        create: (rx, { note }, index) => {
          const call = rx.bindCallback((x: unknown, done: (y: unknown, z: number) => void) => {
            note('called', x);
            done(x, 2);
          });
          return call(index).pipe(rx.map(([, z]) => z));
        },
      },
      {
        code: 'bindCallback, result selector',
        create: (rx) =>
          rx.bindCallback(
            (done: (a: number, b: number) => void) => done(2, 3),
            (a, b) => Number(a) + Number(b),
          )(),
      },
      {
        code: 'bindNodeCallback',
        create: (rx) => rx.bindNodeCallback((done: (error: unknown, result: number) => void) => done(null, 4))(),
      },
      {
        code: 'bindNodeCallback, error',
        create: (rx) =>
          rx.bindNodeCallback((done: (error: unknown) => void) => done(new ThrownByInput('of a callback')))(),
      },
    ),
  ),
  placed(
    fc.constantFrom<Creation>(
      { code: 'bindCallback, throws', create: (rx) => rx.bindCallback((_: () => void) => thrown())() },
      {
        code: 'bindCallback, later',
        create: (rx) =>
          rx.bindCallback((done: (x: number) => void) => void asyncScheduler.schedule(() => done(1), 2))(),
      },
      {
        code: 'bindCallback, scheduler',
        create: (rx) => rx.bindCallback((done: (x: number) => void) => done(1), asyncScheduler)(),
      },
    ),
    { notInJobs: 'a restore calls it again, and it takes its time again' },
  ),
);

const isOdd = (x: unknown): boolean => Number(x) % 2 === 1;

const adopts = { adopts: true };
/** In chains: what stands above then runs twice, at the very same times. */
const twice = { notInJobs: 'things of one time have no order after a restore, and both halves have the same times' };

const partitions = fc.constantFrom(
  use(
    'partition(odd)',
    (rx, { source }) => {
      const [odd, even] = rx.partition(source, isOdd);
      return rx.merge(odd, even.pipe(rx.map((x) => [x])));
    },
    twice,
  ),
  ...[0, 1].map((half) =>
    use(`partition(odd)[${half}]`, (rx, { source }) => rx.partition(source, isOdd)[half]!, adopts),
  ),
  use('partition(index)[0]', (rx, { source }) => rx.partition(source, (_, index) => index < 2)[0], adopts),
  use('partition(index)[1]', (rx, { source }) => rx.partition(source, (_, index) => index < 2)[1], adopts),
  use('partition(index)', (rx, { source }) => {
    const [first, rest] = rx.partition(source, (_, index) => index < 2);
    return rx.concat(rest, first);
  }),
  use(
    'partition(throws), [1]',
    (rx, { source }) => rx.partition(source, (x) => (x === 2 ? thrown() : isOdd(x)))[1],
    adopts,
  ),
  use(
    'partition(thisArg)',
    (rx, { source }) => {
      function isMore(this: { least: number }, x: unknown): boolean {
        return Number(x) > this.least;
      }
      const [more, less] = rx.partition(source, isMore, { least: 1 });
      return rx.merge(more, less);
    },
    twice,
  ),
  use(
    'partition(rest parameters)',
    (rx, { source }) => {
      const isLate = (...[, index]: [unknown, number]): boolean => index > 0;
      return rx.partition(source, isLate)[1];
    },
    { ...adopts, notInJobs: 'an index that is not declared is no state' },
  ),
  use('partition([])', (rx) => rx.merge(...rx.partition([1, 2, 3], isOdd))),
);

export const creation: readonly OperatorCase[] = withOptions(bringing, [
  { name: 'range', uses: ranges },
  {
    name: 'generate',
    uses: fc.oneof({ weight: 4, arbitrary: generates }, { weight: 1, arbitrary: scheduledGenerates }),
  },
  { name: 'timer', uses: timers },
  { name: 'interval', uses: intervals },
  { name: 'fromEvent, fromEventPattern', uses: events },
  { name: 'of, from', uses: fc.oneof({ weight: 4, arbitrary: atOnce }, { weight: 1, arbitrary: adopted }) },
  { name: 'defer', uses: defers },
  { name: 'iif', uses: iifs },
  { name: 'using', uses: placed(resources, outside) },
  {
    name: 'EMPTY, NEVER, throwError',
    uses: fc.oneof({ weight: 4, arbitrary: ends }, { weight: 1, arbitrary: scheduledEnds }),
  },
  { name: 'pairs, scheduled', uses: lists },
  { name: 'bindCallback, bindNodeCallback', uses: bound },
  { name: 'partition', uses: partitions },
]);
