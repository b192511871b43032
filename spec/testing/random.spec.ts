import { expect, it } from '@jest/globals';

import { random } from '../../src/testing/random.js';

const numbersOf = (seed: number): number[] => {
  const source = random(seed);
  return Array.from({ length: 20 }, () => source.below(1_000_000));
};

it('repeats for the same seed, and every other seed gives another sequence', () => {
  expect(numbersOf(5)).toEqual(numbersOf(5));
  const seeds = [...Array(500).keys(), 2 ** 32, 2 ** 32 + 1, 2 ** 40, 2 ** 52, 2 ** 53 - 1];
  expect(new Set(seeds.map((seed) => numbersOf(seed).slice(0, 3).join())).size).toBe(seeds.length);
});

it.each([-1, 0.5, NaN, 2 ** 53])('refuses the seed %d', (seed) => {
  expect(() => random(seed)).toThrow(RangeError);
});

it('draws every number about as often', () => {
  for (const seed of [0, 1, 2 ** 33]) {
    const source = random(seed);
    const counts = new Array<number>(7).fill(0);
    for (let i = 0; i < 70_000; i++) counts[source.below(7)]!++;
    for (const count of counts) expect(Math.abs(count - 10_000)).toBeLessThan(500);
  }
});

it('takes a chance as often as it says', () => {
  const source = random(1);
  const hits = (p: number): number => Array.from({ length: 10_000 }).filter(() => source.chance(p)).length;
  expect([hits(0), hits(1)]).toEqual([0, 10_000]);
  expect(Math.abs(hits(0.25) - 2_500)).toBeLessThan(200);
});

it('picks every item of an array, and nothing of an empty one', () => {
  const source = random(1);
  expect(new Set(Array.from({ length: 100 }, () => source.pick(['a', 'b', 'c'])))).toEqual(new Set(['a', 'b', 'c']));
  expect(() => source.pick([])).toThrow(/empty/);
});
