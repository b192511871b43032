import fc from 'fast-check';
import type { Observable, ObservableNotification } from 'rxjs';
import { asyncScheduler } from 'rxjs';

import type { OperatorCase } from '../Stage.js';
import { use, useSync } from '../Stage.js';
import { throwsOn2 } from './callbacks.js';
import { bringing, together } from './drains.js';

const tie = { notInJobs: 'what is scheduled at the same time has no order after a restore' };

/** Notifications as values, times of values, and what looks at the end. */
export const notifications: readonly OperatorCase[] = [
  {
    name: 'materialize',
    uses: fc.constantFrom(
      useSync('materialize()', (rx, { source }) => source.pipe(rx.materialize())),
      useSync('materialize, dematerialize', (rx, { source }) => source.pipe(rx.materialize(), rx.dematerialize())),
      use('materialize, delay', (rx, { source, ms }) => source.pipe(rx.materialize(), rx.delay(ms(2)))),
      use('materialize, scan', (rx, { source }) =>
        source.pipe(
          rx.materialize(),
          rx.scan((all: unknown[], one) => [...all, one], []),
        ),
      ),
      use('materialize, delay, dematerialize', (rx, { source, ms }) =>
        source.pipe(rx.materialize(), rx.delay(ms(1)), rx.dematerialize()),
      ),
    ),
  },
  {
    name: 'dematerialize',
    uses: fc.constantFrom(
      useSync('map(to notifications), dematerialize', (rx, { source }) =>
        source.pipe(
          rx.map((value) =>
            value === 3
              ? ({ kind: 'C' } as const)
              : value === 2
                ? ({ kind: 'E', error: 'two' } as const)
                : ({ kind: 'N', value } as const),
          ),
          rx.dematerialize(),
        ),
      ),
      useSync('dematerialize of others', (rx, { source }) =>
        (source as unknown as Observable<ObservableNotification<number>>).pipe(rx.dematerialize()),
      ),
    ),
  },
  {
    name: 'finalize',
    uses: fc.constantFrom(
      useSync('finalize(note)', (rx, { source, note }) => source.pipe(rx.finalize(() => note('finalized')))),
      useSync('finalize, take(2), finalize', (rx, { source, note }) =>
        source.pipe(
          rx.finalize(() => note('first')),
          rx.take(2),
          rx.finalize(() => note('second')),
        ),
      ),
    ),
  },
  {
    name: 'timestamp',
    uses: fc.constantFrom(
      useSync('timestamp()', (rx, { source }) => source.pipe(rx.timestamp())),
      useSync('timestamp(asyncScheduler)', (rx, { source }) => source.pipe(rx.timestamp(asyncScheduler))),
    ),
  },
  {
    name: 'timeInterval',
    uses: fc.constantFrom(
      useSync('timeInterval()', (rx, { source }) =>
        source.pipe(
          rx.timeInterval(),
          rx.map(({ value, interval }) => [value, interval]),
        ),
      ),
      useSync('timeInterval(asyncScheduler)', (rx, { source }) =>
        source.pipe(
          rx.timeInterval(asyncScheduler),
          rx.map(({ value, interval }) => [value, interval]),
        ),
      ),
    ),
  },
  {
    name: 'endWith',
    uses: fc.constantFrom(
      use('endWith()', (rx, { source }) => source.pipe(rx.endWith())),
      use('endWith(7)', (rx, { source }) => source.pipe(rx.endWith(7))),
      use('endWith(7, undefined, 9)', (rx, { source }) => source.pipe(rx.endWith(7, undefined, 9))),
      use('endWith(7, 8, scheduler)', (rx, { source }) => source.pipe(rx.endWith(7, 8, asyncScheduler)), tie),
    ),
  },
  {
    name: 'sequenceEqual',
    uses: fc.constantFrom(
      use('sequenceEqual(a)', (rx, { source, others: [a] }) => source.pipe(rx.sequenceEqual(a)), together),
      use(
        'sequenceEqual([1, 2])',
        (rx, { source }) => source.pipe(rx.sequenceEqual<number | undefined>([1, 2])),
        bringing,
      ),
      use('sequenceEqual(s)', (rx, { source }) => source.pipe(rx.sequenceEqual(source)), { branches: true }),
      use(
        'sequenceEqual(a, always)',
        (rx, { source, others: [a] }) => source.pipe(rx.sequenceEqual(a, () => true)),
        together,
      ),
      use(
        'sequenceEqual(a, throwing)',
        (rx, { source, others: [a] }) => source.pipe(rx.sequenceEqual(a, (x, y) => throwsOn2(x) === y)),
        together,
      ),
    ),
  },
];
