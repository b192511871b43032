import { describe, expect, it } from '@jest/globals';
import type { CheckpointedObservable, CheckpointedOperator } from 'rxjs-checkpoint';
import { operate, uid } from 'rxjs-checkpoint';
import { crashAtEachStep, operatorContract, registerContract } from 'rxjs-checkpoint/testing';
import { of } from 'rxjs';

/** The exponential moving average: each value counts for `weight`, all before it for the rest. */
function movingAverage(weight: number): CheckpointedOperator<number, number> {
  return operate<number, number, number | null>({
    operator: 'movingAverage',
    create: () => {
      let average: number | null = null; // before the first value
      return {
        next(value, out) {
          average = average === null ? value : weight * value + (1 - weight) * average;
          out.next(average);
        },
        snapshotState: () => average,
        restoreState: (restored) => {
          average = restored;
        },
      };
    },
  });
}

it('averages a plain Observable as well', () => {
  const averages: number[] = [];
  of(8, 4, 0)
    .pipe(movingAverage(0.5))
    .subscribe((average) => averages.push(average));
  expect(averages).toEqual([8, 6, 3]);
});

it('recovers from a crash at any step', async () => {
  const averages = (delays$: CheckpointedObservable<number>) => delays$.pipe(movingAverage(0.25), uid('average-delay'));
  await crashAtEachStep(averages, { input: [8, 4, 0, 16] });
});

registerContract(
  { describe, it },
  'movingAverage',
  operatorContract<number, number>({
    operator: () => movingAverage(0.5),
    inputValues: { a: 8, b: 4, c: 0 },
    outputValues: { x: 8, y: 6, z: 3 },
    examples: [{ input: '-a-(bc)-|', output: '-x-(yz)-|' }],
  }),
);
