import { expect, it } from '@jest/globals';
import type { CheckpointedObservable, CheckpointedOperator, OperatorOutput } from 'rxjs-checkpoint';
import { operate, uid } from 'rxjs-checkpoint';
import { crashAtEachStep } from 'rxjs-checkpoint/testing';
import { concat, firstValueFrom, NEVER, of } from 'rxjs';

interface Held<T> {
  readonly value: T;
  /** In ms since the epoch: a restart knows what is left. */
  readonly due: number;
}

/** Emits each value `ms` later. When the source completes, what is left comes at once. */
function later<T>(ms: number): CheckpointedOperator<T, T> {
  return operate<T, T, readonly Held<T>[]>({
    operator: 'later',
    create: () => {
      let held: readonly Held<T>[] = [];
      let timer: ReturnType<typeof setTimeout> | undefined;

      const wait = (out: OperatorOutput<T>): void => {
        clearTimeout(timer);
        const [first] = held;
        if (first !== undefined && !out.closed) timer = setTimeout(emitDue, first.due - Date.now(), out);
      };
      const emitDue = (out: OperatorOutput<T>): void => {
        for (let [first] = held; first !== undefined && first.due <= Date.now(); [first] = held) {
          held = held.slice(1); // before it is emitted: a barrier may come right behind it
          out.next(first.value);
        }
        wait(out);
      };

      return {
        next(value, out) {
          held = [...held, { value, due: Date.now() + ms }];
          if (held.length === 1) wait(out);
        },
        complete(out) {
          for (const { value } of held) out.next(value);
        },
        finalize: () => clearTimeout(timer),
        snapshotState: () => held,
        restoreState(restored, out) {
          held = restored;
          emitDue(out);
        },
      };
    },
  });
}

it('delays the values of a plain Observable as well', async () => {
  expect(await firstValueFrom(concat(of(1), NEVER).pipe(later(1)))).toBe(1);
  expect(await firstValueFrom(of(1).pipe(later(60_000)))).toBe(1); // at its end
});

it('recovers from a crash at any step', () =>
  crashAtEachStep((delays$: CheckpointedObservable<number>) => delays$.pipe(later(3), uid('later')), {
    input: '-1-2(34)--5------|',
  }));
