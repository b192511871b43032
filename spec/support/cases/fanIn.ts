import fc from 'fast-check';
import { asyncScheduler } from 'rxjs';

import type { OperatorCase } from '../Stage.js';
import { use } from '../Stage.js';
import { sum, throwsOn2 } from './callbacks.js';
import { bringing } from './drains.js';

const notAPipeline = { notInJobs: 'without a checkpointed input it is no pipeline' };
const tie = { notInJobs: 'what is scheduled at the same time has no order after a restore' };

/** Several inputs, known from the start. */
export const fanIn: readonly OperatorCase[] = [
  {
    name: 'startWith',
    uses: fc.constantFrom(
      use('startWith()', (rx, { source }) => source.pipe(rx.startWith())),
      use('startWith(7)', (rx, { source }) => source.pipe(rx.startWith(7))),
      use('startWith(7, undefined, 9)', (rx, { source }) => source.pipe(rx.startWith(7, undefined, 9))),
      use('startWith(7, 8, scheduler)', (rx, { source }) => source.pipe(rx.startWith(7, 8, asyncScheduler)), tie),
    ),
  },
  {
    name: 'merge',
    uses: fc.constantFrom(
      use('merge(s, a)', (rx, { source, others: [a] }) => rx.merge(source, a)),
      use('merge(s, a, b)', (rx, { source, others: [a, b] }) => rx.merge(source, a, b)),
      use('merge(s, a, b, 2)', (rx, { source, others: [a, b] }) => rx.merge(source, a, b, 2)),
      use('merge(s, a, b, 1)', (rx, { source, others: [a, b] }) => rx.merge(source, a, b, 1)),
      use('merge(s)', (rx, { source }) => rx.merge(source)),
      use('merge(s, 3)', (rx, { source }) => rx.merge(source, 3)),
      use('merge()', (rx) => rx.merge(), notAPipeline),
      use('merge([1, 2], s)', (rx, { source }) => rx.merge([1, 2], source), bringing),
      use('merge(s, a, scheduler)', (rx, { source, others: [a] }) => rx.merge(source, a, asyncScheduler), tie),
      use(
        'merge(s, a, b, 2, scheduler)',
        (rx, { source, others: [a, b] }) => rx.merge(source, a, b, 2, asyncScheduler),
        tie,
      ),
    ),
  },
  {
    name: 'mergeWith',
    uses: fc.constantFrom(
      use('mergeWith()', (rx, { source }) => source.pipe(rx.mergeWith())),
      use('mergeWith(a)', (rx, { source, others: [a] }) => source.pipe(rx.mergeWith(a))),
      use('mergeWith(a, b)', (rx, { source, others: [a, b] }) => source.pipe(rx.mergeWith(a, b))),
      use('mergeWith(a, b, 1)', (rx, { source, others: [a, b] }) => source.pipe(rx.mergeWith(a, b, 1 as never))),
      use(
        'mergeWith(a, scheduler)',
        (rx, { source, others: [a] }) => source.pipe(rx.mergeWith(a, asyncScheduler as never)),
        tie,
      ),
      use('mergeWith([5, 6])', (rx, { source }) => source.pipe(rx.mergeWith([5, 6])), bringing),
    ),
  },
  {
    name: 'combineLatest',
    uses: fc.constantFrom(
      use('combineLatest([s, a])', (rx, { source, others: [a] }) => rx.combineLatest([source, a])),
      use('combineLatest([s, a, b])', (rx, { source, others: [a, b] }) => rx.combineLatest([source, a, b])),
      use('combineLatest([s])', (rx, { source }) => rx.combineLatest([source])),
      use('combineLatest([])', (rx) => rx.combineLatest([]), notAPipeline),
      use('combineLatest({})', (rx) => rx.combineLatest({}), notAPipeline),
      use('combineLatest({ s, a })', (rx, { source, others: [a] }) => rx.combineLatest({ s: source, a })),
      use('combineLatest(s, a)', (rx, { source, others: [a] }) => rx.combineLatest(source, a)),
      use('combineLatest([s, a], sum)', (rx, { source, others: [a] }) => rx.combineLatest([source, a], sum)),
      use('combineLatest(s, a, throwing)', (rx, { source, others: [a] }) =>
        rx.combineLatest(source, a, (x, y) => [throwsOn2(x), y]),
      ),
      use(
        'combineLatest([s, a], scheduler)',
        (rx, { source, others: [a] }) => rx.combineLatest([source, a], asyncScheduler),
        tie,
      ),
      use('combineLatest([s, [1, 2]])', (rx, { source }) => rx.combineLatest([source, [1, 2]]), bringing),
    ),
  },
  {
    name: 'withLatestFrom',
    uses: fc.constantFrom(
      use('withLatestFrom()', (rx, { source }) => source.pipe(rx.withLatestFrom())),
      use('withLatestFrom(a)', (rx, { source, others: [a] }) => source.pipe(rx.withLatestFrom(a))),
      use('withLatestFrom(a, b)', (rx, { source, others: [a, b] }) => source.pipe(rx.withLatestFrom(a, b))),
      use('withLatestFrom(a, sum)', (rx, { source, others: [a] }) => source.pipe(rx.withLatestFrom(a, sum))),
      use('withLatestFrom(a, b, throwing)', (rx, { source, others: [a, b] }) =>
        source.pipe(rx.withLatestFrom(a, b, (x, y, z) => [x, throwsOn2(y), z])),
      ),
      use('withLatestFrom([1, 2])', (rx, { source }) => source.pipe(rx.withLatestFrom([1, 2])), bringing),
    ),
  },
  {
    name: 'concat',
    uses: fc.constantFrom(
      use('concat()', (rx) => rx.concat(), notAPipeline),
      use('concat(s)', (rx, { source }) => rx.concat(source)),
      use('concat(s, a)', (rx, { source, others: [a] }) => rx.concat(source, a)),
      use('concat(s, a, b)', (rx, { source, others: [a, b] }) => rx.concat(source, a, b)),
      use('concat([1, 2], s, [3])', (rx, { source }) => rx.concat([1, 2], source, [3]), bringing),
      use('concat(s, s)', (rx, { source }) => rx.concat(source, source)),
      use('concat(s, a, scheduler)', (rx, { source, others: [a] }) => rx.concat(source, a, asyncScheduler), tie),
    ),
  },
];
