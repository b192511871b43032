import type { CheckpointedObservable } from '../../src/operators/base/CheckpointedObservable.js';
import { operate } from '../../src/operators/operate.js';
import { uid } from '../../src/operators/uid.js';
import type { Counter } from './Program.js';
import { oldUidsOf, uidOf } from './Program.js';

interface Shape {
  readonly n: number;
  readonly text?: string;
}

/** What its state looks like, by version: `n`, `{ n }`, `{ n, text }`. */
const steps = {
  1: (n: number): Shape => ({ n }),
  2: ({ n }: Shape): Shape => ({ n, text: `${n}` }),
};

function stateOf(version: number, n: number): unknown {
  if (version === 1) return n;
  return version === 2 ? steps[1](n) : steps[2](steps[1](n));
}

function countIn(version: number, state: unknown): number {
  if (version === 1) return state as number;
  const { n, text } = state as Shape;
  return version === 2 || text === `${n}` ? n : NaN;
}

/** Puts a counter behind a pipeline. @param seen - told the count of each value, before that comes out. */
export function withCounter(
  source: CheckpointedObservable<unknown>,
  pipeline: string,
  counter: Counter,
  seen: (count: number) => void,
): CheckpointedObservable<unknown> {
  const { version } = counter;
  const counting = operate<unknown, unknown, unknown>({
    operator: 'counter',
    create: () => {
      let count = 0;
      return {
        next(value, out) {
          seen(++count);
          out.next(value);
        },
        snapshotState: () => stateOf(version, count),
        restoreState: (state) => void (count = countIn(version, state)),
      };
    },
  });
  const was = oldUidsOf(pipeline, counter);
  const name = uidOf(pipeline, counter);
  if (version === 1) return source.pipe(counting, uid(name, { was }));
  // A chain of steps, or one function for all.
  const migrate =
    counter.renames % 2 === 0
      ? Object.fromEntries(Object.entries(steps).slice(0, version - 1))
      : (old: unknown, from: number): unknown => stateOf(version, countIn(from, old));
  return source.pipe(counting, uid(name, { was, version, migrate }));
}
