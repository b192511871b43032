// Bodies that emit by timers of their own, restored.
import { expect, test } from '@jest/globals';
import { asyncScheduler } from 'rxjs';

import type { CheckpointedObservable, CheckpointedOperator, OperatorOutput } from '../../src/index.js';
import { merge, of, operate, scan } from '../../src/index.js';
import { live, timed } from '../rules/inVirtualTime.js';

interface Held {
  readonly value: unknown;
  readonly due: number;
}

const now = (): number => asyncScheduler.now();

/** Holds each value back for some frames. What is due when it is restored, it emits then and there. */
function later(ms: number, early?: (out: OperatorOutput<unknown>) => void): CheckpointedOperator<unknown, unknown> {
  return operate<unknown, unknown, readonly Held[]>({
    operator: 'later',
    create: () => {
      let held: readonly Held[] = [];
      const emitDue = (out: OperatorOutput<unknown>): void => {
        for (let [first] = held; first !== undefined && first.due <= now(); [first] = held) {
          held = held.slice(1);
          out.next(first.value);
        }
      };
      const wait = (due: number, out: OperatorOutput<unknown>): void => {
        asyncScheduler.schedule(() => !out.closed && emitDue(out), due - now());
      };
      return {
        next(value, out) {
          held = [...held, { value, due: now() + ms }];
          wait(now() + ms, out);
        },
        complete(out) {
          for (const { value } of held) out.next(value);
        },
        snapshotState: () => held,
        restoreState(restored, out) {
          held = restored;
          emitDue(out);
          early?.(out);
          for (const { due } of held) wait(due, out);
        },
      };
    },
  });
}

const total = () => scan((sum: number, value) => sum + (value as number), 0);

test.each<[string, () => CheckpointedObservable<unknown>]>([
  ['one', () => timed('1-23---4--5-6-|').pipe(later(3), total())],
  ['one after the other', () => timed('1-23---4--5-6-|').pipe(later(3), later(2), later(1), total())],
  ['two side by side', () => merge(timed('1-2-3-4---|').pipe(later(2)), timed('5-6-7---8-|').pipe(later(2), total()))],
])('%s: also from a checkpoint before all has opened', (_, build) => {
  const whole = live(build);
  expect(whole.problems).toEqual([]);
  let early = 0;
  for (const cut of whole.cuts) {
    const rest = live(build, cut);
    for (const again of rest.cuts) {
      if (again.outputs === 0 && again.frame === cut.frame) early++;
      const last = live(build, again);
      const seen = [...whole.outputs.slice(0, cut.outputs), ...rest.outputs.slice(0, again.outputs), ...last.outputs];
      expect([...rest.problems, ...last.problems]).toEqual([]);
      expect(seen).toEqual(whole.outputs);
    }
  }
  expect(early).toBeGreaterThan(whole.cuts.length);
});

test('what is emitted while it is restored comes before what its source emits', () => {
  const build = () => of(1, 2).pipe(later(60, (out) => out.next('restored')));
  const [atConnect] = live(build).cuts;
  const { outputs } = live(build, atConnect);
  expect(outputs.map((line) => line.replace(/^\S+ (next )?/, ''))).toEqual(['"restored"', '1', '2', 'complete']);
});

test('it can end while it is restored', () => {
  const build = () => timed('1-2|').pipe(later(60, (out) => out.complete()));
  const [atConnect] = live(build).cuts;
  expect(live(build, atConnect).outputs.map((line) => line.replace(/^\S+ /, ''))).toEqual(['complete']);
  const failing = () => timed('1-2|').pipe(later(60, (out) => out.error('no')));
  expect(live(failing, live(failing).cuts[0]).outputs.map((line) => line.replace(/^\S+ /, ''))).toEqual(['error no']);
});
