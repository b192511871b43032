import { describe, expect, test } from '@jest/globals';

import type { CheckpointedObservable } from '../../src/index.js';
import { map } from '../../src/index.js';
import { takesIndex } from '../../src/operators/base/takesIndex.js';
import { crashAtEachStep } from '../../src/testing/index.js';

/** What wraps a function, as memoizing or logging does. */
function wrapped(inner: (...args: unknown[]) => unknown): () => unknown {
  return function () {
    // eslint-disable-next-line prefer-rest-params -- that is what such wrappers are compiled to
    return inner(...(arguments as unknown as unknown[]));
  };
}

const callbacks: Readonly<Record<string, readonly [callback: { readonly length: number }, takes: boolean]>> = {
  '(x, i) =>': [(x: number, i: number) => x + i, true],
  '(x) =>': [(x: number) => ({ ...[x], y: x === 1 }), false],
  '() =>': [() => 1, false],
  '(x, i = 0) =>': [(x: number, i = 0) => x + i, true],
  '(...args) =>': [(...args: number[]) => args, true],
  '(x, ...rest) =>': [(x: number, ...rest: number[]) => [x, rest], true],
  '({ x }) =>': [({ x }: { x: number }) => x, false],
  '(x) => (y = 1) =>': [
    (x: number) =>
      (y = 1) =>
        x + y,
    false,
  ],
  'async (x) =>': [async (x: number) => x, false],
  'function (x, i)': [
    function (x: number, i: number) {
      return x + i;
    },
    true,
  ],
  'function (x)': [
    function (x: number) {
      const [y = 1] = [x];
      return y;
    },
    false,
  ],
  'function (x, ...rest)': [
    function (x: number, ...rest: number[]) {
      return [x, rest];
    },
    true,
  ],
  'a wrapper that passes on its arguments': [wrapped((x, i) => [x, i]), true],
  'a bound wrapper': [wrapped((x, i) => [x, i]).bind(null), true],
  Boolean: [Boolean, false],
  String: [String, false],
  'Math.max': [Math.max, true],
};

describe('whether a callback may look at the index', () => {
  test.each(Object.entries(callbacks))('%s', (_, [callback, takes]) => {
    expect(takesIndex(callback)).toBe(takes);
  });

  test.each([
    ['default values', (x: string, i = 0) => x + i],
    ['rest parameters', (...[x, i]: (string | number)[]) => `${x}${i}`],
    ['arguments', wrapped((x, i) => `${String(x)}${String(i)}`)],
  ])('is not forgotten by a restore if it does so by %s', async (_, callback) => {
    const numbered = (input$: CheckpointedObservable<string>): CheckpointedObservable<unknown> =>
      input$.pipe(map(callback));
    expect((await crashAtEachStep(numbered, { input: ['a', 'b', 'c'] })).restores).toBeGreaterThan(0);
  });
});
