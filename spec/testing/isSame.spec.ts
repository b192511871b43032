import { expect, it } from '@jest/globals';

import { runInNewContext } from 'node:vm';

import { isSame } from '../../src/testing/contracts/isSame.js';

class Point {
  constructor(readonly x: number) {}
}

/** Makers of values, each like itself and unlike all others. */
const makers: readonly (() => unknown)[] = [
  () => undefined,
  () => null,
  () => 0,
  () => -0,
  () => NaN,
  () => 1n,
  () => 'a',
  () => [],
  () => [1],
  () => [undefined],
  () => new Array<number>(1),
  () => [1, [2]],
  () => [1, [3]],
  () => ({}),
  () => ({ 0: 1 }),
  () => ({ a: undefined }),
  () => ({ b: undefined }),
  () => ({ x: 1 }),
  () => new Point(1),
  () => new Point(2),
  () => new Map(),
  () => new Map([[1, { a: 2 }]]),
  () => new Map([[1, { a: 3 }]]),
  () => new Set([1]),
  () => new Set([2]),
  () => new Date(0),
  () => new Date(1),
  () => /a/,
  () => /a/g,
  () => Uint8Array.of(1),
  () => Uint8Array.of(2),
  () => Int8Array.of(1),
  () => Uint8Array.of(1).buffer,
  () => Uint8Array.of(2).buffer,
  () => new Error('a'),
  () => new Error('b'),
  () => new RangeError('a'),
  () => Object.assign(new Error('a'), { code: 1 }),
];

it('tells values apart that differ, and no others', () => {
  makers.forEach((make, i) => {
    makers.forEach((other, j) => expect([i, j, isSame(make(), other())]).toEqual([i, j, i === j]));
  });
});

it('takes values of another realm for the same', () => {
  const foreign: unknown = runInNewContext(
    '({ list: [1, { a: 2 }], map: new Map([[1, new Set([2])]]), date: new Date(3) })',
  );
  expect(isSame(foreign, { list: [1, { a: 2 }], map: new Map([[1, new Set([2])]]), date: new Date(3) })).toBe(true);
  expect(isSame(foreign, { list: [1, { a: 2 }], map: new Map([[1, new Set([3])]]), date: new Date(3) })).toBe(false);
});
