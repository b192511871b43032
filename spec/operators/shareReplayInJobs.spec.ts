import { describe, expect, test } from '@jest/globals';

import type { CheckpointedObservable } from '../../src/index.js';
import {
  CheckpointSubject,
  concatMap,
  map,
  memoryStorage,
  merge,
  of,
  shareReplay,
  take,
  uid,
} from '../../src/index.js';
import { offsetIn } from '../support/CheckpointStates.js';
import { inFakeTime } from '../support/inFakeTime.js';
import { Log } from '../support/Log.js';
import { observe, settled } from '../support/Observed.js';

inFakeTime();

interface Pipelines {
  readonly shared$: CheckpointedObservable<number>;
  /** Leaves the shared stream after one value, and goes on with another. */
  readonly brief$: CheckpointedObservable<number>;
}

function pipelines(log: Log<number>, other: Log<number>, refCount: boolean): Pipelines {
  const shared$ = log.stream$.pipe(uid('log'), shareReplay({ bufferSize: 2, refCount }), uid('shared'));
  const brief$ = merge(shared$.pipe(take(1)), other.stream$.pipe(uid('other')));
  return { shared$, brief$ };
}

describe('shareReplay in a job', () => {
  test('gives a pipeline that is new after a restore the values from before it', async () => {
    const storage = memoryStorage();
    const log = new Log([1, 2, 3]);
    const before = new CheckpointSubject({ storage });
    const first = observe(before.recover(pipelines(log, new Log(), true).shared$, { name: 'first' }));
    await settled();
    expect(first.values).toEqual([1, 2, 3]);
    await before.checkpoint();
    first.unsubscribe();
    await settled();

    const after = new CheckpointSubject({ storage });
    const { shared$ } = pipelines(log, new Log(), true);
    const again = observe(after.recover(shared$, { name: 'first' }));
    const newcomer = observe(after.recover(shared$.pipe(map((n) => 10 * n)), { name: 'newcomer' }));
    await settled();
    log.write(4);
    expect(again.values).toEqual([4]);
    expect(newcomer.values).toEqual([20, 30, 40]);
    expect(log.readerCount).toBe(1);
  });

  test('without refCount goes on while nobody listens, also after a restore, and ends with its last pipeline', async () => {
    const storage = memoryStorage();
    const log = new Log([1]);
    const other = new Log<number>();
    const before = new CheckpointSubject({ storage });
    const brief = observe(before.recover(pipelines(log, other, false).brief$));
    await settled();
    log.write(2, 3);
    expect(brief.values).toEqual([1]);
    expect(offsetIn(await before.checkpoint(), 'log')).toBe(3);
    brief.unsubscribe();
    await settled();
    expect(log.readerCount).toBe(0);

    const after = new CheckpointSubject({ storage });
    const { shared$, brief$ } = pipelines(log, other, false);
    const again = observe(after.recover(brief$));
    await settled();
    expect(log.readerCount).toBe(1);
    log.write(4);
    const late = observe(after.recover(shared$, { name: 'late' }));
    await settled();
    log.write(5);
    expect(again.values).toEqual([]);
    expect(late.values).toEqual([3, 4, 5]);
    expect(offsetIn(await after.checkpoint(), 'log')).toBe(5);
    again.unsubscribe();
    late.unsubscribe();
    await settled();
    expect(log.readerCount).toBe(0);
  });

  test('with refCount forgets all when the last one has left', async () => {
    const log = new Log([1, 2]);
    const other = new Log<number>();
    const checkpoints = new CheckpointSubject({ storage: memoryStorage() });
    const brief = observe(checkpoints.recover(pipelines(log, other, true).brief$));
    await settled();
    expect(brief.values).toEqual([1]);
    expect(log.readerCount).toBe(0);
    expect(Object.keys((await checkpoints.checkpoint()).operators)).not.toContain('shared');
  });

  test('in inner pipelines is kept as long as they are, and longer only if it has a uid', async () => {
    const operatorsLeft = async (name: string | null): Promise<readonly string[]> => {
      const log = new Log([1, 2, 3]);
      const job = new CheckpointSubject({ storage: memoryStorage() });
      const inner = (n: number): CheckpointedObservable<number> => {
        const once$ = of(n).pipe(shareReplay(1));
        const shared$ = name === null ? once$ : once$.pipe(uid(name + String(n)));
        return merge(shared$, shared$);
      };
      const seen = observe(job.recover(log.stream$.pipe(uid('log'), concatMap(inner), uid('inners'))));
      await settled();
      expect(seen.values).toEqual([1, 1, 2, 2, 3, 3]);
      const { operators } = await job.checkpoint();
      seen.unsubscribe();
      return Object.keys(operators);
    };
    expect(await operatorsLeft(null)).toEqual(['log', 'inners']);
    expect(await operatorsLeft('kept')).toHaveLength(5);
  });
});
