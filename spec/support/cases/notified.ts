import fc from 'fast-check';
import type { MonoTypeOperatorFunction, ObservableInput, TimeoutError } from 'rxjs';
import { asapScheduler, asyncScheduler, queueScheduler } from 'rxjs';

import type { Value } from '../InputSpec.js';
import type { Library } from '../Library.js';
import type { OperatorCase, OperatorUse, OperatorUseOptions } from '../Stage.js';
import { use } from '../Stage.js';
import { append, sum, thrower, throwsOn2 } from './callbacks.js';
import { bringing } from './drains.js';

const frames = fc.integer({ min: 0, max: 4 });
const someFrames = fc.integer({ min: 1, max: 4 });
const concurrent = fc.integer({ min: 0, max: 3 });
const tie = { notInJobs: 'what is scheduled at the same time has no order after a restore' };
const observables = { notInJobs: 'an Observable as a value cannot be stored' };
const uncaught = { notInJobs: 'RxJS throws it to the scheduler, a job ends with it' };
const sameTwice = { notInJobs: 'the same static inner is live twice at the same time' };

/** Inners by the position of the value, for callbacks that get no index. */
const numbered = (x: Value): number => x ?? 4;

const flattening: readonly OperatorCase[] = [
  {
    name: 'mergeMapTo',
    uses: fc.constantFrom(
      use('mergeMapTo([1, 2])', (rx, { source }) => source.pipe(rx.mergeMapTo([1, 2])), bringing),
      use('mergeMapTo(a)', (rx, { source, others: [a] }) => source.pipe(rx.mergeMapTo(a)), sameTwice),
      use('mergeMapTo(a, 1)', (rx, { source, others: [a] }) => source.pipe(rx.mergeMapTo(a, 1))),
      use('mergeMapTo(a, select, 1)', (rx, { source, others: [a] }) =>
        source.pipe(rx.mergeMapTo(a, (x: Value, y, i, j) => [x, y, i, j], 1)),
      ),
    ),
  },
  {
    name: 'concatMapTo',
    uses: fc.constantFrom(
      use('concatMapTo(a)', (rx, { source, others: [a] }) => source.pipe(rx.concatMapTo(a))),
      use('concatMapTo(a, undefined)', (rx, { source, others: [a] }) => source.pipe(rx.concatMapTo(a, undefined))),
      use('concatMapTo(a, select)', (rx, { source, others: [a] }) =>
        source.pipe(rx.concatMapTo(a, (x: Value, y, i, j) => [x, y, i, j])),
      ),
    ),
  },
  {
    name: 'switchMapTo',
    uses: fc.constantFrom(
      use('switchMapTo(a)', (rx, { source, others: [a] }) => source.pipe(rx.switchMapTo(a))),
      use('switchMapTo(a, undefined)', (rx, { source, others: [a] }) => source.pipe(rx.switchMapTo(a, undefined))),
      use('switchMapTo(a, select)', (rx, { source, others: [a] }) =>
        source.pipe(rx.switchMapTo(a, (x: Value, y, i, j) => [x, y, i, j])),
      ),
    ),
  },
  {
    name: 'flatMap',
    uses: fc.constant(use('flatMap(inner)', (rx, { source, inner }) => source.pipe(rx.flatMap(inner)))),
  },
  {
    name: 'exhaustMap',
    uses: fc.constantFrom(
      use('exhaustMap(inner)', (rx, { source, inner }) => source.pipe(rx.exhaustMap(inner))),
      use('exhaustMap(x => [x, i])', (rx, { source }) => source.pipe(rx.exhaustMap((x, i) => [x, i]))),
      use('exhaustMap(throws on 2)', (rx, { source, inner }) =>
        source.pipe(rx.exhaustMap((x, i) => (x === 2 ? thrower(x) : inner(x, i)))),
      ),
      use('exhaustMap(nothing to subscribe)', (rx, { source, inner }) =>
        source.pipe(rx.exhaustMap((x, i) => (x === 2 ? (7 as never) : inner(x, i)))),
      ),
      use('exhaustMap(inner, undefined)', (rx, { source, inner }) => source.pipe(rx.exhaustMap(inner, undefined))),
      use('exhaustMap(inner, select)', (rx, { source, inner }) =>
        source.pipe(rx.exhaustMap(inner, (x, y, i, j) => [x, y, i, j])),
      ),
    ),
  },
  ...(['mergeAll', 'concatAll', 'switchAll', 'exhaustAll', 'exhaust'] as const).map((name): OperatorCase => ({
    name,
    uses: fc.constantFrom(
      use(`map(inner), ${name}()`, (rx, { source, inner }) => source.pipe(rx.map(inner), rx[name]()), observables),
      use(`map(x => [x, i]), ${name}()`, (rx, { source }) =>
        source.pipe(
          rx.map((x, i) => [x, i]),
          rx[name](),
        ),
      ),
      use(`map(7), ${name}()`, (rx, { source }) =>
        source.pipe(
          rx.map(() => 7 as never as Value[]),
          rx[name](),
        ),
      ),
      use(`groupBy(x), ${name}()`, (rx, { source }) =>
        source.pipe(
          rx.groupBy((x) => x),
          rx[name](),
        ),
      ),
    ),
  })),
  {
    name: 'mergeAll with a limit',
    uses: concurrent.chain((n) =>
      fc.constantFrom(
        use(
          `map(inner), mergeAll(${n})`,
          (rx, { source, inner }) => source.pipe(rx.map(inner), rx.mergeAll(n)),
          observables,
        ),
        use(`groupBy(x), mergeAll(${n})`, (rx, { source }) =>
          source.pipe(
            rx.groupBy((x) => x),
            rx.mergeAll(n),
          ),
        ),
      ),
    ),
  },
  {
    name: 'expand',
    uses: fc.oneof(
      concurrent.map((n) =>
        use(`expand(inner or nothing, ${n})`, (rx, { source, inner }) =>
          source.pipe(rx.expand((x, i) => (i > 5 ? [] : inner(x, i)), n)),
        ),
      ),
      fc.constantFrom(
        use('expand(inner or nothing)', (rx, { source, inner }) =>
          source.pipe(rx.expand((x, i) => (i > 5 ? [] : inner(x, i)))),
        ),
        use('expand(x + 1), take(9)', (rx, { source }) =>
          source.pipe(
            rx.expand((x) => [sum(x, 1)]),
            rx.take(9),
          ),
        ),
        use('expand(x => [x + 1] below 6, NaN)', (rx, { source }) =>
          source.pipe(rx.expand((x) => ((x ?? 9) < 6 ? [sum(x, 1)] : []), NaN)),
        ),
        use('expand(throws on 2)', (rx, { source, inner }) =>
          source.pipe(rx.expand((x, i) => (i > 5 ? [] : x === 2 ? thrower(x) : inner(x, i)))),
        ),
        use('expand(inner, undefined, scheduler)', (rx, { source, inner }) =>
          source.pipe(rx.expand((x, i) => (i > 5 ? [] : inner(x, i)), undefined, asyncScheduler)),
        ),
        use('expand(inner, 1, scheduler)', (rx, { source, inner }) =>
          source.pipe(rx.expand((x, i) => (i > 5 ? [] : inner(x, i)), 1, asyncScheduler)),
        ),
        use(
          'expand(throws on 2, 1, scheduler)',
          (rx, { source, inner }) =>
            source.pipe(rx.expand((x, i) => (i > 5 ? [] : x === 2 ? thrower(x) : inner(x, i)), 1, asyncScheduler)),
          uncaught,
        ),
      ),
    ),
  },
  {
    name: 'mergeScan',
    uses: fc.oneof(
      concurrent.map((n) =>
        use(`mergeScan(sum of inner, 0, ${n})`, (rx, { source, inner }) =>
          source.pipe(rx.mergeScan((acc: number, x, i) => inner(x, i).pipe(rx.map((y) => sum(acc, y))), 0, n)),
        ),
      ),
      fc.constantFrom(
        use('mergeScan(append)', (rx, { source, pipedInner }) =>
          source.pipe(
            rx.mergeScan(
              (acc: readonly unknown[], x, i) => pipedInner(x, i).pipe(rx.map((y) => append(acc, y, i))),
              [] as readonly unknown[],
            ),
          ),
        ),
        use('mergeScan(throws on 2, undefined)', (rx, { source, inner }) =>
          source.pipe(rx.mergeScan((acc: Value, x, i) => (throwsOn2(x), inner(acc, i)), undefined as Value)),
        ),
        use('mergeScan([acc + x])', (rx, { source }) =>
          source.pipe(rx.mergeScan((acc: number, x) => [sum(acc, x)], 5)),
        ),
      ),
    ),
  },
  {
    name: 'switchScan',
    uses: fc.constantFrom(
      use('switchScan(sum of inner, 0)', (rx, { source, inner }) =>
        source.pipe(rx.switchScan((acc: number, x, i) => inner(x, i).pipe(rx.map((y) => sum(acc, y))), 0)),
      ),
      use('switchScan(append)', (rx, { source, pipedInner }) =>
        source.pipe(
          rx.switchScan(
            (acc: readonly unknown[], x, i) => pipedInner(x, i).pipe(rx.map((y) => append(acc, y, i))),
            [] as readonly unknown[],
          ),
        ),
      ),
      use('switchScan(throws on 2)', (rx, { source, inner }) =>
        source.pipe(rx.switchScan((acc: Value, x, i) => (throwsOn2(x), inner(acc, i)), undefined as Value)),
      ),
    ),
  },
];

const notified: readonly OperatorCase[] = [
  {
    name: 'buffer',
    uses: fc.constantFrom(
      use('buffer(a)', (rx, { source, others: [a] }) => source.pipe(rx.buffer(a))),
      use('buffer([1, 2])', (rx, { source }) => source.pipe(rx.buffer([1, 2])), bringing),
      use('buffer(a), take(1)', (rx, { source, others: [a] }) => source.pipe(rx.buffer(a), rx.take(1))),
    ),
  },
  {
    name: 'sample',
    uses: fc.constantFrom(
      use('sample(a)', (rx, { source, others: [a] }) => source.pipe(rx.sample(a))),
      use('sample([1])', (rx, { source }) => source.pipe(rx.sample([1])), bringing),
      use('sample(a), take(1)', (rx, { source, others: [a] }) => source.pipe(rx.sample(a), rx.take(1))),
    ),
  },
  {
    name: 'skipUntil',
    uses: fc.constantFrom(
      use('skipUntil(a)', (rx, { source, others: [a] }) => source.pipe(rx.skipUntil(a))),
      use('skipUntil([])', (rx, { source }) => source.pipe(rx.skipUntil([]))),
      use('skipUntil([1, 2])', (rx, { source }) => source.pipe(rx.skipUntil([1, 2])), bringing),
    ),
  },
  {
    name: 'takeUntil',
    uses: fc.constantFrom(
      use('takeUntil(a)', (rx, { source, others: [a] }) => source.pipe(rx.takeUntil(a))),
      use('takeUntil([])', (rx, { source }) => source.pipe(rx.takeUntil([]))),
      use('takeUntil([1, 2])', (rx, { source }) => source.pipe(rx.takeUntil([1, 2])), bringing),
    ),
  },
  {
    name: 'bufferToggle',
    uses: fc.constantFrom(
      use('bufferToggle(a numbered, inner)', (rx, { source, others: [a], inner }) =>
        source.pipe(rx.bufferToggle(a.pipe(rx.map((_, i) => i)), (i) => inner(i, i))),
      ),
      use(
        'bufferToggle([1, 2], inner)',
        (rx, { source, inner }) => source.pipe(rx.bufferToggle([1, 2], (i) => inner(i, i))),
        bringing,
      ),
      use('bufferToggle(a, throws on 2)', (rx, { source, others: [a] }) =>
        source.pipe(rx.bufferToggle(a, (x) => (x === 2 ? thrower(x) : rx.from([])))),
      ),
      use(
        'bufferToggle(a, [1, 2])',
        (rx, { source, others: [a] }) => source.pipe(rx.bufferToggle(a, () => [1, 2])),
        bringing,
      ),
      use('bufferToggle(a, [])', (rx, { source, others: [a] }) => source.pipe(rx.bufferToggle(a, () => []))),
    ),
  },
  {
    name: 'bufferWhen',
    uses: fc.constantFrom(
      use('bufferWhen(inner)', (rx, { source, pause, pipedInner }) =>
        // The pause: one that emits at once would otherwise open buffers for ever.
        source.pipe(rx.bufferWhen(() => rx.concat(pause(1), pipedInner(0, 0)))),
      ),
      use('bufferWhen([])', (rx, { source }) => source.pipe(rx.bufferWhen(() => []))),
      use('bufferWhen(throwing)', (rx, { source }) => source.pipe(rx.bufferWhen(() => thrower(0)))),
      use('bufferWhen(inner), take(1)', (rx, { source, pause, pipedInner }) =>
        source.pipe(
          rx.bufferWhen(() => rx.concat(pause(1), pipedInner(0, 1))),
          rx.take(1),
        ),
      ),
    ),
  },
];

type Selector = (x: Value) => ObservableInput<unknown>;
type WithDuration = (rx: Library, duration: Selector) => MonoTypeOperatorFunction<Value>;

/** Uses of an operator that selects a duration for a value. */
function durations(name: string, apply: WithDuration, atOnce: OperatorUseOptions = {}): fc.Arbitrary<OperatorUse> {
  return fc.constantFrom(
    use(`map(i), ${name}(inner)`, (rx, { source, inner }) =>
      source.pipe(
        rx.map((_, i) => i),
        apply(rx, (i) => inner(i, i ?? 0)),
      ),
    ),
    use(`${name}(inner of value)`, (rx, { source, pipedInner }) =>
      source.pipe(apply(rx, (x) => pipedInner(x, numbered(x)))),
    ),
    use(`${name}([])`, (rx, { source }) => source.pipe(apply(rx, () => []))),
    use(`${name}([1, 2])`, (rx, { source }) => source.pipe(apply(rx, () => [1, 2])), bringing),
    use(
      `${name}(1, then inner)`,
      (rx, { source, pipedInner }) => source.pipe(apply(rx, (x) => rx.concat([1], pipedInner(x, numbered(x))))),
      atOnce,
    ),
    use(`${name}(throws on 2)`, (rx, { source, pipedInner }) =>
      source.pipe(apply(rx, (x) => (x === 2 ? thrower(x) : pipedInner(x, numbered(x))))),
    ),
    use(`${name}(nothing to subscribe)`, (rx, { source }) => source.pipe(apply(rx, () => 7 as never))),
    use(`${name}(inner), take(2)`, (rx, { source, pipedInner }) =>
      source.pipe(
        apply(rx, (x) => pipedInner(x, numbered(x))),
        rx.take(2),
      ),
    ),
  );
}

const throttleConfigs = fc.constantFrom(
  undefined,
  {},
  { leading: true, trailing: true },
  { leading: false, trailing: true },
  { leading: false, trailing: false },
);

const lasting: readonly OperatorCase[] = [
  { name: 'debounce', uses: durations('debounce', (rx, duration) => rx.debounce(duration)) },
  { name: 'audit', uses: durations('audit', (rx, duration) => rx.audit(duration)) },
  {
    name: 'throttle',
    uses: throttleConfigs.chain((config) =>
      durations(
        `throttle ${JSON.stringify(config)}`,
        (rx, duration) => rx.throttle(duration, config),
        config?.leading === false ? { notInJobs: 'a value starts two durations at the same time' } : {},
      ),
    ),
    effort: 2,
  },
  {
    name: 'delayWhen',
    uses: fc.constantFrom(
      use('delayWhen(inner)', (rx, { source, inner }) => source.pipe(rx.delayWhen(inner))),
      use('delayWhen([])', (rx, { source }) => source.pipe(rx.delayWhen(() => []))),
      use('delayWhen([1, 2])', (rx, { source }) => source.pipe(rx.delayWhen(() => [1, 2])), bringing),
      use('delayWhen(throws on 2)', (rx, { source, inner }) =>
        source.pipe(rx.delayWhen((x, i) => (x === 2 ? thrower(x) : inner(x, i)))),
      ),
      use('delayWhen(inner), take(2)', (rx, { source, inner }) => source.pipe(rx.delayWhen(inner), rx.take(2))),
      use('delayWhen(inner, a)', (rx, { source, inner, others: [a] }) => source.pipe(rx.delayWhen(inner, a))),
      use('delayWhen([1], a)', (rx, { source, others: [a] }) => source.pipe(rx.delayWhen(() => [1], a)), bringing),
    ),
  },
];

const clocked: readonly OperatorCase[] = [
  {
    name: 'throttleTime',
    uses: fc.oneof(
      fc
        .tuple(frames, throttleConfigs)
        .map(([n, config]) =>
          use(`throttleTime(${n}, undefined, ${JSON.stringify(config)})`, (rx, { source, ms }) =>
            source.pipe(rx.throttleTime(ms(n), undefined, config)),
          ),
        ),
      fc.constantFrom(
        use('throttleTime(2, asyncScheduler)', (rx, { source, ms }) =>
          source.pipe(rx.throttleTime(ms(2), asyncScheduler)),
        ),
        use('throttleTime(-1)', (rx, { source }) => source.pipe(rx.throttleTime(-1)), tie),
        use('throttleTime(NaN)', (rx, { source }) => source.pipe(rx.throttleTime(NaN)), tie),
        use(
          'throttleTime(0, queueScheduler, both)',
          (rx, { source }) => source.pipe(rx.throttleTime(0, queueScheduler, { leading: true, trailing: true })),
          tie,
        ),
        use('throttleTime(3), take(2)', (rx, { source, ms }) => source.pipe(rx.throttleTime(ms(3)), rx.take(2))),
      ),
    ),
  },
  {
    name: 'auditTime',
    uses: fc.oneof(
      frames.map((n) => use(`auditTime(${n})`, (rx, { source, ms }) => source.pipe(rx.auditTime(ms(n))))),
      fc.constantFrom(
        use('auditTime(2, asyncScheduler)', (rx, { source, ms }) => source.pipe(rx.auditTime(ms(2), asyncScheduler))),
        use('auditTime(-1)', (rx, { source }) => source.pipe(rx.auditTime(-1)), tie),
        use('auditTime(0, queueScheduler)', (rx, { source }) => source.pipe(rx.auditTime(0, queueScheduler)), tie),
        use('auditTime(2), take(1)', (rx, { source, ms }) => source.pipe(rx.auditTime(ms(2)), rx.take(1))),
      ),
    ),
  },
  {
    name: 'sampleTime',
    uses: fc.oneof(
      someFrames.map((n) => use(`sampleTime(${n})`, (rx, { source, ms }) => source.pipe(rx.sampleTime(ms(n))))),
      fc.constantFrom(
        use('sampleTime(2, asyncScheduler)', (rx, { source, ms }) => source.pipe(rx.sampleTime(ms(2), asyncScheduler))),
        use('sampleTime(2), take(1)', (rx, { source, ms }) => source.pipe(rx.sampleTime(ms(2)), rx.take(1))),
      ),
    ),
  },
  {
    name: 'timeout',
    uses: fc.oneof(
      frames.map((n) => use(`timeout(${n})`, (rx, { source, ms }) => source.pipe(rx.timeout(ms(n))))),
      frames.map((n) =>
        use(`timeout(new Date(${n} + 5))`, (rx, { source, ms }) => source.pipe(rx.timeout(new Date(ms(n) + 5))), tie),
      ),
      fc.tuple(fc.option(frames), frames).map(([first, each]) =>
        use(`timeout({ first: ${first}, each: ${each}, with: inner })`, (rx, { source, inner, note, ms }) =>
          source.pipe(
            rx.timeout({
              ...(first === null ? {} : { first: ms(first) }),
              each: ms(each),
              meta: 'meta',
              with: (info) => {
                note('with', info);
                return inner(0, 0);
              },
            }),
          ),
        ),
      ),
      frames.map((first) =>
        use(`timeout({ first: ${first} })`, (rx, { source, ms }) =>
          source.pipe(
            rx.timeout({ first: ms(first), meta: 1, scheduler: asyncScheduler }),
            rx.catchError((error: TimeoutError) => [error.message, error.info?.seen, error.info?.meta]),
          ),
        ),
      ),
      fc.constantFrom(
        use('timeout(2, asyncScheduler)', (rx, { source, ms }) => source.pipe(rx.timeout(ms(2), asyncScheduler))),
        use(
          'timeout({ first: Date })',
          (rx, { source, ms }) => source.pipe(rx.timeout({ first: new Date(ms(9)) })),
          tie,
        ),
        use('timeout(2), catchError(inner)', (rx, { source, ms, inner }) =>
          source.pipe(
            rx.timeout(ms(2)),
            rx.catchError((error: TimeoutError) => {
              const { name, message, info } = error;
              return inner(0, 0).pipe(rx.map((y) => [y, name, message, info?.seen]));
            }),
          ),
        ),
        use('timeout({ with throws })', (rx, { source, ms }) =>
          source.pipe(rx.timeout({ each: ms(2), with: ({ seen }) => thrower(seen) })),
        ),
      ),
    ),
  },
  {
    name: 'timeoutWith',
    uses: fc.oneof(
      frames.map((n) =>
        use(`timeoutWith(${n}, a)`, (rx, { source, ms, others: [a] }) => source.pipe(rx.timeoutWith(ms(n), a))),
      ),
      fc.constantFrom(
        use(
          'timeoutWith(2, [1], asyncScheduler)',
          (rx, { source, ms }) => source.pipe(rx.timeoutWith(ms(2), [1], asyncScheduler)),
          bringing,
        ),
        use(
          'timeoutWith(new Date(3), a)',
          (rx, { source, ms, others: [a] }) => source.pipe(rx.timeoutWith(new Date(ms(3)), a)),
          tie,
        ),
      ),
    ),
  },
  {
    name: 'observeOn',
    uses: fc.oneof(
      frames.map((n) =>
        use(`observeOn(asyncScheduler, ${n})`, (rx, { source, ms }) =>
          source.pipe(rx.observeOn(asyncScheduler, ms(n))),
        ),
      ),
      fc.constantFrom(
        use('observeOn(asyncScheduler)', (rx, { source }) => source.pipe(rx.observeOn(asyncScheduler)), tie),
        use('observeOn(asapScheduler)', (rx, { source }) => source.pipe(rx.observeOn(asapScheduler)), tie),
        use('observeOn(queueScheduler)', (rx, { source }) => source.pipe(rx.observeOn(queueScheduler)), tie),
      ),
    ),
  },
  {
    name: 'subscribeOn',
    uses: fc.oneof(
      frames.map((n) =>
        use(`subscribeOn(asyncScheduler, ${n})`, (rx, { source, ms }) =>
          source.pipe(rx.subscribeOn(asyncScheduler, ms(n))),
        ),
      ),
      fc.constantFrom(
        use('subscribeOn(asyncScheduler)', (rx, { source }) => source.pipe(rx.subscribeOn(asyncScheduler)), tie),
        use('subscribeOn(queueScheduler)', (rx, { source }) => source.pipe(rx.subscribeOn(queueScheduler)), tie),
      ),
    ),
  },
];

/** What inners, notifiers and durations drive. */
export const notifierDriven: readonly OperatorCase[] = [...flattening, ...notified, ...lasting, ...clocked];
