import { describe, expect, it } from '@jest/globals';
import type { CheckpointedObservable } from 'rxjs-checkpoint';
import {
  CheckpointSubject,
  debounceTime,
  delay,
  fromArray,
  map,
  memoryStorage,
  merge,
  scan,
  tap,
  uid,
} from 'rxjs-checkpoint';
import {
  CheckpointTestScheduler,
  crashAtEachStep,
  FaultyStorage,
  operatorContract,
  registerContract,
  storageContract,
} from 'rxjs-checkpoint/testing';
import { lastValueFrom } from 'rxjs';

/** The pipeline under test: a running total. */
const totals = (delays$: CheckpointedObservable<number>): CheckpointedObservable<number> =>
  delays$.pipe(
    scan((sum, delay) => sum + delay, 0),
    uid('total'),
  );

const marbles = () => new CheckpointTestScheduler((actual, expected) => expect(actual).toEqual(expected));

it('a total goes on from a checkpoint', () => {
  marbles().run(({ hot, expectObservable, expectCheckpoint }) => {
    const values = { a: 1, b: 2, c: 4, x: 1, y: 3, z: 7 };
    const totals$ = totals(hot('                         -a-b-%-c-|', values));
    expectObservable(totals$).toBe('                     -x-y-%-z-|', values);
    expectCheckpoint(1).toContain({ total: { hasValue: true, value: 3, index: 2 } });
    expectObservable(totals$, { restoredFrom: 1 }).toBe('-------z-|', values);
  });
});

it('a timer that was pending fires at its time', () => {
  marbles().run(({ hot, expectObservable }) => {
    const typed$ = hot('                                -a-%------|').pipe(debounceTime(5));
    expectObservable(typed$).toBe('                     ---%--a---|');
    expectObservable(typed$, { restoredFrom: 1 }).toBe('------a---|');
  });
});

it('an input that has taken its barrier waits for the other', () => {
  marbles().run(({ hot, expectObservable }) => {
    const both$ = merge(hot('                          -a-%-b-----|'), hot('                          --c----%---d|'));
    expectObservable(both$).toBe('   -ac----(%b)d|');
  });
});

it('recovers from a crash at any step', async () => {
  const report = await crashAtEachStep((delays$: CheckpointedObservable<number>) => totals(delays$), {
    input: [1, 2, 4],
  });
  expect(report.crashes).toBeGreaterThan(report.steps.length);
});

it('finds what is lost in a crash', async () => {
  const numbered = (delays$: CheckpointedObservable<number>): CheckpointedObservable<string> => {
    let number = 0; // dies with the process; map's own index would not
    return delays$.pipe(map((delay) => `${++number}. ${delay}`));
  };
  await expect(crashAtEachStep(numbered, { input: [1, 2, 4] })).rejects.toThrow(
    `After a crash at step 15, 'storage: write checkpoint-000000000002, after', the pipeline does not go on as without one:
  notification 2 of 'main' is value "1. 2" at 2 ms
  in the first run it was value "2. 2" at 2 ms`,
  );
});

it('a reminder comes in time, whoever sets the clock', async () => {
  const reminders = (ids$: CheckpointedObservable<number>) => ids$.pipe(delay(3));
  const report = await crashAtEachStep(reminders, { input: [1, 2], clockJumpsMs: [3_600_000, -3_600_000] });
  expect(report.clockJumps).toBeGreaterThan(report.steps.length);
});

it('a crash in the middle of a write loses nothing', async () => {
  const numbers = Array.from({ length: 100_000 }, (_, i) => i);
  const disk = new FaultyStorage({ seed: 7 });
  let writes = 0;
  const rest = new Promise<FaultyStorage>((resolve) => {
    disk.onCall = ({ operation, phase }) => {
      if (operation === 'write' && phase === 'torn' && ++writes === 3) resolve(disk.crash());
    };
  });

  const first = new CheckpointSubject({ storage: disk, timeoutMs: 1 }); // does not wait for the dead
  first.failures$.subscribe(); // nobody wants to hear of its failures
  let seen = 0;
  const life = first.recover(totals(fromArray(numbers))).subscribe(() => {
    if (++seen % 10_000 === 0) first.next();
  });
  const storage = await rest; // what the crash has left
  life.unsubscribe();

  const second = new CheckpointSubject({ storage });
  second.failures$.subscribe(({ reason }) => expect(reason).toBe('damaged-checkpoint')); // the torn one
  const readAgain: number[] = [];
  const total$ = second.recover(totals(fromArray(numbers).pipe(tap((n) => readAgain.push(n)))));
  expect(await lastValueFrom(total$)).toBe(4_999_950_000);
  expect(readAgain[0]).toBeGreaterThan(0); // it did not begin anew
});

describe('members of your own', () => {
  // Any framework's: `describe` and `it` are all that is asked for.
  registerContract(
    { describe, it },
    'a running total',
    operatorContract<number, number>({
      operator: () => scan((sum, delay) => sum + delay, 0),
      inputValues: { a: 1, b: 2, c: 4 },
      outputValues: { x: 1, y: 3, z: 7 },
      examples: [
        { input: '-a-b-c-|', output: '-x-y-z-|' },
        { input: '(ab)-(c|)', output: '(xy)-(z|)' },
      ],
    }),
  );
  registerContract(
    { describe, it },
    'a storage',
    storageContract(async () => {
      const storage = memoryStorage();
      return { reopen: () => storage };
    }),
  );
});
