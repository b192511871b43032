import { describe, expect, test } from '@jest/globals';

import type { RemoteConnection, RemoteSink } from '../../src/index.js';
import { CheckpointSubject, concatMap, fromRemote, memoryStorage, uid } from '../../src/index.js';
import { Log } from '../support/Log.js';
import { observe, settled } from '../support/Observed.js';
import { Remote } from '../support/Remote.js';

const idle: RemoteConnection = { requestBarrier() {}, close() {} };

describe('outside of a job', () => {
  test('hands on what comes, from the start', () => {
    const remote = new Remote([1, 2]);
    const { values, hasCompleted } = (() => {
      const observed = observe(remote.stream$);
      remote.emit(3);
      return observed;
    })();
    expect({ values, hasCompleted }).toEqual({ values: [1, 2], hasCompleted: true });
    expect(remote).toMatchObject({ connectedAt: [undefined], isClosed: true });
  });

  test('closes the connection when nothing is wanted any more', () => {
    const remote = new Remote([1]);
    const observed = observe(remote.stream$);
    observed.unsubscribe();
    expect(remote.isClosed).toBe(true);
  });

  test('closes the connection that ended while it was made', () => {
    let closed = 0;
    const at$ = fromRemote<number>((sink) => {
      sink.next(1);
      sink.complete();
      return { ...idle, close: () => closed++ };
    });
    expect(observe(at$)).toMatchObject({ values: [1], hasCompleted: true });
    expect(closed).toBe(1);
  });

  test('hands on errors, those of connect too', () => {
    const remote = new Remote();
    const observed = observe(remote.stream$);
    remote.fail('broken');
    remote.arriveAll();
    expect(observed.error).toBe('broken');
    const broken$ = fromRemote(() => {
      throw new Error('no such worker');
    });
    expect(observe(broken$).error).toMatchObject({ message: 'no such worker' });
  });
});

describe('in a job', () => {
  test('is closed by its end, an error, and by unsubscribing', async () => {
    for (const end of ['completes', 'fails', 'is left']) {
      const remote = new Remote();
      const pipeline = observe(new CheckpointSubject({ storage: memoryStorage() }).recover(remote.stream$));
      await settled();
      expect(remote.isClosed).toBe(false);
      if (end === 'completes') remote.emit();
      else if (end === 'is left') pipeline.unsubscribe();
      else {
        remote.fail(new Error('broken'));
        remote.arriveAll();
      }
      expect({ end, isClosed: remote.isClosed }).toEqual({ end, isClosed: true });
      await settled();
    }
  });

  test('counts what comes from within connect after the position that it connects with', async () => {
    const storage = memoryStorage();
    const connectedAt: unknown[] = [];
    let told: RemoteSink<number, { after: number }> | null = null;
    const eager$ = fromRemote<number, { after: number }>((sink, position) => {
      connectedAt.push(position);
      told = sink;
      const first = position?.after ?? 0;
      sink.next(first + 1);
      checkpoints.next();
      sink.next(first + 2);
      return { requestBarrier: (id) => sink.barrier(id, { after: first + 2 }), close() {} };
    });
    const checkpoints = new CheckpointSubject({ storage });
    const taken = observe(checkpoints);
    const first = observe(checkpoints.recover(eager$));
    await settled();
    expect(first.values).toEqual([1, 2]);
    expect(taken.values.map(({ operators }) => operators['main:fromRemote']!.position)).toEqual([undefined]);
    await checkpoints.checkpoint();
    expect(taken.values[1]!.operators['main:fromRemote']!.position).toEqual({ after: 2 });
    first.unsubscribe();
    await settled();
    const second = observe(checkpoints.recover(eager$));
    await settled();
    expect(second.values).toEqual([3, 4]);
    expect(connectedAt).toEqual([undefined, { after: 2 }]);
    second.unsubscribe();
    told!.next(99);
    told!.complete();
    expect(second).toMatchObject({ values: [3, 4], hasCompleted: false });
  });

  test('an error of connect is one of the pipeline', async () => {
    const broken$ = fromRemote<number>(() => {
      throw new Error('no such worker');
    });
    const pipeline = observe(new CheckpointSubject({ storage: memoryStorage() }).recover(broken$));
    await settled();
    expect(pipeline.error).toMatchObject({ message: 'no such worker' });
  });

  test('a position that cannot be stored makes the checkpoint fail, naming it', async () => {
    const at$ = fromRemote<number>((sink) => ({
      requestBarrier: (id) => sink.barrier(id, { socket: new AbortController() }),
      close() {},
    }));
    const checkpoints = new CheckpointSubject({ storage: memoryStorage() });
    observe(checkpoints.failures$);
    observe(checkpoints.recover(at$.pipe(uid('remote'))));
    await settled();
    const failure: unknown = await checkpoints.checkpoint().catch((error: unknown) => error);
    expect(failure).toMatchObject({ reason: 'declined', operator: 'remote', cause: { path: 'state.position.socket' } });
  });

  test('is told to pause when more waits downstream than can be taken, and to go on', async () => {
    const gate = new Log<number>();
    const remote = new Remote(Array.from({ length: 3_000 }, (_, i) => i));
    const pipeline$ = remote.stream$.pipe(
      uid('remote'),
      concatMap((n) => (n === 0 ? gate.stream$.pipe(uid('gate')) : [n])),
    );
    const pipeline = observe(new CheckpointSubject({ storage: memoryStorage() }).recover(pipeline$));
    await settled();
    while (remote.asked.length === 0) remote.emit();
    expect(remote.asked).toEqual(['pause']);
    remote.emit(3);
    gate.end();
    expect(remote.asked).toEqual(['pause', 'resume']);
    const { length } = pipeline.values;
    expect(pipeline.values).toEqual(Array.from({ length }, (_, i) => i + 1));
    expect(length).toBeGreaterThan(1_024);
  });
});
