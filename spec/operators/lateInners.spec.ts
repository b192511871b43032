import { expect, test } from '@jest/globals';
import type { Observable, OperatorFunction } from 'rxjs';

import { Run } from '../../src/checkpoint/protocol/Run.js';
import type { CheckpointedObservable } from '../../src/index.js';
import type { Random } from '../../src/testing/random.js';
import { random } from '../../src/testing/random.js';
import { live, timed } from '../rules/inVirtualTime.js';
import type { Library } from '../support/Library.js';
import { ours } from '../support/Library.js';
import { caseCount, seed } from '../support/seed.js';

type Numbers = OperatorFunction<number, number>;
type Make = (rx: Library) => Numbers;
type Inner = (rx: Library, x: number) => Observable<number>;

let run: Run | null = null;
const note = (entered: Run | null): void => void (run = entered);
const { enter } = Object.getOwnPropertyDescriptors(Run.prototype) as { enter: { value: (this: Run) => void } };

function noting(this: Run): void {
  note(this);
  enter.value.call(this);
}

/** As who leaves or asks for a checkpoint does, from within somebody's callback. */
function askWhoTakesPart(): void {
  for (const { name } of run?.participants ?? []) expect(name).not.toBe('');
}

const operators: readonly Make[] = [
  (rx) => rx.map((x) => (askWhoTakesPart(), x + 1)),
  (rx) => rx.map((x, index) => x * 10 + index),
  (rx) => rx.filter((_, index) => index % 2 === 0),
  (rx) => rx.take(2),
  (rx) => rx.skip(1),
  (rx) => rx.takeWhile((x) => x < 8, true),
  (rx) => rx.takeLast(2),
  (rx) => rx.skipLast(1),
  (rx) => rx.distinctUntilChanged(),
  (rx) => rx.defaultIfEmpty(77),
  (rx) => rx.scan((sum, x) => sum + x, 0),
  (rx) => (source$) =>
    source$.pipe(
      rx.bufferCount(2),
      rx.map((pair) => pair.reduce((sum, x) => sum + x, 0)),
    ),
  (rx) =>
    rx.map((x) => {
      if (x === 3) throw new Error('three');
      return x;
    }),
];

/** No two begin at the same time: what is due together has no order after a restore. */
function innerOf(choice: Random): Inner {
  const [due, period] = [choice.below(6), choice.chance(0.5) ? 1 + choice.below(4) : -1];
  const behind = Array.from({ length: choice.below(4) }, () => choice.pick(operators));
  return (rx, x) => {
    const source$ = rx.timer(due + 0.125 + (((x + 3) * 7_919) % 997) / 1_000, period).pipe(rx.take(3));
    return behind.reduce((chain$, operator) => chain$.pipe(operator(rx)), source$);
  };
}

function flattening(choice: Random): Make {
  const [first, second] = [innerOf(choice), innerOf(choice)];
  const both: (rx: Library) => (x: number) => Observable<number> = (rx) => (x) =>
    x % 2 === 0 ? first(rx, x) : second(rx, x).pipe(rx.finalize(askWhoTakesPart));
  return choice.pick<Make>([
    (rx) => rx.mergeMap(both(rx)),
    (rx) => rx.switchMap(both(rx)),
    (rx) => rx.concatMap(both(rx)),
    (rx) => rx.exhaustMap(both(rx)),
    (rx) => rx.debounce(both(rx)),
    (rx) => rx.audit(both(rx)),
    (rx) => (source$) =>
      source$.pipe(
        rx.map((x) => {
          if (x > 2) throw new Error('above two');
          return x;
        }),
        rx.finalize(askWhoTakesPart),
        rx.catchError(() => first(rx, 1)),
      ),
  ]);
}

test('timers in inners go on with the operators behind them, whoever asks who takes part meanwhile', () => {
  Object.assign(Run.prototype, { enter: noting });
  try {
    for (let i = 0; i < caseCount(150); i++) {
      const choice = random(seed * 1_000_003 + i);
      const marbles = [...'01234567'].map((digit) => (choice.chance(0.5) ? digit : '-')).join('') + '|';
      const pipeline = [choice.pick(operators), flattening(choice), choice.pick(operators)];
      const build = () =>
        pipeline.reduce(
          (chain$, operator) => chain$.pipe(operator(ours)),
          timed(marbles) as Observable<number>,
        ) as CheckpointedObservable<number>;
      const lived: typeof live = (...life) => (note(null), live(...life));
      const whole = lived(build);
      expect([whole.problems, whole.leftBehind]).toEqual([[], []]);
      for (const cut of whole.cuts) {
        const rest = lived(build, cut);
        const seen = [...whole.outputs.slice(0, cut.outputs), ...rest.outputs];
        expect({ case: i, at: cut.frame, problems: rest.problems, seen }).toEqual({
          ...{ case: i, at: cut.frame, problems: [], seen: whole.outputs },
        });
      }
    }
  } finally {
    Object.assign(Run.prototype, { enter: enter.value });
    note(null);
  }
});
