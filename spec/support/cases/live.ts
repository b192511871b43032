import fc from 'fast-check';
import type { MonoTypeOperatorFunction, Observable } from 'rxjs';
import { BehaviorSubject, ReplaySubject, Subject } from 'rxjs';

import type { Value } from '../InputSpec.js';
import type { Library } from '../Library.js';
import type { OperatorCase, OperatorUse, Stage } from '../Stage.js';
import { use } from '../Stage.js';
import { double, isOdd, sum, thrower, throwsOn2 } from './callbacks.js';
import { repeating } from './drains.js';

const raw = { notInJobs: 'hands live Observables to the subscriber, which no restore gives back' };
const replaying = { notInJobs: 'what an ended group would replay is not in its handle' };
const branches = { shares: true, differsInJobs: 'all branches are there before the shared source opens (docs: share)' };
const remaining = { shares: true, remainsInJob: 'what it remembers is for whoever joins later' };
const itself = (x: Value): Value => x;

const groups: OperatorCase = {
  name: 'groupBy',
  effort: 4,
  uses: fc.constantFrom(
    use('groupBy(isOdd)', (rx, { source }) => source.pipe(rx.groupBy(isOdd)), raw),
    use('groupBy(x => x)', (rx, { source }) => source.pipe(rx.groupBy(itself)), raw),
    use('groupBy(throwsOn2)', (rx, { source }) => source.pipe(rx.groupBy(throwsOn2)), raw),
    use(
      'groupBy(isOdd, { duration: inner })',
      (rx, { source, inner }) => source.pipe(rx.groupBy(isOdd, { duration: (g) => inner(g, 0) })),
      raw,
    ),
    use('groupBy(isOdd), mergeMap', (rx, { source }) =>
      source.pipe(
        rx.groupBy(isOdd),
        rx.mergeMap((g) => g.pipe(rx.map((x, i) => [g.key, x, i]))),
      ),
    ),
    use('groupBy(x => x), mergeMap(scan)', (rx, { source }) =>
      source.pipe(
        rx.groupBy(itself),
        rx.mergeMap((g) => g.pipe(rx.scan(sum, 0))),
      ),
    ),
    use('groupBy(x => x), mergeMap(reduce)', (rx, { source }) =>
      source.pipe(
        rx.groupBy(itself),
        rx.mergeMap((g) => g.pipe(rx.reduce(sum, 0))),
      ),
    ),
    use('groupBy(x => x), mergeMap(g, 2)', (rx, { source }) =>
      source.pipe(
        rx.groupBy(itself),
        rx.mergeMap((g) => g, 2),
      ),
    ),
    use('groupBy(x => x), concatMap', (rx, { source }) =>
      source.pipe(
        rx.groupBy(itself),
        rx.concatMap((g) => g.pipe(rx.take(2))),
      ),
    ),
    use('groupBy(x => x), switchMap', (rx, { source }) =>
      source.pipe(
        rx.groupBy(itself),
        rx.switchMap((g) => g.pipe(rx.map((x) => [g.key, x]))),
      ),
    ),
    use('groupBy(x => x), take(2), mergeMap', (rx, { source }) =>
      source.pipe(
        rx.groupBy(itself),
        rx.take(2),
        rx.mergeMap((g) => g.pipe(rx.map((x) => [g.key, x]))),
      ),
    ),
    use('groupBy(x => x), delay(2), mergeMap', (rx, { source, ms }) =>
      source.pipe(
        rx.groupBy(itself),
        rx.delay(ms(2)),
        rx.mergeMap((g) => g.pipe(rx.map((x) => [g.key, x]))),
      ),
    ),
    use('groupBy(isOdd), mergeMap(delay)', (rx, { source, ms }) =>
      source.pipe(
        rx.groupBy(isOdd),
        rx.mergeMap((g) => g.pipe(rx.delay(ms(2)))),
      ),
    ),
    use('groupBy(isOdd), mergeMap(two branches)', (rx, { source }) =>
      source.pipe(
        rx.groupBy(isOdd),
        rx.mergeMap((g) => rx.merge(g, g.pipe(rx.map(double)))),
      ),
    ),
    use('groupBy(isOdd, { element })', (rx, { source }) =>
      source.pipe(
        rx.groupBy(isOdd, { element: double }),
        rx.mergeMap((g) => g.pipe(rx.map((x) => [g.key, x]))),
      ),
    ),
    use(
      'groupBy(isOdd, { element, duration: inner })',
      (rx, { source, inner }) => {
        let durations = 0;
        return source.pipe(
          rx.groupBy(isOdd, { element: throwsOn2, duration: (g) => inner(g, durations++) }),
          rx.mergeMap((g) => g.pipe(rx.scan(sum, 0))),
        );
      },
      { notInJobs: 'its callback remembers' },
    ),
    use('groupBy(isOdd, { duration: pause })', (rx, { source, pause }) =>
      source.pipe(
        rx.groupBy(isOdd, { duration: () => pause(3) }),
        rx.mergeMap((g) => g.pipe(rx.scan(sum, 0))),
      ),
    ),
    use('groupBy(isOdd, { duration: third value })', (rx, { source }) =>
      source.pipe(
        rx.groupBy(isOdd, { duration: (g) => g.pipe(rx.skip(2)) }),
        rx.mergeMap((g) => g.pipe(rx.map((x) => [g.key, x]))),
      ),
    ),
    use('groupBy(isOdd, { duration: third value }), mergeMap, take(2)', (rx, { source }) =>
      source.pipe(
        rx.groupBy(isOdd, { duration: (g) => g.pipe(rx.skip(2)) }),
        rx.mergeMap((g) => g),
        rx.take(2),
      ),
    ),
    use('groupBy(isOdd, undefined, [1])', (rx, { source }) =>
      source.pipe(
        rx.groupBy(isOdd, undefined, () => rx.concat([1])),
        rx.mergeMap((g) => g.pipe(rx.map((x) => [g.key, x]))),
      ),
    ),
    use('groupBy(isOdd, { duration throws })', (rx, { source }) =>
      source.pipe(
        rx.groupBy(isOdd, { duration: thrower }),
        rx.mergeMap((g) => g.pipe(rx.map((x) => [g.key, x]))),
      ),
    ),
    use(
      'groupBy(isOdd, { connector: Replay })',
      (rx, { source, ms }) =>
        source.pipe(
          rx.groupBy(isOdd, { connector: () => new ReplaySubject<Value>(2) }),
          rx.delay(ms(3)),
          rx.mergeMap((g) => g.pipe(rx.map((x) => [g.key, x]))),
        ),
      replaying,
    ),
    use('groupBy(isOdd, …, …, connector)', (rx, { source, pause }) =>
      source.pipe(
        rx.groupBy(
          isOdd,
          double,
          () => pause(4),
          () => new BehaviorSubject(7),
        ),
        rx.mergeMap((g) => g.pipe(rx.map((x) => [g.key, x]))),
      ),
    ),
    use('groupBy(isOdd), mergeMap(groupBy, mergeMap)', (rx, { source }) =>
      source.pipe(
        rx.groupBy(isOdd),
        rx.mergeMap((g) =>
          g.pipe(
            rx.groupBy(itself),
            rx.mergeMap((h) => h.pipe(rx.map((x, i) => [g.key, h.key, x, i]))),
          ),
        ),
      ),
    ),
    use('mergeMap(groupBy), take(1), mergeMap', (rx, { source, pipedInner }) =>
      source.pipe(
        rx.mergeMap((x, i) => pipedInner(x, i).pipe(rx.groupBy(isOdd))),
        rx.take(1),
        rx.mergeMap((g) => g.pipe(rx.map((x, i) => [g.key, x, i]))),
      ),
    ),
    use('switchMap(groupBy), mergeMap(delay)', (rx, { source, pipedInner, ms }) =>
      source.pipe(
        rx.switchMap((x, i) => pipedInner(x, i).pipe(rx.groupBy(isOdd))),
        rx.mergeMap((g) => g.pipe(rx.delay(ms(1)))),
      ),
    ),
    use('catchError(groupBy), take(1), mergeMap', (rx, { source, others: [a] }) =>
      source.pipe(
        rx.skip(9),
        rx.groupBy(isOdd),
        rx.catchError(() => a.pipe(rx.groupBy(isOdd))),
        rx.take(1),
        rx.mergeMap((g) => g.pipe(rx.map((x, i) => [g.key, x, i]))),
      ),
    ),
    use(
      'repeat of groupBy whose groups outlive it',
      (rx, { source, ms }) =>
        source.pipe(
          // RxJS subscribes once more after the end, if that comes from a group while the source is being subscribed.
          rx.catchError(() => []),
          rx.groupBy(isOdd),
          rx.take(2),
          // The delay keeps the two attempts from emitting at the same time.
          rx.repeat({ count: 2, delay: ms(1) }),
          rx.mergeMap((g) => g.pipe(rx.delay(ms(2)))),
        ),
      { differsInJobs: 'the second attempt begins within the value that ends the first' },
    ),
  ),
};

/** A shared stream that is used twice: at the same time, one after the other, and again after an error. */
function usedTwice(name: string, share: (rx: Library, stage: Stage) => MonoTypeOperatorFunction<Value>): OperatorUse[] {
  const options = name === '' ? branches : { ...branches, ...remaining };
  return [
    use(
      `share(${name}), merge`,
      (rx, stage) => {
        const shared = stage.source.pipe(share(rx, stage));
        return rx.merge(shared, shared.pipe(rx.map(double)));
      },
      options,
    ),
    use(
      `share(${name}), combineLatest`,
      (rx, stage) => {
        const shared = stage.source.pipe(share(rx, stage));
        return rx.combineLatest([shared, shared.pipe(rx.scan(sum, 0))]);
      },
      options,
    ),
    use(
      `share(${name}), concat`,
      (rx, stage) => {
        const shared = stage.source.pipe(share(rx, stage));
        return rx.concat(shared.pipe(rx.take(2)), shared);
      },
      options,
    ),
    use(
      `share(${name}), merge, retry(2)`,
      (rx, stage) => {
        const shared = stage.source.pipe(share(rx, stage));
        return rx.merge(shared, shared.pipe(rx.skip(1))).pipe(rx.retry(2));
      },
      { ...options, ...repeating },
    ),
    use(
      `share(${name}), groupBy | delay, merge, retry(1)`,
      (rx, stage) => {
        const shared = stage.source.pipe(share(rx, stage));
        const grouped = shared.pipe(
          rx.groupBy(isOdd),
          rx.mergeMap((g) => g.pipe(rx.scan(sum, 0))),
        );
        return rx.merge(grouped, shared.pipe(rx.delay(stage.ms(2)))).pipe(rx.retry(1));
      },
      { ...options, ...repeating },
    ),
  ];
}

const shares: OperatorCase = {
  name: 'share',
  effort: 2,
  uses: fc.oneof(
    fc.constantFrom(
      use('share()', (rx, { source }) => source.pipe(rx.share()), { shares: true }),
      use('share({})', (rx, { source }) => source.pipe(rx.share({})), { shares: true }),
      use(
        'share({ connector: Replay(1) })',
        (rx, { source }) => source.pipe(rx.share({ connector: () => new ReplaySubject<Value>(1) })),
        { shares: true },
      ),
      use(
        'share({ connector: Behavior(7) })',
        (rx, { source }) => source.pipe(rx.share({ connector: () => new BehaviorSubject<Value>(7) })),
        { shares: true },
      ),
      use(
        'share(), switchMap in between',
        (rx, { source, others: [a] }) => {
          const shared = source.pipe(rx.share());
          return rx.merge(shared, a.pipe(rx.switchMap(() => shared)));
        },
        { notInJobs: 'a shared node that is reached from another scope needs a uid' },
      ),
    ),
    fc
      .tuple(fc.boolean(), fc.boolean(), fc.boolean())
      .map(([resetOnError, resetOnComplete, resetOnRefCountZero]) =>
        use(
          `share({ ${resetOnError}, ${resetOnComplete}, ${resetOnRefCountZero} })`,
          (rx, { source }) => source.pipe(rx.share({ resetOnError, resetOnComplete, resetOnRefCountZero })),
          remaining,
        ),
      ),
    fc.constantFrom(
      ...usedTwice('', (rx) => rx.share()),
      ...usedTwice('{ never reset }', (rx) =>
        rx.share({ resetOnError: false, resetOnComplete: false, resetOnRefCountZero: false }),
      ),
      ...usedTwice('{ reset later }', (rx, { pause }) => {
        const later = (): Observable<unknown> => rx.concat(pause(2), [1]);
        return rx.share({ resetOnError: later, resetOnComplete: later, resetOnRefCountZero: later });
      }),
      ...usedTwice('{ connector }', (rx) => rx.share({ connector: () => new Subject<Value>() })),
    ),
  ),
};

/** What hands out Observables that live on, or has one subscription for many subscribers. */
export const live: readonly OperatorCase[] = [groups, shares];
