import fc from 'fast-check';

import type { OperatorCase } from '../Stage.js';
import { useSync } from '../Stage.js';
import { isOdd, thrower, throwsOn2 } from './callbacks.js';

/** One input, an answer at once, and little or no state. */
export const singleInput: readonly OperatorCase[] = [
  {
    name: 'isEmpty',
    uses: fc.constant(
      useSync('isEmpty()', (rx, { source }) =>
        source.pipe(
          rx.isEmpty(),
          rx.map((x) => Number(x)),
        ),
      ),
    ),
  },
  {
    name: 'ignoreElements',
    uses: fc.constant(useSync('ignoreElements()', (rx, { source }) => source.pipe(rx.ignoreElements()))),
  },
  {
    name: 'defaultIfEmpty',
    uses: fc.constant(useSync('defaultIfEmpty(9)', (rx, { source }) => source.pipe(rx.defaultIfEmpty(9)))),
  },
  {
    name: 'throwIfEmpty',
    uses: fc.constantFrom(
      useSync('throwIfEmpty()', (rx, { source }) => source.pipe(rx.throwIfEmpty())),
      useSync('throwIfEmpty(throwing)', (rx, { source }) => source.pipe(rx.throwIfEmpty(() => thrower('empty')))),
    ),
  },
  {
    name: 'takeWhile',
    uses: fc.constantFrom(
      useSync('takeWhile(isOdd)', (rx, { source }) => source.pipe(rx.takeWhile(isOdd))),
      useSync('takeWhile(isOdd, true)', (rx, { source }) => source.pipe(rx.takeWhile(isOdd, true))),
      useSync('takeWhile((x, i) => i < 2)', (rx, { source }) => source.pipe(rx.takeWhile((_, i) => i < 2))),
      useSync('takeWhile(throwsOn2)', (rx, { source }) => source.pipe(rx.takeWhile((x) => throwsOn2(x) !== 3))),
    ),
  },
];
