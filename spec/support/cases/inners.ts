import fc from 'fast-check';

import type { OperatorCase } from '../Stage.js';
import { use } from '../Stage.js';
import { thrower } from './callbacks.js';

const concurrent = fc.integer({ min: 1, max: 3 });

/** What subscribes to what a projection returns. */
export const inners: readonly OperatorCase[] = [
  {
    name: 'mergeMap',
    uses: fc.oneof(
      concurrent.map((n) =>
        use(`mergeMap(inner, ${n})`, (rx, { source, inner }) => source.pipe(rx.mergeMap(inner, n))),
      ),
      fc.constantFrom(
        use('mergeMap(inner)', (rx, { source, inner }) => source.pipe(rx.mergeMap(inner))),
        use('mergeMap(x => [x, i])', (rx, { source }) => source.pipe(rx.mergeMap((x, i) => [x, i]))),
        use('mergeMap(inner or []))', (rx, { source, inner }) =>
          source.pipe(rx.mergeMap((x, i) => (x === 1 ? [] : inner(x, i)), 2)),
        ),
        use('mergeMap(throws on 2)', (rx, { source, inner }) =>
          source.pipe(rx.mergeMap((x, i) => (x === 2 ? thrower(x) : inner(x, i)))),
        ),
        use('mergeMap(nothing to subscribe)', (rx, { source, inner }) =>
          source.pipe(rx.mergeMap((x, i) => (x === 2 ? (7 as never) : inner(x, i)))),
        ),
        use('mergeMap(inner, undefined, 1)', (rx, { source, inner }) => source.pipe(rx.mergeMap(inner, undefined, 1))),
        use('mergeMap(inner, select, 2)', (rx, { source, inner }) =>
          source.pipe(rx.mergeMap(inner, (x, y, i, j) => [x, y, i, j], 2)),
        ),
      ),
    ),
  },
  {
    name: 'concatMap',
    uses: fc.constantFrom(
      use('concatMap(inner)', (rx, { source, inner }) => source.pipe(rx.concatMap(inner))),
      use('concatMap(x => [x, i])', (rx, { source }) => source.pipe(rx.concatMap((x, i) => [x, i]))),
      use('concatMap(throws on 2)', (rx, { source, inner }) =>
        source.pipe(rx.concatMap((x, i) => (x === 2 ? thrower(x) : inner(x, i)))),
      ),
      use('concatMap(inner, undefined)', (rx, { source, inner }) => source.pipe(rx.concatMap(inner, undefined))),
      use('concatMap(inner, select)', (rx, { source, inner }) =>
        source.pipe(rx.concatMap(inner, (x, y, i, j) => [x, y, i, j])),
      ),
    ),
  },
  {
    name: 'switchMap',
    uses: fc.constantFrom(
      use('switchMap(inner)', (rx, { source, inner }) => source.pipe(rx.switchMap(inner))),
      use('switchMap(x => [x, i])', (rx, { source }) => source.pipe(rx.switchMap((x, i) => [x, i]))),
      use('switchMap(throws on 2)', (rx, { source, inner }) =>
        source.pipe(rx.switchMap((x, i) => (x === 2 ? thrower(x) : inner(x, i)))),
      ),
      use('switchMap(inner, undefined)', (rx, { source, inner }) => source.pipe(rx.switchMap(inner, undefined))),
      use('switchMap(inner, select)', (rx, { source, inner }) =>
        source.pipe(rx.switchMap(inner, (x, y, i, j) => [x, y, i, j])),
      ),
    ),
  },
];
