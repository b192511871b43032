import { afterEach, describe, expect, jest, test } from '@jest/globals';
import { Subject } from 'rxjs';

import type { CheckpointedObservable, RestoreReport } from '../../src/index.js';
import { CheckpointSubject, groupBy, journaled, memoryStorage, mergeMap, scan, share, uid } from '../../src/index.js';
import { Log } from '../support/Log.js';
import { observe, settled } from '../support/Observed.js';
import { mutedWarnings } from '../support/mutedWarnings.js';

type Stream = CheckpointedObservable<number>;

const sum = (state: number, n: number): number => state + n;

const warnings = mutedWarnings();

afterEach(() => {
  jest.useRealTimers();
});

/** Two programs share a log, of which one goes out of the program. */
class Job {
  readonly log = new Log([1, 2]);
  readonly storage = memoryStorage();

  life(dropPipelines: readonly string[] = []) {
    const checkpoints = new CheckpointSubject({ storage: this.storage, dropPipelines });
    const shared$ = this.log.stream$.pipe(uid('log'), share(), uid('shared'));
    const programs: Record<string, Stream> = {
      kept: shared$.pipe(scan(sum, 0), uid('kept')),
      gone: shared$.pipe(
        groupBy(() => 'all'),
        uid('groups'),
        mergeMap((group) => group.pipe(scan(sum, 100))),
        uid('gone'),
      ),
      new: shared$.pipe(scan(sum, 1000), uid('new')),
    };
    const reports: RestoreReport[] = [];
    const onRestore = (report: RestoreReport) => void reports.push(report);
    const start = (...names: string[]) =>
      names.map((name) => observe(checkpoints.recover(programs[name]!, { name, onRestore })));
    return { checkpoints, programs, reports, start };
  }

  async first(): Promise<void> {
    const { checkpoints, start } = this.life();
    const running = start('kept', 'gone');
    await settled();
    await checkpoints.checkpoint();
    for (const observed of running) observed.unsubscribe();
    await settled();
  }
}

describe('a pipeline that the program does not have any more', () => {
  test('is named by those who wait for it: in the report, in a dry run, and after a while on the console', async () => {
    const job = new Job();
    await job.first();
    const { checkpoints, programs, reports, start } = job.life();
    expect(await checkpoints.check(programs.kept!, { name: 'kept' })).toMatchObject({
      waitsFor: ['gone'],
      problems: [],
    });
    expect(await checkpoints.check(programs.new!, { name: 'new' })).toMatchObject({ waitsFor: ['gone', 'kept'] });
    jest.useFakeTimers({ doNotFake: ['setImmediate', 'queueMicrotask', 'nextTick'] });
    const [kept] = start('kept');
    await settled();
    job.log.write(3);
    expect(reports).toMatchObject([{ pipeline: 'kept', waitsFor: ['gone'] }]);
    jest.advanceTimersByTime(9_999);
    expect(warnings()).not.toHaveBeenCalled();
    jest.advanceTimersByTime(1);
    expect(warnings().mock.calls).toMatchInlineSnapshot(`
      [
        [
          "rxjs-checkpoint: pipeline 'kept' waits for 'gone'. They shared a part at the checkpoint, which can only go on for all of them together: recover() 'gone' too. If the program does not have 'gone' any more: new CheckpointSubject({ …, dropPipelines: ['gone'] }).",
        ],
      ]
    `);
    expect(kept!.values).toEqual([]);
    const [gone] = start('gone');
    await settled();
    expect([kept!.values, gone!.values]).toEqual([[6], [106]]);
    expect(reports[1]).toMatchObject({ pipeline: 'gone', waitsFor: [] });
    jest.advanceTimersByTime(60_000);
    expect(warnings()).toHaveBeenCalledTimes(1);
    kept!.unsubscribe();
    gone!.unsubscribe();
    await settled();
  });

  test('nobody is told of one that comes within that time', async () => {
    const job = new Job();
    await job.first();
    const { start } = job.life();
    jest.useFakeTimers({ doNotFake: ['setImmediate', 'queueMicrotask', 'nextTick'] });
    const [kept] = start('kept');
    await settled();
    const [gone] = start('gone');
    await settled();
    jest.advanceTimersByTime(60_000);
    expect(warnings()).not.toHaveBeenCalled();
    kept!.unsubscribe();
    gone!.unsubscribe();
    await settled();
  });

  test('is dropped when the subject is told so, and nobody waits for it then or later', async () => {
    const job = new Job();
    await job.first();
    const { checkpoints, programs, reports, start } = job.life(['gone', 'never there']);
    expect(await checkpoints.check(programs.kept!, { name: 'kept' })).toMatchObject({ waitsFor: [], problems: [] });
    const [kept] = start('kept');
    await settled();
    job.log.write(3);
    expect(kept!.values).toEqual([6]);
    expect(reports).toMatchObject([{ waitsFor: [], orphaned: [] }]);
    const { operators, pipelines } = await checkpoints.checkpoint();
    expect(Object.keys(operators).sort()).toEqual(['kept', 'log', 'shared']);
    expect(pipelines).toEqual({ kept: 'running' });
    kept!.unsubscribe();
    await settled();
    const later = job.life();
    const [again, gone] = later.start('kept', 'gone');
    await settled();
    job.log.write(4);
    expect([again!.values, gone!.values]).toEqual([[10], [104]]);
    again!.unsubscribe();
    gone!.unsubscribe();
    await settled();
  });

  test('loses what its journals had, too', async () => {
    const storage = memoryStorage();
    const life = async (dropPipelines: readonly string[], ...names: string[]) => {
      const checkpoints = new CheckpointSubject({ storage, dropPipelines, retained: 1 });
      const events = new Subject<number>();
      const run = (name: string) =>
        observe(checkpoints.recover(journaled(events).pipe(uid(`${name}-events`), scan(sum, 0)), { name }));
      const running = names.map(run);
      await settled();
      return { checkpoints, events, running };
    };
    const end = async (running: readonly { unsubscribe(): void }[]) => {
      for (const observed of running) observed.unsubscribe();
      await settled();
    };
    const before = await life([], 'kept', 'gone');
    before.events.next(1);
    await settled();
    await before.checkpoints.checkpoint();
    before.events.next(10);
    await settled();
    await end(before.running);
    const without = await life(['gone'], 'kept');
    await without.checkpoints.checkpoint();
    await end(without.running);
    expect((await storage.list()).filter((name) => name.startsWith('journal-'))).toEqual([]);
    const after = await life([], 'kept', 'gone');
    after.events.next(100);
    await settled();
    expect(after.running.map(({ values }) => values)).toEqual([[111], [100]]);
    await end(after.running);
  });

  test('cannot be recovered while it is dropped', () => {
    const { checkpoints, programs } = new Job().life(['gone']);
    expect(() => checkpoints.recover(programs.gone!, { name: 'gone' })).toThrow("Pipeline 'gone' is in dropPipelines");
    expect(() => checkpoints.check(programs.gone!, { name: 'gone' })).toThrow("Pipeline 'gone' is in dropPipelines");
    for (const dropPipelines of ['gone', [''], [1], null])
      expect(() => new CheckpointSubject({ storage: memoryStorage(), dropPipelines: dropPipelines as never })).toThrow(
        'dropPipelines has to be an array of names of pipelines',
      );
  });
});
