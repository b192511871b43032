import fc from 'fast-check';

import type { OperatorCase } from '../Stage.js';
import { use } from '../Stage.js';
import { sum, throwsOn2 } from './callbacks.js';

const notAPipeline = { notInJobs: 'without a checkpointed input it is no pipeline' };

/** What combines inputs that are known from the start. */
export const combining: readonly OperatorCase[] = [
  {
    name: 'combineLatestWith',
    uses: fc.constantFrom(
      use('combineLatestWith()', (rx, { source }) => source.pipe(rx.combineLatestWith())),
      use('combineLatestWith(a)', (rx, { source, others: [a] }) => source.pipe(rx.combineLatestWith(a))),
      use('combineLatestWith(a, b)', (rx, { source, others: [a, b] }) => source.pipe(rx.combineLatestWith(a, b))),
      use('combineLatestWith([1, 2])', (rx, { source }) => source.pipe(rx.combineLatestWith([1, 2], [3]))),
    ),
  },
  {
    name: 'zip',
    uses: fc.constantFrom(
      use('zip()', (rx) => rx.zip(), notAPipeline),
      use('zip([])', (rx) => rx.zip([]), notAPipeline),
      use('zip(s)', (rx, { source }) => rx.zip(source)),
      use('zip([s, a])', (rx, { source, others: [a] }) => rx.zip([source, a])),
      use('zip(s, a, b)', (rx, { source, others: [a, b] }) => rx.zip(source, a, b)),
      use('zip(s, a, sum)', (rx, { source, others: [a] }) => rx.zip(source, a, sum)),
      use('zip([s, a], throwing)', (rx, { source, others: [a] }) => rx.zip([source, a], (x, y) => [throwsOn2(x), y])),
      use('zip(s, [1, 2])', (rx, { source }) => rx.zip(source, [1, 2])),
      use('zip(a, s, s)', (rx, { source, others: [a] }) => rx.zip(a, source, source)),
    ),
  },
  {
    name: 'zipWith',
    uses: fc.constantFrom(
      use('zipWith()', (rx, { source }) => source.pipe(rx.zipWith())),
      use('zipWith(a)', (rx, { source, others: [a] }) => source.pipe(rx.zipWith(a))),
      use('zipWith(a, b)', (rx, { source, others: [a, b] }) => source.pipe(rx.zipWith(a, b))),
      use('zipWith([7, 8, 9])', (rx, { source }) => source.pipe(rx.zipWith([7, 8, 9]))),
    ),
  },
  {
    name: 'forkJoin',
    uses: fc.constantFrom(
      use('forkJoin([])', (rx) => rx.forkJoin([]), notAPipeline),
      use('forkJoin({})', (rx) => rx.forkJoin({}), notAPipeline),
      use('forkJoin([s])', (rx, { source }) => rx.forkJoin([source])),
      use('forkJoin([s, a])', (rx, { source, others: [a] }) => rx.forkJoin([source, a])),
      use('forkJoin(s, a, b)', (rx, { source, others: [a, b] }) => rx.forkJoin(source, a, b)),
      use('forkJoin(s, a, sum)', (rx, { source, others: [a] }) => rx.forkJoin(source, a, sum)),
      use('forkJoin([s, a], throwing)', (rx, { source, others: [a] }) =>
        rx.forkJoin([source, a], (x, y) => [throwsOn2(x), y]),
      ),
      use('forkJoin({ s, a })', (rx, { source, others: [a] }) =>
        rx.forkJoin({ s: source, a }).pipe(rx.map(({ s, a: other }) => [s, other])),
      ),
      use('forkJoin([s, [1, 2]])', (rx, { source }) => rx.forkJoin([source, [1, 2]])),
    ),
  },
  {
    name: 'race',
    uses: fc.constantFrom(
      use('race()', (rx) => rx.race(), notAPipeline),
      use('race(s)', (rx, { source }) => rx.race(source)),
      use('race([s, a])', (rx, { source, others: [a] }) => rx.race([source, a])),
      use('race(s, a, b)', (rx, { source, others: [a, b] }) => rx.race(source, a, b)),
      use('race(a, [1, 2], s)', (rx, { source, others: [a] }) => rx.race(a, [1, 2], source)),
    ),
  },
  {
    name: 'raceWith',
    uses: fc.constantFrom(
      use('raceWith()', (rx, { source }) => source.pipe(rx.raceWith())),
      use('raceWith(a)', (rx, { source, others: [a] }) => source.pipe(rx.raceWith(a))),
      use('raceWith(a, b)', (rx, { source, others: [a, b] }) => source.pipe(rx.raceWith(a, b))),
    ),
  },
  {
    name: 'concatWith',
    uses: fc.constantFrom(
      use('concatWith()', (rx, { source }) => source.pipe(rx.concatWith())),
      use('concatWith(a)', (rx, { source, others: [a] }) => source.pipe(rx.concatWith(a))),
      use('concatWith(a, [1], b)', (rx, { source, others: [a, b] }) => source.pipe(rx.concatWith(a, [1], b))),
    ),
  },
  {
    name: 'onErrorResumeNext',
    uses: fc.constantFrom(
      use('onErrorResumeNext()', (rx) => rx.onErrorResumeNext(), notAPipeline),
      use('onErrorResumeNext(s)', (rx, { source }) => rx.onErrorResumeNext(source)),
      use('onErrorResumeNext([s, a])', (rx, { source, others: [a] }) => rx.onErrorResumeNext([source, a])),
      use('onErrorResumeNext(s, a, b)', (rx, { source, others: [a, b] }) => rx.onErrorResumeNext(source, a, b)),
      use('onErrorResumeNext(s, 7, a)', (rx, { source, others: [a] }) =>
        rx.onErrorResumeNext(source, 7 as unknown as [], a),
      ),
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
];
