import { describe, expect, test } from '@jest/globals';
import { lastValueFrom, of as plainOf, Subject, toArray } from 'rxjs';

import type { Checkpoint, CheckpointedObservable } from '../../src/index.js';
import { CheckpointSubject, fromArray, fromObservable, memoryStorage, of, operate, uid } from '../../src/index.js';
import { crashAtEachStep } from '../../src/testing/index.js';
import { CheckpointTestScheduler } from '../../src/testing/CheckpointTestScheduler.js';

/** Sums up; says so as `snapshot` wants it. */
const summing = (snapshot: (sum: number, id: number, timestamp: number) => unknown) =>
  operate<number, number, unknown>({
    operator: 'summing',
    create: () => {
      let sum = 0;
      return {
        next: (value, out) => out.next((sum += value)),
        snapshotState: (id, timestamp) => snapshot(sum, id, timestamp),
        restoreState: (state) => void (sum = state as number),
      };
    },
  });

interface JobOf {
  readonly source: Subject<number>;
  readonly checkpoints: CheckpointSubject;
  readonly output: number[];
  readonly failures: string[];
}

async function job(operator: ReturnType<typeof summing>, storage = memoryStorage()): Promise<JobOf> {
  const source = new Subject<number>();
  const checkpoints = new CheckpointSubject({ storage });
  const output: number[] = [];
  const failures: string[] = [];
  checkpoints.failures$.subscribe(({ message }) => failures.push(message));
  checkpoints
    .recover(fromObservable(source, { hot: true }).pipe(operator, uid('sum')))
    .subscribe((sum) => output.push(sum));
  await new Promise((resolve) => void setImmediate(resolve));
  return { source, checkpoints, output, failures };
}

describe('operate', () => {
  const double = operate<number, number>({ operator: 'double', next: (value, out) => out.next(2 * value) });

  test('without state, on plain Observables and on ours', async () => {
    expect(await lastValueFrom(plainOf(1, 2).pipe(double, toArray()))).toEqual([2, 4]);
    expect(await lastValueFrom(of(1, 2).pipe(double))).toBe(4);
    const checkpoints = new CheckpointSubject({ storage: memoryStorage(), requireUids: true });
    const pipeline$ = fromArray([1, 2]).pipe(uid('numbers'), double);
    expect(await lastValueFrom(checkpoints.recover(pipeline$))).toBe(4);
  });

  test('emits what is left at the end, and lets go', async () => {
    const log: string[] = [];
    const last = operate<number, number>({
      operator: 'last',
      next: (value, out) => void (value === 3 && out.complete()),
      complete: (out) => out.next(7),
      finalize: () => void log.push('finalized'),
    });
    expect(await lastValueFrom(of(1, 2).pipe(last, toArrayOf()))).toEqual([7]);
    expect(await lastValueFrom(of(1, 3, 4).pipe(last, toArrayOf()))).toEqual([]);
    expect(log).toEqual(['finalized', 'finalized']);
  });

  test.each(['next', 'complete'] as const)('what %s throws is an error of the stream', async (where) => {
    const failing = operate<number, number>({
      operator: 'failing',
      next: () => {
        if (where === 'next') throw new RangeError('in next');
      },
      complete: () => {
        throw new RangeError('in complete');
      },
    });
    await expect(lastValueFrom(of(1).pipe(failing))).rejects.toThrow(new RangeError(`in ${where}`));
  });

  test('each subscription has a body of its own', async () => {
    const sums$ = of(1, 2).pipe(summing((sum) => sum));
    expect(await lastValueFrom(sums$)).toBe(3);
    expect(await lastValueFrom(sums$)).toBe(3);
  });

  test('needs a name', () => {
    expect(() => operate({ operator: 'a/b', next: () => {} })).toThrow(
      "An operator needs a name without any of / : [ ] # @, and 'a/b' is none.",
    );
  });

  test('hears which checkpoint it is for', async () => {
    const heard: unknown[] = [];
    const { checkpoints } = await job(
      summing((sum, id, timestamp) => {
        heard.push([id, typeof timestamp]);
        return sum;
      }),
    );
    await checkpoints.checkpoint();
    await checkpoints.checkpoint();
    expect(heard).toEqual([
      [1, 'number'],
      [2, 'number'],
    ]);
  });

  test('a Promise of a snapshot holds up neither values nor the state of others, and is what is stored', async () => {
    const resolvers: (() => void)[] = [];
    const later = summing((sum) => new Promise((resolve) => void resolvers.push(() => resolve(sum))));
    const storage = memoryStorage();
    const { source, checkpoints, output } = await job(later, storage);
    source.next(1);
    let checkpoint: Checkpoint | null = null;
    const done = checkpoints.checkpoint().then((completed) => (checkpoint = completed));
    source.next(10);
    await new Promise((resolve) => void setImmediate(resolve));
    expect(output).toEqual([1, 11]);
    expect(checkpoint).toBeNull();
    resolvers[0]!();
    await done;
    expect(checkpoint!).toMatchObject({ operators: { sum: { state: { state: 1 } } } });
  });

  test('is restored from what the Promise gave', async () => {
    const later = summing((sum) => Promise.resolve(sum));
    const report = await crashAtEachStep((n$: CheckpointedObservable<number>) => n$.pipe(later), { input: [1, 2, 4] });
    expect(report.restores).toBeGreaterThan(20);
  });

  test('a Promise that rejects fails its checkpoint, and no other', async () => {
    let times = 0;
    const { checkpoints, failures } = await job(
      summing((sum) => (++times === 1 ? Promise.reject(new Error('disk full')) : Promise.resolve(sum))),
    );
    await expect(checkpoints.checkpoint()).rejects.toMatchObject({ reason: 'declined', operator: 'sum' });
    expect(failures).toEqual(["Checkpoint 1 failed: operator 'sum' declined. disk full."]);
    await expect(checkpoints.checkpoint()).resolves.toMatchObject({ id: 2 });
  });

  test('a Promise that rejects without a reason says so', async () => {
    const { checkpoints } = await job(summing(() => Promise.reject())); // eslint-disable-line @typescript-eslint/prefer-promise-reject-errors -- it is JavaScript's
    await expect(checkpoints.checkpoint()).rejects.toThrow(
      "Checkpoint 1 failed: operator 'sum' declined. No reason was given.",
    );
  });

  test('a Promise of what cannot be stored fails its checkpoint', async () => {
    const { checkpoints } = await job(summing(() => Promise.resolve(() => 1)));
    await expect(checkpoints.checkpoint()).rejects.toThrow(/operator 'sum' declined.*state.state is the function/);
  });

  test('a Promise that does not come lets the checkpoint expire, and may come later', async () => {
    let resolve!: (sum: number) => void;
    const never = summing(() => new Promise<number>((done) => (resolve = done)));
    const checkpoints = new CheckpointSubject({ storage: memoryStorage(), timeoutMs: 5 });
    const failures: string[] = [];
    checkpoints.failures$.subscribe(({ message }) => failures.push(message));
    const life = checkpoints.recover(fromObservable(new Subject<number>()).pipe(never, uid('sum'))).subscribe();
    await new Promise((done) => void setImmediate(done));
    await expect(checkpoints.checkpoint()).rejects.toMatchObject({ reason: 'expired', operator: 'sum' });
    expect(failures[0]).toContain('Checkpoint 1 was given up after 5 ms of waiting for the snapshot of sum.');
    resolve(1);
    life.unsubscribe();
  });

  test('marbles say that they cannot wait for one', () => {
    const scheduler = new CheckpointTestScheduler((actual, expected) => expect(actual).toEqual(expected));
    expect(() =>
      scheduler.run(({ hot, expectObservable }) => {
        expectObservable(hot<number>('-%-|').pipe(summing((sum) => Promise.resolve(sum)))).toBe('-%-|');
      }),
    ).toThrow(/hands over its snapshot as a Promise.*crashAtEachStep/);
  });

  test('what is emitted later is a turn of its own', async () => {
    const emits: ((value: number) => void)[] = [];
    const later = operate<number, number>({
      operator: 'later',
      next: (value, out) => void emits.push(() => out.next(value)),
    });
    const source = new Subject<number>();
    const checkpoints = new CheckpointSubject({ storage: memoryStorage() });
    const output: number[] = [];
    let requested: Promise<Checkpoint> | null = null;
    checkpoints
      .recover(
        fromObservable(source).pipe(
          later,
          summing((sum) => sum),
          uid('sum'),
        ),
      )
      .subscribe((sum) => {
        requested ??= checkpoints.checkpoint();
        output.push(sum);
      });
    await new Promise((resolve) => void setImmediate(resolve));
    source.next(3);
    emits[0]!(3);
    expect(output).toEqual([3]);
    await expect(requested).resolves.toMatchObject({ operators: { sum: { state: { state: 3 } } } });
  });
});

function toArrayOf() {
  return operate<number, number[], number[]>({
    operator: 'collect',
    create: () => {
      let all: readonly number[] = [];
      return {
        next: (value) => void (all = [...all, value]),
        complete: (out) => out.next([...all]),
        snapshotState: () => [...all],
        restoreState: (restored) => void (all = restored),
      };
    },
  });
}
