import { expect, test } from '@jest/globals';
import fc from 'fast-check';

import { KeyMap } from '../../../src/operators/base/KeyMap.js';

const keys = fc.oneof(
  fc.nat(30),
  fc.nat(300),
  fc.constantFrom<unknown>(
    -0,
    -1,
    0.5,
    NaN,
    Infinity,
    2 ** 31,
    2 ** 32 - 1,
    2 ** 32,
    '0',
    '7',
    null,
    undefined,
    true,
    7n,
  ),
);
type Step = readonly ['set' | 'delete' | 'get' | 'clear', unknown];
const step = fc.tuple(
  fc.oneof(
    { weight: 20, arbitrary: fc.constantFrom<Step[0]>('set', 'set', 'get', 'delete') },
    { weight: 1, arbitrary: fc.constant<Step[0]>('clear') },
  ),
  keys,
);

test('a KeyMap does what a Map does, with keys of all kinds', () => {
  fc.assert(
    fc.property(fc.array(step, { minLength: 100, maxLength: 400 }), (steps) => {
      const map = new Map<unknown, object>();
      const keyMap = new KeyMap<unknown, object>();
      for (const [kind, key] of steps) {
        if (kind === 'clear') {
          map.clear();
          keyMap.clear();
        } else if (kind === 'delete') {
          map.delete(key);
          keyMap.delete(key);
        } else if (kind === 'set') {
          const value = { key };
          map.set(key, value);
          keyMap.set(key, value);
        }
        expect(keyMap.get(key)).toBe(map.get(key));
      }
      for (const [, key] of steps) expect(keyMap.get(key)).toBe(map.get(key));
      expect([...keyMap.values()]).toEqual([...map.values()]);
    }),
    { numRuns: 50 },
  );
});
