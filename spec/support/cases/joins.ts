import fc from 'fast-check';
import type { Observable } from 'rxjs';
import { asyncScheduler } from 'rxjs';

import type { OperatorCase } from '../Stage.js';
import { use, withOptions } from '../Stage.js';
import { sum, thrower, throwsOn2 } from './callbacks.js';
import { bringing, repeating } from './drains.js';

const notAPipeline = { notInJobs: 'without a checkpointed input it is no pipeline' };
const plainInners = { notInJobs: 'it holds plain Observables, which no checkpoint can store' };
const overlaps = {
  notInJobs: 'attempts that run at the same time emit at the same time, of which no order is restored',
};
const tie = { notInJobs: 'what is scheduled at the same time has no order after a restore' };

/** What joins several inputs, given to a function or to an operator. */
export const joins: readonly OperatorCase[] = [
  {
    name: 'combineLatestWith',
    uses: fc.constantFrom(
      use('combineLatestWith()', (rx, { source }) => source.pipe(rx.combineLatestWith())),
      use('combineLatestWith(a)', (rx, { source, others: [a] }) => source.pipe(rx.combineLatestWith(a))),
      use('combineLatestWith(a, b)', (rx, { source, others: [a, b] }) => source.pipe(rx.combineLatestWith(a, b))),
      use('combineLatestWith([a, b])', (rx, { source, others }) => source.pipe(rx.combineLatestWith(others as never))),
      use('combineLatestWith(a, sum)', (rx, { source, others: [a] }) =>
        source.pipe(rx.combineLatestWith(a, sum as never)),
      ),
      use(
        'combineLatestWith([1, 2], a)',
        (rx, { source, others: [a] }) => source.pipe(rx.combineLatestWith([1, 2], a)),
        bringing,
      ),
    ),
  },
  {
    name: 'combineLatestAll',
    uses: fc.constantFrom(
      use(
        'map(inner), combineLatestAll()',
        (rx, { source, inner }) => source.pipe(rx.map(inner), rx.combineLatestAll()),
        plainInners,
      ),
      use(
        'map(inner), combineLatestAll(sum)',
        (rx, { source, inner }) => source.pipe(rx.map(inner), rx.combineLatestAll(sum)),
        plainInners,
      ),
      use('groupBy(parity), combineLatestAll()', (rx, { source }) =>
        source.pipe(
          rx.groupBy((x) => Number(x) % 2),
          rx.combineLatestAll(),
        ),
      ),
      use(
        'take(2), map(inner), combineAll(throwing)',
        (rx, { source, inner }) =>
          source.pipe(
            rx.take(2),
            rx.map(inner),
            rx.combineAll((x: unknown) => throwsOn2(x as number)),
          ),
        plainInners,
      ),
      use('groupBy(take(2) groups), combineLatestAll()', (rx, { source }) =>
        source.pipe(
          rx.groupBy((x) => Number(x) % 2),
          rx.take(2),
          rx.combineLatestAll(sum),
        ),
      ),
    ),
  },
  {
    name: 'zip',
    uses: fc.constantFrom(
      use('zip(s, a)', (rx, { source, others: [a] }) => rx.zip(source, a)),
      use('zip([s, a, b])', (rx, { source, others: [a, b] }) => rx.zip([source, a, b])),
      use('zip(s, [1, 2])', (rx, { source }) => rx.zip(source, [1, 2]), bringing),
      use('zip([1, 2], s)', (rx, { source }) => rx.zip([1, 2], source), bringing),
      use('zip(s)', (rx, { source }) => rx.zip(source)),
      use('zip()', (rx) => rx.zip(), notAPipeline),
      use('zip([])', (rx) => rx.zip([]), notAPipeline),
      use('zip([s, a], sum)', (rx, { source, others: [a] }) => rx.zip([source, a], sum)),
      use('zip(s, a, throwing)', (rx, { source, others: [a] }) => rx.zip(source, a, (x, y) => [throwsOn2(x), y])),
      use('zip(s, s)', (rx, { source }) => rx.zip(source, source)),
    ),
  },
  {
    name: 'zipWith',
    uses: fc.constantFrom(
      use('zipWith()', (rx, { source }) => source.pipe(rx.zipWith())),
      use('zipWith(a)', (rx, { source, others: [a] }) => source.pipe(rx.zipWith(a))),
      use('zipWith(a, b)', (rx, { source, others: [a, b] }) => source.pipe(rx.zipWith(a, b))),
      use('zipWith(a, sum)', (rx, { source, others: [a] }) => source.pipe(rx.zipWith(a, sum as never))),
      use('zipWith([1, 2])', (rx, { source }) => source.pipe(rx.zipWith([1, 2])), bringing),
    ),
  },
  {
    name: 'zipAll',
    uses: fc.constantFrom(
      use('map(inner), zipAll()', (rx, { source, inner }) => source.pipe(rx.map(inner), rx.zipAll()), plainInners),
      use(
        'map(inner), zipAll(throwing)',
        (rx, { source, inner }) =>
          source.pipe(
            rx.map(inner),
            rx.zipAll((x: unknown) => throwsOn2(x as number)),
          ),
        plainInners,
      ),
      use('groupBy(parity), take(2), zipAll()', (rx, { source }) =>
        source.pipe(
          rx.groupBy((x) => Number(x) % 2),
          rx.take(2),
          rx.zipAll(),
        ),
      ),
      use('groupBy(parity), zipAll()', (rx, { source }) =>
        source.pipe(
          rx.groupBy((x) => Number(x) % 2),
          rx.zipAll(),
        ),
      ),
    ),
  },
  {
    name: 'forkJoin',
    uses: fc.constantFrom(
      use('forkJoin([s, a])', (rx, { source, others: [a] }) => rx.forkJoin([source, a])),
      use('forkJoin(s, a, b)', (rx, { source, others: [a, b] }) => rx.forkJoin(source, a, b)),
      use('forkJoin({ s, a })', (rx, { source, others: [a] }) => rx.forkJoin({ s: source, a })),
      use('forkJoin([s])', (rx, { source }) => rx.forkJoin([source])),
      use('forkJoin([])', (rx) => rx.forkJoin([]), notAPipeline),
      use('forkJoin({})', (rx) => rx.forkJoin({}), notAPipeline),
      use('forkJoin(null)', (rx) => rx.forkJoin(null), notAPipeline),
      use('forkJoin([s, [1, 2]])', (rx, { source }) => rx.forkJoin([source, [1, 2]]), bringing),
      use('forkJoin([s, a], sum)', (rx, { source, others: [a] }) => rx.forkJoin([source, a], sum)),
      use('forkJoin(s, a, throwing)', (rx, { source, others: [a] }) =>
        rx.forkJoin(source, a, (x, y) => [throwsOn2(x), y]),
      ),
    ),
  },
  {
    name: 'race',
    uses: fc.constantFrom(
      use('race(s, a)', (rx, { source, others: [a] }) => rx.race(source, a)),
      use('race([s, a, b])', (rx, { source, others: [a, b] }) => rx.race([source, a, b])),
      use('race(a, s)', (rx, { source, others: [a] }) => rx.race(a, source)),
      use('race(s)', (rx, { source }) => rx.race(source)),
      use('race()', (rx) => rx.race(), notAPipeline),
      use('race(s, [1, 2])', (rx, { source }) => rx.race(source, [1, 2]), bringing),
    ),
  },
  {
    name: 'raceWith',
    uses: fc.constantFrom(
      use('raceWith()', (rx, { source }) => source.pipe(rx.raceWith())),
      use('raceWith(a)', (rx, { source, others: [a] }) => source.pipe(rx.raceWith(a))),
      use('raceWith(a, b)', (rx, { source, others: [a, b] }) => source.pipe(rx.raceWith(a, b))),
      use('raceWith([5, 6])', (rx, { source }) => source.pipe(rx.raceWith([5, 6])), bringing),
    ),
  },
  {
    name: 'onErrorResumeNext',
    uses: fc.constantFrom(
      use('onErrorResumeNext(s, a)', (rx, { source, others: [a] }) => rx.onErrorResumeNext(source, a)),
      use('onErrorResumeNext([s, a, b])', (rx, { source, others: [a, b] }) => rx.onErrorResumeNext([source, a, b])),
      use(
        'onErrorResumeNext([1, 2], s, a)',
        (rx, { source, others: [a] }) => rx.onErrorResumeNext([1, 2], source, a),
        bringing,
      ),
      use('onErrorResumeNext(7, s)', (rx, { source }) => rx.onErrorResumeNext(7 as never, source)),
      use('onErrorResumeNext(s)', (rx, { source }) => rx.onErrorResumeNext(source)),
      use('onErrorResumeNext()', (rx) => rx.onErrorResumeNext(), notAPipeline),
    ),
  },
  {
    name: 'onErrorResumeNextWith',
    uses: fc.constantFrom(
      use('onErrorResumeNextWith()', (rx, { source }) => source.pipe(rx.onErrorResumeNextWith())),
      use('onErrorResumeNextWith(a)', (rx, { source, others: [a] }) => source.pipe(rx.onErrorResumeNextWith(a))),
      use('onErrorResumeNextWith([a, b])', (rx, { source, others: [a, b] }) =>
        source.pipe(rx.onErrorResumeNextWith([a, b])),
      ),
    ),
  },
  {
    name: 'concatWith',
    uses: fc.constantFrom(
      use('concatWith()', (rx, { source }) => source.pipe(rx.concatWith())),
      use('concatWith(a)', (rx, { source, others: [a] }) => source.pipe(rx.concatWith(a))),
      use('concatWith(a, b)', (rx, { source, others: [a, b] }) => source.pipe(rx.concatWith(a, b))),
      use('concatWith([5, 6])', (rx, { source }) => source.pipe(rx.concatWith([5, 6])), bringing),
      use(
        'concatWith(a, scheduler)',
        (rx, { source, others: [a] }) => source.pipe(rx.concatWith(a, asyncScheduler as never)),
        tie,
      ),
    ),
  },
];

/** Those that ask a notifier, which is made once and remembers. */
export const notifiedAttempts: readonly OperatorCase[] = withOptions(repeating, [
  {
    name: 'retryWhen',
    uses: fc.constantFrom(
      use('retryWhen(take(2))', (rx, { source }) =>
        source.pipe(rx.retryWhen((errors: Observable<unknown>) => errors.pipe(rx.take(2)))),
      ),
      use('retryWhen(delay, take)', (rx, { source, ms }) =>
        source.pipe(rx.retryWhen((errors: Observable<unknown>) => errors.pipe(rx.delay(ms(2)), rx.take(3)))),
      ),
      use('retryWhen(scan, delayWhen)', (rx, { source, inner }) =>
        source.pipe(
          rx.retryWhen((errors: Observable<unknown>) =>
            errors.pipe(
              rx.scan((count: number) => count + 1, 0),
              rx.takeWhile((count) => count < 4),
              rx.delayWhen((count) => inner(count, count)),
            ),
          ),
        ),
      ),
      use('retryWhen(mergeMap)', (rx, { source, inner }) =>
        source.pipe(
          rx.retryWhen((errors: Observable<unknown>) =>
            errors.pipe(
              rx.take(3),
              rx.mergeMap((_, i) => inner(i, i).pipe(rx.take(1))),
            ),
          ),
        ),
      ),
      use('retryWhen(concat, throw)', (rx, { source, ms }) =>
        source.pipe(
          rx.retryWhen((errors: Observable<unknown>) =>
            rx.concat(
              errors.pipe(rx.take(2), rx.delay(ms(1))),
              rx.throwError(() => new TypeError('gave up')),
            ),
          ),
        ),
      ),
      use('retryWhen(errors twice)', (rx, { source, ms }) =>
        source.pipe(
          rx.retryWhen((errors: Observable<unknown>) =>
            rx.merge(errors.pipe(rx.take(1), rx.delay(ms(2))), errors.pipe(rx.skip(1), rx.take(1))),
          ),
        ),
      ),
      use('retryWhen(throwing)', (rx, { source }) => source.pipe(rx.retryWhen(thrower))),
      use('retryWhen([1, 2])', (rx, { source }) => source.pipe(rx.retryWhen(() => [1, 2])), overlaps),
      use('retryWhen(a)', (rx, { source, others: [a] }) => source.pipe(rx.retryWhen(() => a)), overlaps),
      use('retryWhen(nothing)', (rx, { source }) => source.pipe(rx.retryWhen(() => 7 as never))),
    ),
  },
  {
    name: 'repeatWhen',
    uses: fc.constantFrom(
      use('repeatWhen(take(2))', (rx, { source }) => source.pipe(rx.repeatWhen((ends) => ends.pipe(rx.take(2))))),
      use('repeatWhen(delay, take)', (rx, { source, ms }) =>
        source.pipe(rx.repeatWhen((ends) => ends.pipe(rx.delay(ms(2)), rx.take(2)))),
      ),
      use('repeatWhen(delay)', (rx, { source, pause, ms }) =>
        rx.concat(pause(1), source).pipe(rx.repeatWhen((ends) => ends.pipe(rx.delay(ms(2))))),
      ),
      use('repeatWhen(mergeMap)', (rx, { source, inner }) =>
        source.pipe(
          rx.repeatWhen((ends) =>
            ends.pipe(
              rx.take(3),
              rx.mergeMap((_, i) => inner(i, i).pipe(rx.take(1))),
            ),
          ),
        ),
      ),
      use('repeatWhen(throwing)', (rx, { source }) => source.pipe(rx.repeatWhen(thrower))),
      use('repeatWhen([1, 2])', (rx, { source }) => source.pipe(rx.repeatWhen(() => [1, 2])), overlaps),
      use('repeatWhen(a)', (rx, { source, others: [a] }) => source.pipe(rx.repeatWhen(() => a)), overlaps),
    ),
  },
]);
