import { describe, expect, test } from '@jest/globals';
import { VirtualTimeScheduler } from 'rxjs';

import type { Checkpoint, CheckpointSubjectOptions } from '../../src/index.js';
import { CheckpointSubject, memoryStorage, operate, scan, uid } from '../../src/index.js';
import { Slices } from '../../src/checkpoint/Slices.js';
import { foldedIn } from '../support/CheckpointStates.js';
import { Log } from '../support/Log.js';
import { observe, settled } from '../support/Observed.js';
import { snapshotOf, startedRun } from './store/checkpointing.js';
import { ScriptedStorage } from './store/ScriptedStorage.js';

/** A job whose clock stands still unless a spec moves it: each turn that encoding gives the event loop is a frame. */
async function running() {
  const clock = new VirtualTimeScheduler(undefined, Infinity);
  const storage = new ScriptedStorage();
  const log = new Log<unknown>();
  const checkpoints = new CheckpointSubject({ storage, scheduler: clock, sliceMs: 0 });
  const newest$ = log.stream$.pipe(
    uid('log'),
    scan((_: unknown, value) => value, null as unknown),
    uid('newest'),
  );
  observe(checkpoints.recover(newest$));
  await settled();
  const turn = async (): Promise<void> => {
    clock.maxFrames = clock.frame;
    clock.flush();
    await settled();
  };
  return { storage, log, checkpoints, turn };
}

describe('encoding in slices', () => {
  test('does not see what the pipeline has become meanwhile', async () => {
    const { log, checkpoints, turn } = await running();
    const list = Array.from({ length: 3_000 }, (_, i) => ({ i, at: new Date(i) }));
    log.write(list);
    const asked = checkpoints.checkpoint();
    log.write('later');
    list[2_999]!.at.setTime(5);
    await turn();
    const checkpoint = await asked;
    expect(foldedIn(checkpoint, 'newest')).toHaveLength(3_000);
    expect((foldedIn(checkpoint, 'newest') as typeof list)[2_999]!.at.getTime()).toBe(2_999);
  });

  test('what is stored is what was there at the barrier', async () => {
    const { log, checkpoints, turn, storage } = await running();
    const held = new Map([['a', Uint8Array.of(1, 2, 3)]]);
    log.write(held);
    const asked = checkpoints.checkpoint();
    held.get('a')![0] = 99;
    log.write('later');
    await turn();
    await asked;
    const [bytes] = [...storage.blobs.values()];
    expect(new TextDecoder().decode(bytes)).toContain(btoa(String.fromCharCode(1, 2, 3)));
  });

  test('gives way to records, and is left when its time is over', async () => {
    const storage = new ScriptedStorage();
    const log = new Log<unknown>();
    const checkpoints = new CheckpointSubject({ storage, sliceMs: 0, timeoutMs: 1 });
    const failures = observe(checkpoints.failures$);
    const newest$ = log.stream$.pipe(
      uid('log'),
      scan((_: unknown, value) => value, null as unknown),
    );
    const pipeline = observe(checkpoints.recover(newest$));
    await settled();
    log.write(Array.from({ length: 30_000 }, (_, i) => ({ i })));
    const asked = checkpoints.checkpoint();
    log.write('meanwhile');
    expect(pipeline.last).toBe('meanwhile');
    await expect(asked).rejects.toMatchObject({ reason: 'expired', missing: [], failure: { waitedFor: 'encoding' } });
    expect(failures.last!.message).toBe(
      'Checkpoint 1 was given up after 1 ms of waiting for its own encoding. The pipelines go on; the checkpoint before is ' +
        'still the one that a restart begins with. Raise timeoutMs if it only needs longer.',
    );
    pipeline.unsubscribe();
    await settled();
    expect(storage.blobs.size).toBe(0);
  });

  test('keeps the event loop alive: timers fire while a large state is encoded', async () => {
    const storage = memoryStorage();
    const log = new Log<unknown>();
    const checkpoints = new CheckpointSubject({ storage, sliceMs: 0 });
    const newest$ = log.stream$.pipe(
      uid('log'),
      scan((_: unknown, value) => value, null as unknown),
    );
    observe(checkpoints.recover(newest$));
    await settled();
    log.write(Array.from({ length: 30_000 }, (_, i) => `record ${i}`));
    let ticks = 0;
    const ticking = setInterval(() => ticks++, 0);
    await checkpoints.checkpoint();
    clearInterval(ticking);
    expect(ticks).toBeGreaterThan(0);
  });
});

describe('Slices', () => {
  function* counting(to: number, log: string[]): Generator<void, string, void> {
    try {
      for (let n = 1; n <= to; n++) {
        log.push(String(n));
        yield;
      }
      return 'done';
    } finally {
      log.push('left');
    }
  }

  test('does in one go what takes no longer than a slice, and otherwise goes on in later tasks', () => {
    const log: string[] = [];
    const tasks: (() => void)[] = [];
    let now = 0;
    const slices = new Slices({ now: () => now++ }, 3, (work) => tasks.push(work));
    const run = (to: number): void =>
      slices.run({
        steps: counting(to, log),
        isWanted: () => true,
        done: (result) => log.push(result),
        failed: () => log.push('failed'),
      });
    run(2);
    expect([log.splice(0), tasks.length]).toEqual([['1', '2', 'left', 'done'], 0]);
    run(5);
    expect([log.splice(0), tasks.length]).toEqual([['1', '2', '3'], 1]);
    tasks.shift()!();
    expect([log.splice(0), tasks.length]).toEqual([['4', '5', 'left', 'done'], 0]);
  });

  test('leaves what nobody waits for any more, and tells what was thrown', () => {
    const log: string[] = [];
    const tasks: (() => void)[] = [];
    const slices = new Slices({ now: () => 0 }, 0, (work) => tasks.push(work));
    let isWanted = true;
    const told = {
      isWanted: () => isWanted,
      done: () => log.push('done'),
      failed: (e: unknown) => log.push(String(e)),
    };
    slices.run({ ...told, steps: counting(5, log) });
    isWanted = false;
    tasks.shift()!();
    expect([log.splice(0), tasks.length]).toEqual([['1', 'left'], 0]);
    isWanted = true;
    const failing = function* (): Generator<void, never, void> {
      yield;
      throw new Error('no');
    };
    slices.run({ ...told, steps: failing() });
    tasks.shift()!();
    expect(log).toEqual(['Error: no']);
  });
});

describe('states that come late', () => {
  /** An operator that promises its states, for a spec to give. */
  function promising(promises: { resolve(state: string): void; reject(error: unknown): void }[]) {
    return operate<unknown, unknown, string>({
      operator: 'promising',
      create: () => ({
        next: (value, out) => out.next(value),
        snapshotState: () => new Promise<string>((resolve, reject) => promises.push({ resolve, reject })),
        restoreState: () => {},
      }),
    });
  }

  async function promised(policies: Partial<CheckpointSubjectOptions>) {
    const states: { resolve(state: string): void; reject(error: unknown): void }[] = [];
    const clock = new VirtualTimeScheduler(undefined, 0);
    const storage = new ScriptedStorage();
    const checkpoints = new CheckpointSubject({ storage, scheduler: clock, timeoutMs: 1_000, ...policies });
    const failures = observe(checkpoints.failures$);
    const taken = observe(checkpoints);
    const log = new Log<unknown>();
    const pipeline = observe(checkpoints.recover(log.stream$.pipe(uid('log'), promising(states), uid('late'))));
    await settled();
    const pass = (ms: number): void => {
      clock.maxFrames = clock.frame + ms;
      clock.flush();
    };
    return { states, checkpoints, failures, taken, pipeline, log, pass, storage };
  }
  const stateOf = (checkpoint: Checkpoint | undefined): unknown =>
    (checkpoint?.operators.late?.state as { state: unknown } | undefined)?.state;

  test('overlap, and each goes into its own checkpoint, in whichever order they come', async () => {
    const { states, checkpoints, taken, failures } = await promised({ maxConcurrent: 3 });
    const asked = [1, 2, 3].map(() => checkpoints.checkpoint());
    expect(states).toHaveLength(3);
    states[1]!.resolve('of 2');
    expect(stateOf(await asked[1]!)).toBe('of 2');
    states[0]!.resolve('of 1');
    states[2]!.resolve('of 3');
    expect(stateOf(await asked[2]!)).toBe('of 3');
    expect(taken.values.map(({ id }) => id)).toEqual([2, 3]);
    expect(failures.values.map(({ reason, checkpointId }) => [reason, checkpointId])).toEqual([['subsumed', 1]]);
  });

  test('that come for a checkpoint that expired are discarded, and not taken for the next one', async () => {
    const { states, checkpoints, failures, pass, taken } = await promised({});
    const first = checkpoints.checkpoint().catch((error: unknown) => error);
    pass(1_000);
    expect(await first).toMatchObject({
      ...{ reason: 'expired', operator: 'late', missing: ['late'] },
      failure: { waitedFor: 'snapshots' },
    });
    const second = checkpoints.checkpoint();
    states[0]!.resolve('too late');
    await settled();
    expect(taken.values).toEqual([]);
    states[1]!.resolve('in time');
    expect([(await second).id, stateOf(await second)]).toEqual([2, 'in time']);
    expect(failures.values).toHaveLength(1);
  });

  test('that are refused decline their checkpoint only', async () => {
    const { states, checkpoints, pipeline, log } = await promised({ maxConcurrent: 2 });
    const [first, second] = [checkpoints.checkpoint(), checkpoints.checkpoint()];
    const cause = new Error('no connection');
    states[0]!.reject(cause);
    await expect(first).rejects.toMatchObject({ reason: 'declined', operator: 'late', checkpointId: 1, cause });
    states[1]!.resolve('fine');
    expect(stateOf(await second)).toBe('fine');
    log.write('on');
    expect(pipeline).toMatchObject({ last: 'on', error: undefined });
  });

  test('a checkpoint that carries over a pipeline that has left waits for its late state; if that fails, it has the older one', async () => {
    for (const fate of ['resolve', 'reject'] as const) {
      const { states, checkpoints, pipeline, taken } = await promised({ maxConcurrent: 2 });
      observe(checkpoints.recover(new Log<unknown>().stream$.pipe(uid('other')), { name: 'other' }));
      await settled();
      const first = checkpoints.checkpoint();
      states[0]!.resolve('first');
      await first;
      const second = checkpoints.checkpoint().catch(() => {});
      pipeline.unsubscribe();
      const third = checkpoints.checkpoint();
      await settled();
      expect(taken.values).toHaveLength(1);
      states[1]![fate]('second');
      expect(stateOf(await third)).toBe(fate === 'resolve' ? 'second' : 'first');
      await second;
    }
  });

  test('user code that throws while it is asked for its state declines this checkpoint only', async () => {
    let isBroken = true;
    const checkpoints = new CheckpointSubject({ storage: memoryStorage() });
    observe(checkpoints.failures$);
    const cause = new Error('not now');
    const fragile = operate<unknown, unknown, string>({
      operator: 'fragile',
      create: () => ({
        next: (value, out) => out.next(value),
        snapshotState: () => {
          if (isBroken) throw cause;
          return 'fine';
        },
        restoreState: () => {},
      }),
    });
    const log = new Log<unknown>();
    const pipeline = observe(checkpoints.recover(log.stream$.pipe(uid('log'), fragile, uid('fragile'))));
    await settled();
    await expect(checkpoints.checkpoint()).rejects.toMatchObject({ reason: 'declined', operator: 'fragile', cause });
    log.write(1);
    isBroken = false;
    expect((await checkpoints.checkpoint()).id).toBe(2);
    expect(pipeline.values).toEqual([1]);
  });
});

describe('a store with several checkpoints on their way', () => {
  const KIB = 1024;

  test('keeps what one refers to while it is encoded', async () => {
    const storage = new ScriptedStorage();
    const run = await startedRun(storage, { retained: 1 });
    const still = snapshotOf('still', 100 * KIB);
    await run.take({ still });
    const steps = run.store.encode({
      ...{ id: 2, timestamp: 0, meta: null },
      entries: new Map([
        ['still', still],
        ['moving', snapshotOf(0)],
      ]),
    });
    steps.next();
    run.store.takeId(3);
    await run.store.prepare({ id: 3, timestamp: 0, meta: null, entries: new Map([['other', {}]]) }).write();
    await run.store.idle();
    expect(storage.names()).toContain('checkpoint-000000000001');
    steps.return(undefined as never);
    await run.take({ other: {} });
    expect(storage.names()).toEqual(['checkpoint-000000000004']);
  });

  test('may write a later one first, and what lands behind it is cleaned up', async () => {
    const storage = new ScriptedStorage();
    const run = await startedRun(storage, { retained: 1 });
    const [first, second] = [run.prepare({ a: snapshotOf(1) }), run.prepare({ a: snapshotOf(2) })];
    await second.write();
    await first.write();
    await run.store.idle();
    expect(storage.names()).toEqual(['checkpoint-000000000002']);
  });

  test('ids that are claimed are above all that was there, and are used once', async () => {
    const run = await startedRun(new ScriptedStorage());
    run.store.takeId(5);
    expect(run.store.highestId()).toBe(5);
    expect(() => run.store.takeId(5)).toThrow(/invariant/);
    const content = { timestamp: 0, meta: null, entries: new Map<string, object>() };
    run.store.prepare({ ...content, id: 5 });
    expect(() => run.store.prepare({ ...content, id: 5 })).toThrow(/invariant/);
  });
});

test('small snapshots are written again where that is asked for', async () => {
  const storage = new ScriptedStorage();
  const log = new Log<unknown>();
  const checkpoints = new CheckpointSubject({ storage, inlineThresholdBytes: 1_000, retained: 1 });
  const pipeline$ = log.stream$.pipe(
    uid('log'),
    scan((_: unknown, value) => value, null as unknown),
    uid('newest'),
  );
  observe(checkpoints.recover(pipeline$));
  await settled();
  log.write('x');
  for (let n = 0; n < 3; n++) await checkpoints.checkpoint();
  await settled();
  expect(storage.names()).toEqual(['checkpoint-000000000003']);
  log.write('y'.repeat(2_000));
  for (let n = 0; n < 3; n++) await checkpoints.checkpoint();
  await settled();
  expect(storage.names()).toEqual(['checkpoint-000000000004', 'checkpoint-000000000006']);
});
