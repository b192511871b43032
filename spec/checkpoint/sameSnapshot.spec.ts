import { expect, test } from '@jest/globals';

import { sameSnapshot } from '../../src/checkpoint/sameSnapshot.js';

const part = { n: 1 };
const circle = (): object => {
  const self: { self?: object } = {};
  self.self = self;
  return self;
};

const hole = [, 1];

test.each<[string, unknown, unknown, boolean]>([
  ['equal copies', { a: [1, { b: undefined }] }, { a: [1, { b: undefined }] }, true],
  ['NaN', { a: NaN }, { a: NaN }, true],
  ['another value', { a: [1, 2] }, { a: [1, 3] }, false],
  ['another order of keys', { a: 1, b: 2 }, { b: 2, a: 1 }, false],
  ['one item more', [1], [1, 2], false],
  ['a hole and undefined', hole, [undefined, 1], false],
  ['holes in the same place', hole, [...hole].fill(1, 1), false],
  ['an array and a record', [1], { 0: 1 }, false],
  ['circles', circle(), circle(), true],
  ['a part in two places, and a copy of it in one', [part, part], [part, { n: 1 }], false],
  ['two equal parts, and one in two places', [{ n: 1 }, { n: 1 }], [part, part], false],
  ['Dates that are not the same object', { at: new Date(0) }, { at: new Date(0) }, false],
])('%s: %j and %j', (_, a, b, isSame) => {
  expect(sameSnapshot(a, b)).toBe(isSame);
});
