import { expect, it } from '@jest/globals';

import { withRanks } from '../../src/testing/crashes/withRanks.js';

const timer = (serial: number, due = 7): object => ({ due, serial, payload: null });
const branch = (serial: number): object => ({ edge: 'map#1', serial, isNew: false });

it('takes branches as alike whose order is the same', () => {
  expect(withRanks({ a: [branch(3), branch(9)] })).toEqual(withRanks({ a: [branch(1), branch(4)] }));
  expect(withRanks({ a: [branch(9), branch(3)] })).not.toEqual(withRanks({ a: [branch(1), branch(4)] }));
});

it("leaves out a timer's number, and nothing else of it", () => {
  expect(withRanks({ a: timer(1), b: timer(2) })).toEqual(withRanks({ a: timer(2), b: timer(1) }));
  expect(withRanks({ a: timer(1, 7) })).not.toEqual(withRanks({ a: timer(1, 8) }));
  const value = { due: 1, serial: 2 };
  expect(withRanks({ a: { ...timer(1), payload: value } })).toEqual({
    a: { ...timer(1), serial: undefined, payload: value },
  });
});
