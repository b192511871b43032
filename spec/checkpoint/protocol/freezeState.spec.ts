import { runInNewContext } from 'node:vm';

import { expect, test } from '@jest/globals';

import { freezeState } from '../../../src/checkpoint/protocol/freezeState.js';

test.each(['new Map([[1, 1]])', 'new Set([1])'])(
  '%s of another realm is not taken for frozen, so it is copied',
  (code) => {
    const collection = runInNewContext(code) as Map<number, number> & Set<number>;
    const isProtected = freezeState(collection, 'state');
    let isChanged = true;
    try {
      if (code.includes('Map')) collection.set(2, 2);
      else collection.add(2);
    } catch {
      isChanged = false;
    }
    expect(isProtected).toBe(!isChanged);
  },
);
