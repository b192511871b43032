import { describe, expect, it } from '@jest/globals';
import * as rx from 'rxjs';

import { bufferTime, delay, map, operate, pipe, scan, switchMap, transparent } from '../../src/index.js';
import type { CheckpointedOperator } from '../../src/index.js';
import { counting, startCounting } from '../../src/operators/base/counting.js';
import type { SyncOperator } from '../../src/operators/base/SyncSubscriber.js';
import { syncOperator } from '../../src/operators/base/SyncSubscriber.js';
import { timedSource } from '../../src/testing/timedSource.js';
import { registerContract } from '../../src/testing/contracts/ContractCase.js';
import type { OperatorUnderTest } from '../../src/testing/contracts/operatorContract.js';
import { operatorContract } from '../../src/testing/contracts/operatorContract.js';
import { failuresOf } from './failuresOf.js';

const inputValues = { a: 1, b: 2, c: 3, d: 4 };
const inputs = ['', '|', '#', 'a|', 'a-b--c-(d|)', '(ab)-c-d-#', 'a-b-c-d', '--(abcd|)'];
const examples = inputs.map((input) => ({ input }));
const add = (a: number, b: number): number => a + b;

registerContract(
  { describe, it },
  'scan, compared with what it should give,',
  operatorContract<number, number>({
    operator: () => scan(add, 0),
    examples: [
      { input: 'a-b--c-(d|)', output: 'a-c--f-(j|)' },
      { input: 'a-#', output: 'a-#' },
      { input: 'a 10ms b|', output: 'a 10ms c|' },
    ],
    inputValues,
    outputValues: { a: 1, c: 3, f: 6, j: 10 },
  }),
);

registerContract(
  { describe, it },
  "scan, compared with RxJS's,",
  operatorContract<number, number>({
    operator: () => scan(add, 0),
    counterpart: () => rx.scan(add, 0),
    examples,
    inputValues,
  }),
);

registerContract(
  { describe, it },
  'delay',
  operatorContract<number, number>({
    operator: () => delay(3),
    counterpart: () => rx.delay(3),
    examples,
    inputValues,
  }),
);

registerContract(
  { describe, it },
  'bufferTime',
  operatorContract<number, number[]>({
    operator: () => bufferTime(4, 3),
    counterpart: () => rx.bufferTime(4, 3),
    examples,
    inputValues,
  }),
);

registerContract(
  { describe, it },
  'several operators in a row, with inner pipelines,',
  operatorContract<number, number>({
    operator: () =>
      pipe(
        scan(add, 0),
        switchMap((sum: number) => timedSource(innerOf(sum))),
        delay(2),
      ),
    counterpart: () =>
      rx.pipe(
        rx.scan(add, 0),
        rx.switchMap((sum) => rx.timer(1.5).pipe(rx.map(() => sum))),
        rx.delay(2),
      ),
    examples,
    inputValues,
  }),
);

function innerOf(sum: number): Parameters<typeof timedSource<number>>[0] {
  return [
    { frame: 1.5, notification: { kind: 'N', value: sum } },
    { frame: 1.5, notification: { kind: 'C' } },
  ];
}

/** A count that is restored, but not in the checkpoint after that. */
function forgetsTheSecondTime(): CheckpointedOperator<number, number> {
  interface Count {
    restored: number;
    own: number;
  }
  const operator: SyncOperator<number, number, Count, null> = {
    operator: 'forgetful',
    capture: ({ own }) => ({ own }),
    restore: ({ own }: { own: number }) => ({ restored: own, own: 0 }),
    next(value) {
      this.s.own += value;
      this.out.next(this.s.restored + this.s.own);
    },
  };
  return syncOperator(operator, null, () => ({ restored: 0, own: 0 }));
}

/** Its state is one and the same object, and goes on changing. */
function countsTwiceInAJob(): CheckpointedOperator<number, number> {
  const operator: SyncOperator<number, number, number, null> = {
    operator: 'twice',
    ...counting,
    next(value) {
      this.s += this.site === null ? value : 2 * value;
      this.out.next(this.s);
    },
  };
  return syncOperator(operator, null, startCounting);
}

/** Hands over its sum as a Promise, which may look at the sum when it is too late. */
const summing = (snapshot: (sum: () => number) => Promise<number>) =>
  operate<number, number, number>({
    operator: 'summing',
    create: () => {
      let sum = 0;
      return {
        next: (value, out) => out.next((sum += value)),
        snapshotState: () => snapshot(() => sum),
        restoreState: (restored) => {
          sum = restored;
        },
      };
    },
  });
const sums = { inputValues, outputValues: { x: 1, y: 3 }, examples: [{ input: 'a-b-|', output: 'x-y-|' }] };

registerContract(
  { describe, it },
  'an operator whose snapshot takes its time',
  operatorContract<number, number>({
    operator: () =>
      summing(async (sum) => {
        const state = sum();
        await Promise.resolve();
        return state;
      }),
    ...sums,
  }),
);

it('refuses options that cannot be', () => {
  const operator = () => scan(add, 0);
  expect(() => operatorContract<number, number>({ operator, examples: [] })).toThrow(
    "examples is an array: it has to be an array of at least one, such as { input: '-a-|', output: '-x-|' }.",
  );
  const misspelt = { operator, examples, outputs: {} };
  expect(() => operatorContract<number, number>(misspelt)).toThrow("operatorContract has no option 'outputs'");
  const example = { input: 'a|', ouput: 'a|' };
  expect(() => operatorContract<number, number>({ operator, examples: [example] })).toThrow(
    "an example has no option 'ouput', only input, output.",
  );
});

describe('it is noticed that an operator', () => {
  it.each<[string, (sum: () => number) => Promise<number>]>([
    ['looks at its state too late', async (sum) => Promise.resolve().then(sum)],
    ['does not come to a snapshot', () => Promise.reject(new Error('no snapshot'))],
  ])('%s', async (_, snapshot) => {
    const failures = await failuresOf(operatorContract<number, number>({ operator: () => summing(snapshot), ...sums }));
    expect(failures.length).toBeGreaterThan(1);
  });

  const tried = (operator: () => CheckpointedOperator<number, number>): OperatorUnderTest<number, number> => ({
    operator,
    counterpart: () => rx.scan(add, 0),
    examples: [{ input: 'a-b-(c|)' }],
    inputValues,
  });
  const failures = (operator: () => CheckpointedOperator<number, number>): Promise<string[]> =>
    failuresOf(operatorContract(tried(operator)));

  it('gives something else', async () => {
    const found = await failures(() => map((value) => value));
    expect(found).toHaveLength(4);
    expect(found[0]).toBe(
      "gives the same outside a job, for 'a-b-(c|)': On a plain Observable it gives:\n" +
        '  0 ms: 1 · 2 ms: 2 · 4 ms: 3 · 4 ms: complete\ninstead of:\n' +
        '  0 ms: 1 · 2 ms: 3 · 4 ms: 6 · 4 ms: complete',
    );
  });

  it('gives it at another time', async () => {
    const found = await failures(() => pipe(scan(add, 0), delay(1)));
    expect(found[1]).toMatch(/^gives the same in a job, .* In a job it gives:\n {2}1 ms: 1 · 3 ms: 3 · 5 ms: 6/s);
  });

  it('gives something else in a job only', async () => {
    const found = await failures(countsTwiceInAJob);
    expect(found).toHaveLength(3);
    expect(found[0]).toMatch(/In a job it gives:\n {2}0 ms: 2 · 2 ms: 6 · 4 ms: 12 · 4 ms: complete\ninstead/);
  });

  it('keeps its state where no checkpoint sees it', async () => {
    const found = await failures(() => transparent(rx.scan(add, 0)));
    expect(found).toHaveLength(2);
    expect(found[0]).toMatch(
      /^gives the same restored at every cut, .* \(after 1 notifications\) it gives:\n {2}2 ms: 2 · 4 ms: 5 · 4 ms: complete\ninstead of:\n {2}2 ms: 3 · 4 ms: 6 · 4 ms: complete\nThe checkpoint: Map { "main:timed" => /s,
    );
  });

  it('hands over in the second checkpoint only what came after the first', async () => {
    const found = await failures(forgetsTheSecondTime);
    expect(found).toHaveLength(1);
    expect(found[0]).toMatch(/^gives the same restored twice, .* and from the next run's at 0 ms/s);
  });

  it('is a stock one', async () => {
    const found = await failures(() => rx.scan(add, 0) as unknown as CheckpointedOperator<number, number>);
    expect(found).toContain(
      "gives the same in a job, for 'a-b-(c|)': In a job: thrown: Error: The operator makes a plain Observable of a checkpointed one, so its state would be lost.",
    );
  });

  it('has a state that cannot be stored', async () => {
    const found = await failures(() =>
      pipe(
        scan((acc: { add: () => number }, value: number) => ({ add: () => acc.add() + value }), { add: () => 0 }),
        map((acc) => acc.add()),
      ),
    );
    expect(found[0]).toMatch(/^gives the same in a job, .* In a job: .*function/s);
  });
});

it('an example without an output needs a counterpart', async () => {
  const cases = operatorContract<number, number>({ operator: () => scan(add, 0), examples: [{ input: 'a|' }] });
  expect((await failuresOf(cases))[0]).toMatch(/give the example an output, or the operator a counterpart\.$/);
});
