import { describe, expect, it } from '@jest/globals';

import type { PackUse } from '../../../src/checkpoint/store/packsToRewrite.js';
import { packsToRewrite } from '../../../src/checkpoint/store/packsToRewrite.js';
import { removablePacks } from '../../../src/checkpoint/store/removablePacks.js';

const KIB = 1024;

describe('packsToRewrite', () => {
  const rewritten = (packs: PackUse[]): number[] => [...packsToRewrite(packs)].sort((a, b) => a - b);
  const pack = (id: number, sizeBytes: number, liveBytes: number): PackUse => ({ id, sizeBytes, liveBytes });

  it('leaves packs alone that are live', () => {
    expect(rewritten([])).toEqual([]);
    expect(rewritten([pack(1, 1e9, 0.6e9), pack(2, 1e6, 0.9e6)])).toEqual([]);
  });

  it('leaves little waste alone, however dead', () => {
    expect(rewritten([pack(1, 60 * KIB, 1)])).toEqual([]);
    expect(rewritten([pack(1, 66 * KIB, 1)])).toEqual([1]);
  });

  it('takes the deadest first, and no more than needed', () => {
    expect(rewritten([pack(1, 1e6, 0.4e6), pack(2, 1e6, 0.1e6), pack(3, 1e6, 0.9e6)])).toEqual([2]);
    expect(rewritten([pack(1, 1e6, 0.2e6), pack(2, 1e6, 0.1e6), pack(3, 1e6, 0.3e6)])).toEqual([1, 2, 3]);
  });

  it('keeps the number of packs down, by those that cost least', () => {
    const packs = Array.from({ length: 34 }, (_, i) => pack(i + 1, 1e6 + i, 1e6 - 10 - 100 * (i % 20)));
    expect(rewritten(packs)).toEqual([19, 20]);
  });
});

describe('removablePacks', () => {
  const checkpoints = new Map<number, ReadonlySet<number>>([
    [2, new Set([1, 2])],
    [4, new Set([1, 4])],
    [5, new Set([3, 5])],
  ]);
  const facts = { stored: [1, 2, 3, 4, 5], checkpoints, pinned: [] };

  it('are those older than what is retained that nothing retained refers to', () => {
    expect(removablePacks({ ...facts, retained: 2 })).toEqual([2]);
    expect(removablePacks({ ...facts, retained: 1 })).toEqual([1, 2, 4]);
  });

  it('are none as long as there is no more than is to be kept', () => {
    expect(removablePacks({ ...facts, retained: 3 })).toEqual([]);
    expect(removablePacks({ ...facts, retained: 4 })).toEqual([]);
    expect(removablePacks({ ...facts, retained: 1, checkpoints: new Map() })).toEqual([]);
  });

  it('are not those that a checkpoint refers to which is being written', () => {
    expect(removablePacks({ ...facts, retained: 1, pinned: [new Set([2, 6]), new Set([4])] })).toEqual([1]);
  });

  it('are not those that are younger, whatever they are', () => {
    expect(removablePacks({ ...facts, retained: 2, stored: [0, 4.5, 6] })).toEqual([0]);
  });
});
