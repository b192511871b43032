import { describe, expect, jest, test } from '@jest/globals';
import fc from 'fast-check';
import { of as rxOf, VirtualTimeScheduler } from 'rxjs';

import type { CheckpointedObservable } from '../../src/index.js';
import { CheckpointSubject, concat, memoryStorage, merge, scan, uid } from '../../src/index.js';
import { foldedIn } from '../support/CheckpointStates.js';
import { inFakeTime } from '../support/inFakeTime.js';
import { Log } from '../support/Log.js';
import type { Observed } from '../support/Observed.js';
import { observe, settled } from '../support/Observed.js';
import { Remote } from '../support/Remote.js';
import { caseCount, seed } from '../support/seed.js';
import { ScriptedStorage } from './store/ScriptedStorage.js';

inFakeTime();

function totalOf(...inputs: CheckpointedObservable<number>[]): CheckpointedObservable<number> {
  return merge(...inputs).pipe(
    uid('merge'),
    scan((sum, n) => sum + n, 0),
    uid('total'),
  );
}

async function running(pipeline$: CheckpointedObservable<number>, storage = memoryStorage()) {
  const checkpoints = new CheckpointSubject({ storage, timeoutMs: 5_000 });
  const failures = observe(checkpoints.failures$);
  const taken = observe(checkpoints);
  const pipeline = observe(checkpoints.recover(pipeline$));
  await settled();
  return { checkpoints, failures, taken, pipeline };
}

describe('two remote inputs', () => {
  async function twoRemotes() {
    const a = new Remote([1, 2, 3, 4, 5]);
    const b = new Remote([10, 20, 30, 40, 50]);
    const log = new Log([100]);
    const job = await running(
      totalOf(a.stream$.pipe(uid('a')), b.stream$.pipe(uid('b')), log.stream$.pipe(uid('log'))),
    );
    return { a, b, log, ...job };
  }

  test('are asked for the barrier, and the one that has delivered is held until the other has', async () => {
    const { a, b, log, checkpoints, pipeline } = await twoRemotes();
    const asked = checkpoints.checkpoint();
    expect([a.asked, b.asked]).toEqual([['barrier 1'], ['barrier 1']]);
    a.emit();
    a.deliverBarrier();
    a.emit(2);
    b.emit();
    log.write(200);
    expect(pipeline.values).toEqual([100, 101, 111, 311]);
    b.deliverBarrier();
    expect(pipeline.values).toEqual([100, 101, 111, 311, 313, 316]);
    b.emit();
    const checkpoint = await asked;
    expect(foldedIn(checkpoint, 'total')).toBe(311);
    expect(['a', 'b'].map((name) => checkpoint.operators[name]!.position)).toEqual([1, 1]);
    expect(pipeline.last).toBe(336);
  });

  test('are restored at the positions of their barriers', async () => {
    const storage = memoryStorage();
    const remotes = [new Remote([1, 2, 3]), new Remote([10, 20, 30])] as const;
    const build = () => totalOf(remotes[0].stream$.pipe(uid('a')), remotes[1].stream$.pipe(uid('b')));
    const { checkpoints, pipeline } = await running(build(), storage);
    remotes[0].emit(2);
    remotes[1].emit(1);
    checkpoints.next();
    for (const remote of remotes) remote.deliverBarrier();
    await settled();
    for (const remote of remotes) remote.emit();
    expect(pipeline.last).toBe(36);
    pipeline.unsubscribe();
    expect(remotes.map(({ isClosed }) => isClosed)).toEqual([true, true]);
    await settled();

    const restored = await running(build(), storage);
    expect(remotes.map(({ connectedAt }) => connectedAt)).toEqual([
      [undefined, 2],
      [undefined, 1],
    ]);
    remotes[0].emit(2);
    remotes[1].emit(3);
    expect(restored.pipeline).toMatchObject({ values: [16, 36, 66], hasCompleted: true });
  });

  test('that deliver within one turn of another source are swept when it is over', async () => {
    const a = new Remote([1]);
    const log = new Log<number>();
    const checkpoints = new CheckpointSubject({ storage: memoryStorage() });
    const taken = observe(checkpoints);
    const during$ = log.stream$.pipe(
      uid('log'),
      scan((sum, n) => {
        a.deliverBarrier();
        return sum + n;
      }, 0),
      uid('log total'),
    );
    observe(checkpoints.recover(totalOf(a.stream$.pipe(uid('a')), during$)));
    await settled();
    checkpoints.next();
    log.write(7);
    await settled();
    expect(taken.values.map((checkpoint) => foldedIn(checkpoint, 'total'))).toEqual([7]);
  });

  test('may answer while they are asked', async () => {
    const { a, b, log, checkpoints, pipeline } = await twoRemotes();
    a.answersAtOnce = true;
    b.answersAtOnce = true;
    a.emit();
    expect((await checkpoints.checkpoint()).operators.a!.position).toBe(1);
    log.write(200);
    b.emit();
    expect(pipeline.values).toEqual([100, 101, 301, 311]);
  });

  test('end while they are waited for: that counts as delivered, and so does an error or leaving', async () => {
    const ways: [string, (remote: Remote) => void][] = [
      ['ends', (remote) => remote.emit(6)],
      ['fails', (remote) => (remote.fail(new Error('gone')), remote.arriveAll())],
    ];
    for (const [way, end] of ways) {
      const a = new Remote([1, 2, 3, 4, 5]);
      const b = new Remote([10]);
      const checkpoints = new CheckpointSubject({ storage: memoryStorage() });
      observe(checkpoints.failures$);
      observe(checkpoints.recover(totalOf(a.stream$.pipe(uid('a'))), { name: 'first' }));
      observe(
        checkpoints.recover(
          b.stream$.pipe(
            uid('b'),
            scan((sum, n) => sum + n, 0),
            uid('b total'),
          ),
          { name: 'second' },
        ),
      );
      await settled();
      const asked = checkpoints.checkpoint();
      b.emit();
      b.deliverBarrier();
      end(a);
      const checkpoint = await asked;
      expect([way, foldedIn(checkpoint, 'b total'), foldedIn(checkpoint, 'total')]).toEqual([way, 10, undefined]);
    }
  });

  test('are not waited for when the last pipeline leaves: the checkpoint is cancelled', async () => {
    const { a, checkpoints, failures, pipeline } = await twoRemotes();
    const asked = checkpoints.checkpoint();
    a.deliverBarrier();
    pipeline.unsubscribe();
    await expect(asked).rejects.toMatchObject({ reason: 'cancelled', checkpointId: 1 });
    expect(failures.values.map(({ reason }) => reason)).toEqual(['cancelled']);
    await settled();
    checkpoints.next();
    expect(failures.values.map(({ reason }) => reason)).toEqual(['cancelled', 'not-running']);
  });
});

describe('a remote input that does not answer', () => {
  test('makes the checkpoint expire, which names it; those that were held go on', async () => {
    const a = new Remote([1, 2, 3]);
    const b = new Remote([10, 20, 30]);
    const { checkpoints, failures, pipeline } = await running(
      totalOf(a.stream$.pipe(uid('a')), b.stream$.pipe(uid('b'))),
    );
    const asked = checkpoints.checkpoint();
    a.deliverBarrier();
    a.emit(2);
    b.emit();
    expect(pipeline.values).toEqual([10]);
    void jest.advanceTimersByTimeAsync(5_000);
    await expect(asked).rejects.toMatchObject({ reason: 'expired', operator: 'b', checkpointId: 1 });
    expect(pipeline.values).toEqual([10, 11, 13]);
    expect(failures.values.map(({ message }) => message)).toEqual([
      'Checkpoint 1 was given up after 5000 ms of waiting for the barrier of b. The pipelines go on; the checkpoint before ' +
        'is still the one that a restart begins with. Raise timeoutMs if it only needs longer.',
    ]);
  });

  test('and then answers the request that was given up: it is not taken for the answer to the next one', async () => {
    const a = new Remote([1, 2, 3]);
    const b = new Remote([10, 20, 30]);
    const { checkpoints, pipeline } = await running(totalOf(a.stream$.pipe(uid('a')), b.stream$.pipe(uid('b'))));
    checkpoints.checkpoint().catch(() => {});
    a.deliverBarrier();
    await jest.advanceTimersByTimeAsync(5_000);
    const next = checkpoints.checkpoint();
    b.emit();
    b.deliverBarrier();
    b.emit();
    a.emit();
    a.deliverBarrier();
    a.emit();
    expect(pipeline.values).toEqual([10, 30, 31]);
    b.deliverBarrier();
    const checkpoint = await next;
    expect(['a', 'b'].map((name) => checkpoint.operators[name]!.position)).toEqual([1, 2]);
    expect(foldedIn(checkpoint, 'total')).toBe(31);
    expect(pipeline.last).toBe(33);
  });

  test('lets the checkpoint that waits begin when the one before has expired: what was held comes before its barrier', async () => {
    const a = new Remote([1, 2, 3]);
    const b = new Remote([10, 20, 30]);
    const { checkpoints } = await running(totalOf(a.stream$.pipe(uid('a')), b.stream$.pipe(uid('b'))));
    checkpoints.checkpoint().catch(() => {});
    const next = checkpoints.checkpoint();
    a.deliverBarrier();
    a.emit(2);
    await jest.advanceTimersByTimeAsync(5_000);
    a.deliverBarrier();
    a.emit();
    b.answer();
    b.answer();
    b.arriveAll();
    const checkpoint = await next;
    expect(['a', 'b'].map((name) => checkpoint.operators[name]!.position)).toEqual([2, 0]);
    expect(foldedIn(checkpoint, 'total')).toBe(3);
  });
});

test('a checkpoint that is asked for while another one waits for its barriers does not hasten that', async () => {
  const a = new Remote([1, 2, 3]);
  const checkpoints = new CheckpointSubject({ storage: memoryStorage() });
  observe(checkpoints.recover(totalOf(a.stream$.pipe(uid('a')), new Log<number>().stream$)));
  await settled();
  const first = checkpoints.checkpoint();
  a.deliverBarrier();
  // One asks for the second as soon as the first is done, another one for the third in the same moment.
  const second = observe(checkpoints, ({ id }) => id === 1 && checkpoints.next());
  const asked: Promise<unknown>[] = [];
  observe(checkpoints, ({ id }) => id === 1 && asked.push(checkpoints.checkpoint()));
  await first;
  await settled();
  a.emit();
  a.deliverBarrier();
  await settled();
  a.emit();
  a.deliverBarrier();
  await settled();
  expect(second.values.map(({ id, operators }) => [id, operators.a!.position])).toEqual([
    [1, 0],
    [2, 1],
    [3, 2],
  ]);
  expect(await asked[0]).toBe(second.last);
});

describe('a remote input that starts', () => {
  test('while others are waited for is held from its start', async () => {
    const a = new Remote([1]);
    const late = new Remote([100, 200]);
    const log = new Log<number>();
    const pipeline$ = totalOf(
      a.stream$.pipe(uid('a')),
      concat(log.stream$.pipe(uid('log')), late.stream$.pipe(uid('late'))).pipe(uid('concat')),
    );
    const storage = memoryStorage();
    const { checkpoints, pipeline } = await running(pipeline$, storage);
    const asked = checkpoints.checkpoint();
    log.write(7);
    log.end();
    late.emit();
    expect([late.isConnected, late.asked, pipeline.values]).toEqual([true, [], [7]]);
    a.deliverBarrier();
    expect(pipeline.values).toEqual([7, 107]);
    const checkpoint = await asked;
    expect(foldedIn(checkpoint, 'total')).toBe(7);
    expect(checkpoint.operators.late!.position).toBeUndefined();
    pipeline.unsubscribe();
    await settled();
    const restored = await running(pipeline$, storage);
    late.emit(2);
    expect(restored.pipeline.values).toEqual([107, 307]);
  });

  test('has not started yet when the checkpoint is taken: its restored position stays', async () => {
    const storage = memoryStorage();
    const late = new Remote([100, 200, 300]);
    const build = () =>
      late.stream$.pipe(
        uid('late'),
        scan((sum, n) => sum + n, 0),
        uid('total'),
      );
    const before = await running(build(), storage);
    late.emit(2);
    before.checkpoints.next();
    late.deliverBarrier();
    await settled();
    before.pipeline.unsubscribe();
    await settled();

    // Emits when it is subscribed, which is before anything opens.
    const again = new CheckpointSubject({ storage, trigger: rxOf('now') });
    const taken = observe(again);
    const restored = observe(again.recover(build()));
    await settled();
    expect(taken.values[0]!.operators.late!.position).toBe(2);
    late.emit();
    expect(restored.values).toEqual([600]);
  });
});

test('an input whose barrier cannot be asked for fails the pipeline, and the others are not waited for in vain', async () => {
  const a = new Remote([1]);
  const broken = new Remote([10]);
  broken.asked.push = () => {
    throw new Error('the line is dead');
  };
  const checkpoints = new CheckpointSubject({ storage: memoryStorage() });
  const healthy = observe(checkpoints.recover(totalOf(a.stream$.pipe(uid('a'))), { name: 'healthy' }));
  const sick = observe(checkpoints.recover(broken.stream$.pipe(uid('broken')), { name: 'sick' }));
  await settled();
  const asked = checkpoints.checkpoint();
  a.emit();
  a.deliverBarrier();
  expect(foldedIn(await asked, 'total')).toBe(1);
  expect(sick.error).toMatchObject({ message: 'the line is dead' });
  expect(healthy.error).toBeUndefined();
});

describe('exactly once', () => {
  const records = [
    [1, 2, 4, 8, 16, 32],
    [100, 200, 400, 800, 1_600, 3_200],
  ] as const;
  const logged = [10_000, 20_000, 40_000, 80_000];
  const expected = [...records.flat(), ...logged].reduce((sum, n) => sum + n, 0);

  const weights = {
    ...{ 'send 0': 2, 'send 1': 2, 'answer 0': 3, 'answer 1': 3, 'arrive 0': 5, 'arrive 1': 5 },
    ...{ log: 1, trigger: 2, expire: 1, wait: 4 },
  };
  type Action = keyof typeof weights;
  const actions = Object.entries(weights).map(([action, weight]) => ({
    weight,
    arbitrary: fc.constant(action as Action),
  }));

  class World {
    readonly storage: ScriptedStorage;
    readonly remotes = records.map((own) => new Remote(own));
    readonly log = new Log<number>();
    private readonly clock = new VirtualTimeScheduler(undefined, 0);
    private checkpoints: CheckpointSubject | null = null;
    pipeline: Observed<number> | null = null;

    constructor(
      crashed?: ScriptedStorage,
      private written = 0,
    ) {
      this.storage = new ScriptedStorage();
      for (const [name, bytes] of crashed?.blobs ?? []) this.storage.blobs.set(name, bytes.slice());
      for (let i = 0; i < written; i++) this.log.records.push(logged[i]!);
    }

    async start(): Promise<void> {
      const inputs = this.remotes.map((remote, i) => remote.stream$.pipe(uid(`remote ${i}`)));
      this.checkpoints = new CheckpointSubject({ storage: this.storage, timeoutMs: 1_000, scheduler: this.clock });
      observe(this.checkpoints.failures$);
      this.pipeline = observe(this.checkpoints.recover(totalOf(...inputs, this.log.stream$.pipe(uid('log')))));
      await settled();
    }

    async do(action: Action): Promise<void> {
      const remote = this.remotes[Number(action.slice(-1))];
      if (action.startsWith('send')) remote!.send();
      else if (action.startsWith('answer')) remote!.answer();
      else if (action.startsWith('arrive')) remote!.arrive();
      else if (action === 'log' && this.written < logged.length) this.log.write(logged[this.written++]!);
      else if (action === 'trigger') this.checkpoints!.next();
      else if (action === 'expire') this.expire();
      else await settled();
    }

    private expire(): void {
      this.clock.maxFrames += 1_000;
      this.clock.flush();
    }

    /** The world after a crash at this moment. The log is outside of it. */
    crashed(): World {
      return new World(this.storage, this.written);
    }

    async finish(): Promise<number | undefined> {
      while (this.written < logged.length) await this.do('log');
      this.log.end();
      for (const remote of this.remotes) remote.emit(records[0].length + 1);
      this.expire();
      for (const remote of this.remotes) remote.arriveAll();
      await settled();
      return this.pipeline!.hasCompleted ? this.pipeline!.last : -1;
    }
  }

  test('whatever happens in whichever order, and wherever it crashes', async () => {
    let checkpointsUsed = 0;
    const schedule = fc.array(fc.oneof(...actions), { minLength: 20, maxLength: 80, size: 'max' });
    await fc.assert(
      fc.asyncProperty(schedule, async (steps) => {
        let world = new World();
        await world.start();
        for (const step of steps) {
          await world.do(step);
          const afterwards = world.crashed();
          checkpointsUsed += afterwards.storage.blobs.size > 0 ? 1 : 0;
          await afterwards.start();
          expect(await afterwards.finish()).toBe(expected);
        }
        world = world.crashed();
        await world.start();
        expect(await world.finish()).toBe(expected);
      }),
      { numRuns: caseCount(60), seed },
    );
    expect(checkpointsUsed).toBeGreaterThan(caseCount(60));
  }, 60_000);
});
