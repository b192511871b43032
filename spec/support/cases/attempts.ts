import fc from 'fast-check';

import type { OperatorCase } from '../Stage.js';
import { use, withOptions } from '../Stage.js';
import { thrower } from './callbacks.js';
import { repeating } from './drains.js';

const attempts = fc.integer({ min: -1, max: 3 });
const frames = fc.integer({ min: 0, max: 3 });
const stateful = { notInJobs: 'its callback remembers' };

const subscribingAgain: readonly OperatorCase[] = [
  {
    name: 'retry',
    uses: fc.oneof(
      attempts.map((n) => use(`retry(${n})`, (rx, { source }) => source.pipe(rx.retry(n)))),
      fc.tuple(attempts, frames, fc.boolean()).map(([count, n, resetOnSuccess]) =>
        use(`retry({ ${count}, delay: ${n}, resetOnSuccess: ${resetOnSuccess} })`, (rx, { source, ms, pause }) => {
          // The pause: a source that emits and fails at once would otherwise be retried for ever within a frame.
          const from = resetOnSuccess ? rx.concat(pause(1), source) : source;
          return from.pipe(rx.retry({ count, delay: ms(n), resetOnSuccess }));
        }),
      ),
      attempts.map((count) =>
        use(`retry({ ${count}, delay: inner })`, (rx, { source, inner }) =>
          source.pipe(rx.retry({ count, delay: (_, n) => inner(n, n) })),
        ),
      ),
      fc.constantFrom(
        use('retry(NaN)', (rx, { source }) => source.pipe(rx.retry(NaN))),
        use('retry()', (rx, { source, pause }) => rx.concat(pause(1), source).pipe(rx.retry())),
        use('retry({})', (rx, { source, pause }) => rx.concat(pause(1), source).pipe(rx.retry({}))),
        use('retry({ 2, delay throws on 2 })', (rx, { source, inner }) =>
          source.pipe(rx.retry({ count: 3, delay: (error, n) => (n === 2 ? thrower(error) : inner(n, n)) })),
        ),
        use('retry({ 2, delay: [] })', (rx, { source }) => source.pipe(rx.retry({ count: 2, delay: () => [] }))),
        use('retry({ 2, delay: [1, 2] })', (rx, { source }) =>
          source.pipe(rx.retry({ count: 2, delay: () => [1, 2] })),
        ),
      ),
    ),
  },
  {
    name: 'repeat',
    uses: fc.oneof(
      attempts.map((n) => use(`repeat(${n})`, (rx, { source }) => source.pipe(rx.repeat(n)))),
      fc
        .tuple(attempts, frames)
        .map(([count, n]) =>
          use(`repeat({ ${count}, delay: ${n} })`, (rx, { source, ms }) =>
            source.pipe(rx.repeat({ count, delay: ms(n) })),
          ),
        ),
      attempts.map((count) =>
        use(`repeat({ ${count}, delay: inner })`, (rx, { source, inner }) =>
          source.pipe(rx.repeat({ count, delay: (n) => inner(n, n) })),
        ),
      ),
      fc.constantFrom(
        use('repeat()', (rx, { source, pause }) => rx.concat(pause(1), source).pipe(rx.repeat())),
        use('repeat(NaN)', (rx, { source }) => source.pipe(rx.repeat(NaN))),
        use('repeat({})', (rx, { source, pause }) => rx.concat(pause(1), source).pipe(rx.repeat({}))),
        use('repeat({ 3, delay throws on 2 })', (rx, { source, inner }) =>
          source.pipe(rx.repeat({ count: 3, delay: (n) => (n === 2 ? thrower(n) : inner(n, n)) })),
        ),
        use('repeat({ 2, delay: [] })', (rx, { source }) => source.pipe(rx.repeat({ count: 2, delay: () => [] }))),
      ),
    ),
  },
];

/** What subscribes to its source again, or to something else instead. */
export const attemptsCases: readonly OperatorCase[] = [
  ...withOptions(repeating, subscribingAgain),
  {
    name: 'catchError',
    uses: fc.constantFrom(
      use('catchError(() => a)', (rx, { source, others: [a] }) => source.pipe(rx.catchError(() => a))),
      use('catchError(e => [e])', (rx, { source }) => source.pipe(rx.catchError((e: Error) => [e.message]))),
      use('catchError(throwing)', (rx, { source }) => source.pipe(rx.catchError(thrower))),
      use('catchError(nothing to subscribe)', (rx, { source }) => source.pipe(rx.catchError(() => 7 as never))),
      use(
        'catchError((_, caught) => caught)',
        (rx, { source, pause }) => rx.concat(pause(1), source).pipe(rx.catchError((_, caught) => caught)),
        { ...repeating, reachesOut: true },
      ),
      use(
        'catchError((_, caught) => concat(a, caught))',
        (rx, { source, pause, others: [a] }) =>
          rx.concat(pause(1), source).pipe(rx.catchError((_, caught) => rx.concat(a, caught))),
        { ...repeating, reachesOut: true },
      ),
      use(
        'catchError(caught twice, then a)',
        (rx, { source, others: [a] }) => {
          let left = 2;
          return source.pipe(rx.catchError((_, caught) => (left-- > 0 ? caught : a)));
        },
        stateful,
      ),
      use('catchError(() => a), catchError(() => b)', (rx, { source, others: [a, b] }) =>
        source.pipe(
          rx.catchError(() => a),
          rx.catchError(() => b),
        ),
      ),
    ),
  },
];
