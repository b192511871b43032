import { expect, test } from '@jest/globals';

import type { CheckpointedOperator } from '../../src/index.js';
import {
  multicast,
  of,
  publish,
  publishBehavior,
  publishReplay,
  refCount,
  repeat,
  Subject,
  take,
  timer,
} from '../../src/index.js';
import { restoresEverywhere } from '../rules/inVirtualTime.js';

/** RxJS gives such a connection back when the source has emitted all that it emits at once: its Subject has ended by then. */
test.each<[string, () => CheckpointedOperator<number, number>, readonly string[]]>([
  ['publish', () => publish(), ['0 next 1', '0 next 2', '0 next 3', '2 complete']],
  ['publishBehavior', () => publishBehavior(7), ['0 next 7', '0 next 1', '0 next 2', '2 complete']],
  ['publishReplay', () => publishReplay(1), ['0 next 1', '0 next 2', '0 next 3', '2 next 4', '2 complete']],
  [
    'multicast',
    () => multicast(() => new Subject<number>()),
    ['0 next 1', '0 next 2', '0 next 3', '2 next 1', '2 next 2', '2 next 3', '2 complete'],
  ],
])('%s, left while its source emits at once, is restored in the middle of that', (_, sharing, expected) => {
  const { outputs, cuts } = restoresEverywhere(() =>
    of(1, 2, 3, 4).pipe(sharing(), refCount(), take(3), repeat({ count: 2, delay: () => timer(2) })),
  );
  expect(outputs).toEqual(expected);
  expect(cuts.filter(({ frame, outputs: before }) => frame === 0 && before < 3).length).toBeGreaterThan(1);
});
