import { describe, expect, test } from '@jest/globals';

import type { CheckpointedObservable } from '../../src/index.js';
import {
  CheckpointSubject,
  EMPTY,
  map,
  memoryStorage,
  scan,
  share,
  shareReplay,
  switchMap,
  uid,
} from '../../src/index.js';
import { Log } from '../support/Log.js';
import { observe, settled } from '../support/Observed.js';
import { mutedWarnings } from '../support/mutedWarnings.js';

type Stream = CheckpointedObservable<number>;

mutedWarnings();

/** `a` uses what it shares with `b` only while a cue wants it; `b` adds up what comes. */
class Job {
  readonly log = new Log([1, 2]);
  readonly cues = new Log<number>();
  private readonly storage = memoryStorage();

  constructor(private readonly sharing: (source$: Stream) => Stream) {}

  life() {
    const checkpoints = new CheckpointSubject({ storage: this.storage });
    const failures = observe(checkpoints.failures$);
    const shared$ = this.sharing(this.log.stream$.pipe(uid('log'))).pipe(uid('shared'));
    const programs = {
      a: this.cues.stream$.pipe(
        uid('cues'),
        switchMap((cue) => (cue === 0 ? EMPTY : shared$.pipe(map((n) => cue + n)))),
        uid('latest'),
      ),
      b: shared$.pipe(
        scan((sum, n) => sum + n, 0),
        uid('sum'),
      ),
      other: this.cues.stream$.pipe(uid('cues')),
    };
    const running: ReturnType<typeof observe<number>>[] = [];
    return {
      checkpoint: () => checkpoints.checkpoint(),
      failures: failures.values,
      start: async (program: keyof typeof programs, name: string = program, allowNonRestoredState = false) => {
        const observed = observe(checkpoints.recover(programs[program], { name, allowNonRestoredState }));
        running.push(observed);
        await settled();
        return observed;
      },
      kill: async () => {
        for (const observed of running) observed.unsubscribe();
        await settled();
      },
    };
  }

  /** Both run, and the checkpoint that the next life begins with has 3 of `b`, plus 3 if there was a cue. */
  async first(cue?: number): Promise<void> {
    const { start, checkpoint, kill } = this.life();
    await start('b');
    await start('a');
    if (cue !== undefined) {
      this.cues.write(cue);
      this.log.write(3);
    }
    await checkpoint();
    await kill();
  }
}

describe.each<[string, (source$: Stream) => Stream]>([
  ['share', (source$) => source$.pipe(share())],
  ['shareReplay', (source$) => source$.pipe(shareReplay({ bufferSize: 1, refCount: true }))],
])('behind %s, of two pipelines one comes back later', (_, sharing) => {
  test('who reaches the part first from an inner pipeline is refused, and takes nothing from the other', async () => {
    const job = new Job(sharing);
    await job.first();
    const { start, checkpoint, kill, failures } = job.life();
    const a = await start('a');
    job.cues.write(100);
    job.log.write(4);
    expect(a.values).toEqual([]);
    expect(a.error).toMatchObject({ code: 'duplicate-uid', kind: 'absent-pipeline', uid: 'shared' });
    const b = await start('b');
    expect(b.values).toEqual([7]);
    const again = await start('a');
    job.log.write(8);
    await checkpoint();
    expect(b.values).toEqual([7, 15]);
    expect(again.values.at(-1)).toBe(108);
    expect(failures).toEqual([]);
    await kill();
  });

  test.each([[[100]], [[100, 200]], [[0]], [[0, 200]], [[100, 0, 200]]])(
    'the part is not reset while that one is awaited, whoever else leaves it: %j',
    async (cues) => {
      const job = new Job(sharing);
      await job.first(50);
      const { start, checkpoint, kill, failures } = job.life();
      const a = await start('a');
      for (const cue of cues) job.cues.write(cue);
      job.log.write(4);
      await checkpoint();
      expect(a.values).toEqual([]);
      const b = await start('b');
      job.log.write(8);
      expect(b.values).toEqual([10, 18]);
      const last = cues.at(-1)!;
      const heard = a.values.filter((value) => value > last + 3);
      expect(heard).toEqual(last === 0 ? [] : [last + 4, last + 8]);
      await checkpoint();
      expect(failures).toEqual([]);
      await kill();
    },
  );

  test('and nobody of those who are back uses the part: it is left as soon as the other has left it', async () => {
    const job = new Job(sharing);
    await job.first(50);
    const { start, checkpoint, kill } = job.life();
    const a = await start('a');
    job.cues.write(0);
    const b = await start('b');
    expect(job.log.readerCount).toBe(1);
    b.unsubscribe();
    await settled();
    expect(job.log.readerCount).toBe(0);
    await expect(checkpoint()).rejects.toMatchObject({ failure: { reason: 'region-broken' } });
    expect(a.error).toBeUndefined();
    await kill();
  });

  test('one that leaves comes back where it was, if nobody else has used the part since the checkpoint', async () => {
    const job = new Job(sharing);
    await job.first(50);
    const { start, checkpoint, kill, failures } = job.life();
    const a = await start('a');
    const b = await start('b');
    job.cues.write(0);
    await checkpoint();
    job.log.write(4);
    b.unsubscribe();
    await checkpoint();
    job.log.write(5);
    const again = await start('b');
    job.cues.write(200);
    job.log.write(6);
    await checkpoint();
    expect([b.values, again.values]).toEqual([[10], [10, 15, 21]]);
    expect(a.values.at(-1)).toBe(206);
    expect(failures).toEqual([]);
    await kill();
  });

  test('one that has left is not torn apart by who makes the part anew', async () => {
    const job = new Job(sharing);
    await job.first(50);
    const { start, checkpoint, kill } = job.life();
    await start('a');
    const b = await start('b');
    job.cues.write(0);
    await checkpoint();
    b.unsubscribe();
    job.cues.write(200);
    await expect(checkpoint()).rejects.toMatchObject({ failure: { reason: 'region-broken' } });
    const again = await start('b');
    expect(again.error).toMatchObject({ code: 'region-restart', pipeline: 'b', others: ['a'] });
    await kill();
    const last = await job.life().start('b');
    job.log.write(4);
    expect(last.values).toEqual([10]);
  });

  test('what one drops of a shared part is kept for the other', async () => {
    const job = new Job(sharing);
    await job.first(50);
    for (const allows of [true, false]) {
      const { start, checkpoint, kill, failures } = job.life();
      const a = await start('other', 'a', allows);
      expect(a.error).toBeUndefined();
      job.cues.write(1000);
      await checkpoint();
      expect([a.error, a.values.at(-1), failures]).toEqual([undefined, 1000, []]);
      await kill();
    }
    job.log.write(4);
    const { start, checkpoint, kill } = job.life();
    const b = await start('b');
    expect(b.values).toEqual([10]);
    await checkpoint();
    await kill();
    const last = await job.life().start('b');
    expect(last.values).toEqual([]);
    job.log.write(5);
    expect(last.values).toEqual([15]);
  });
});

test('a pipeline that is refused gives back the place that it has taken of another one', async () => {
  const log = new Log([1, 2]);
  const storage = memoryStorage();
  const life = () => {
    const checkpoints = new CheckpointSubject({ storage });
    const shared$ = log.stream$.pipe(uid('log'), shareReplay({ bufferSize: 1, refCount: true }), uid('shared'));
    const second$ = shared$.pipe(
      map((n) => 10 * n),
      share(),
      uid('second'),
    );
    const sum = (source$: Stream, name: string): Stream =>
      source$.pipe(
        scan((all, n) => all + n, 0),
        uid(name),
      );
    const programs = { first: sum(shared$, 'first'), new: sum(second$, 'new'), last: sum(second$, 'last') };
    const start = (name: keyof typeof programs) => observe(checkpoints.recover(programs[name], { name }));
    return { checkpoints, start };
  };
  const before = life();
  const running = [before.start('first'), before.start('last')];
  await settled();
  await before.checkpoints.checkpoint();
  for (const observed of running) observed.unsubscribe();
  await settled();
  const after = life();
  const [first, refused] = [after.start('first'), after.start('new')];
  await settled();
  const last = after.start('last');
  await settled();
  expect(refused.error).toMatchObject({ code: 'duplicate-uid', pipelines: ['last'] });
  log.write(3);
  expect([first.values, last.values]).toEqual([[6], [60]]);
  const again = after.start('new');
  await settled();
  log.write(4);
  expect([first.last, last.last, again.last]).toEqual([10, 100, 40]);
  for (const observed of [first, last, again]) observed.unsubscribe();
  await settled();
});

describe('what several pipelines share has another name now', () => {
  const source = new Log<number>([1, 2]);
  const storage = memoryStorage();
  const programs = (checkpoints: CheckpointSubject, names: Readonly<Record<'log' | 'shared' | 'groups', string>>) => {
    const was = (name: keyof typeof names) => (names[name] === name ? {} : { was: name });
    const shared$ = source.stream$.pipe(
      uid(names.log, was('log')),
      scan((sum, n) => sum + n, 0),
      uid(names.groups, was('groups')),
      share(),
      uid(names.shared, was('shared')),
    );
    return (pipeline: string) =>
      observe(
        checkpoints.recover(
          shared$.pipe(
            scan((all, n) => `${all}${n}.`, ''),
            uid(pipeline),
          ),
          { name: pipeline },
        ),
      );
  };
  const old = { log: 'log', shared: 'shared', groups: 'groups' };

  test.each([
    [{ ...old, shared: 'newShared' }, false],
    [{ ...old, log: 'newLog' }, true],
    [{ log: 'newLog', shared: 'newShared', groups: 'newGroups' }, false],
    [{ log: 'newLog', shared: 'newShared', groups: 'newGroups' }, true],
  ])('and each of them goes on: %j, one after the other: %j', async (names, isLater) => {
    const first = new CheckpointSubject({ storage });
    const start = programs(first, old);
    const before = ['a', 'b', 'c'].map(start);
    await settled();
    source.write(source.records.length + 1);
    await first.checkpoint();
    const values = before.map(({ last }) => last);
    for (const observed of before) observed.unsubscribe();
    await settled();
    const second = new CheckpointSubject({ storage });
    const failures = observe(second.failures$);
    const restart = programs(second, names);
    const after = [];
    for (const name of ['c', 'a', 'b']) {
      after.push(restart(name));
      if (isLater) await settled();
    }
    await settled();
    expect(after.map(({ error }) => error)).toEqual([undefined, undefined, undefined]);
    await second.checkpoint();
    source.write(source.records.length + 1);
    expect(after.map(({ error }) => error)).toEqual([undefined, undefined, undefined]);
    const sum = source.records.reduce((all, n) => all + n);
    expect(after.map(({ last }) => last)).toEqual([2, 0, 1].map((i) => `${values[i]}${sum}.`));
    expect(failures.values).toEqual([]);
    for (const observed of after) observed.unsubscribe();
    await settled();
    await clear();
  });

  async function clear(): Promise<void> {
    for (const name of await storage.list()) await storage.remove(name);
    source.records.length = 2;
  }
});
