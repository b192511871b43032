import { describe, expect, test } from '@jest/globals';
import { Subject } from 'rxjs';

import type { CheckpointedObservable, CheckpointStorage, RestoreReport } from '../../src/index.js';
import {
  CheckpointSubject,
  journaled,
  map,
  memoryStorage,
  merge,
  of,
  scan,
  share,
  shareReplay,
  switchMap,
  take,
  uid,
} from '../../src/index.js';
import { FaultyStorage } from '../../src/testing/FaultyStorage.js';
import { Log } from '../support/Log.js';
import type { Observed } from '../support/Observed.js';
import { observe, settled } from '../support/Observed.js';

type Stream = CheckpointedObservable<string>;

class Job {
  readonly logs = { a: new Log<string>(), b: new Log<string>() };
  readonly commands = { a: new Log<number>(), b: new Log<number>() };
  readonly reports: RestoreReport[] = [];
  private readonly storage: CheckpointStorage = memoryStorage();

  /** Recovers these in one go. What each shares with the other is used by an inner pipeline of the other. */
  async life(names: readonly string[], suffix = '') {
    const job = new CheckpointSubject({ storage: this.storage });
    const a$ = this.logs.a.stream$.pipe(uid(`logA${suffix}`), share(), uid(`sharedA${suffix}`));
    const b$ = this.logs.b.stream$.pipe(uid(`logB${suffix}`), share(), uid(`sharedB${suffix}`));
    const both = (own$: Stream, other$: Stream, commands: Log<number>, name: string): Stream =>
      merge(
        own$,
        commands.stream$.pipe(
          uid(`commands${name}`),
          switchMap((n) => (n === 0 ? of('-') : other$.pipe(map((value) => `${n}${value}`)))),
          uid(`switch${name}`),
        ),
      );
    const programs: Record<string, Stream> = {
      A: both(a$, b$, this.commands.a, 'A'),
      B: both(b$, a$, this.commands.b, 'B'),
      C: this.commands.a.stream$.pipe(
        uid('commandsC'),
        switchMap((n) => (n === 0 ? of('-') : b$)),
        uid('switchC'),
      ),
    };
    const onRestore = (report: RestoreReport): void => void this.reports.push(report);
    const out: Record<string, Observed<string>> = {};
    for (const name of names) out[name] = observe(job.recover(programs[name]!, { name, onRestore }));
    await settled();
    return {
      out,
      checkpoint: () => job.checkpoint(),
      stop: async () => {
        for (const name of names) out[name]!.unsubscribe();
        await settled();
      },
    };
  }

  /** Until all inner pipelines are over, and a checkpoint. */
  async first(...names: string[]): Promise<void> {
    const life = await this.life(names);
    this.commands.a.write(1);
    this.commands.b.write(2);
    this.logs.a.write('a');
    this.logs.b.write('b');
    this.commands.a.write(0);
    this.commands.b.write(0);
    await life.checkpoint();
    await life.stop();
    this.reports.length = 0;
  }
}

describe('pipelines that are recovered in one go', () => {
  test.each([['A,B'], ['B,A'], ['C,B'], ['B,C']])('restore what they share, in the order %s', async (order) => {
    const names = order.split(',');
    const job = new Job();
    await job.first(...names);
    const { out, stop } = await job.life(names);
    job.logs.b.write('c');
    for (const name of names) expect([name, out[name]!.error]).toEqual([name, undefined]);
    expect(out.B!.values).toEqual(['c']);
    expect(job.reports.map(({ pipeline, orphaned }) => [pipeline, orphaned]).sort()).toEqual(
      [...names].sort((one, other) => (one < other ? -1 : 1)).map((name) => [name, []]),
    );
    job.commands.a.write(3);
    job.logs.b.write('d');
    expect([...out.B!.values, out[names.find((name) => name !== 'B')!]!.last]).toEqual([
      ...['c', 'd'],
      names.includes('A') ? '3d' : 'd',
    ]);
    await stop();
  });

  test.each([['own,new'], ['new,own']])('join what the checkpoint has of others, in the order %s', async (order) => {
    const log = new Log<number>([1, 2]);
    const storage = memoryStorage();
    const life = async (...names: string[]) => {
      const job = new CheckpointSubject({ storage });
      const sums$ = log.stream$.pipe(
        uid('log'),
        scan((sum, n) => sum + n, 0),
        uid('sum'),
        share(),
        uid('sums'),
      );
      const programs: Record<string, CheckpointedObservable<string>> = {
        own: sums$.pipe(map((sum) => `own ${sum}`)),
        new: sums$.pipe(map((sum) => `new ${sum}`)),
      };
      const out = names.map((name) => observe(job.recover(programs[name]!, { name })));
      await settled();
      return { job, out };
    };
    const first = await life('own');
    await first.job.checkpoint();
    first.out[0]!.unsubscribe();
    await settled();
    const names = order.split(',');
    const { out } = await life(...names);
    log.write(3);
    expect(out.map(({ values, error }) => [values, error])).toEqual(names.map((name) => [[`${name} 6`], undefined]));
    for (const observed of out) observed.unsubscribe();
    await settled();
  });

  test('are refused when what they used at the checkpoint has another name, before they emit anything', async () => {
    const job = new Job();
    await job.first('C', 'B');
    const { out, stop } = await job.life(['C', 'B'], 'New');
    job.commands.a.write(3);
    expect(out.B).toMatchObject({ values: [], error: { code: 'orphaned-snapshot' } });
    // To this one it is a part that it has not used yet.
    expect(out.C).toMatchObject({ values: ['b'], error: undefined });
    await stop();
    const again = await job.life(['C', 'B']);
    expect([again.out.C!.values, again.out.C!.error]).toEqual([[], undefined]);
    await again.stop();
  });

  test('one without the other is refused once it reaches the part, and both go on later', async () => {
    const job = new Job();
    await job.first('C', 'B');
    const alone = await job.life(['C']);
    job.commands.a.write(4);
    expect(alone.out.C).toMatchObject({ values: [], error: { code: 'duplicate-uid' } });
    await alone.stop();
    const { out, stop, checkpoint } = await job.life(['C', 'B']);
    job.logs.b.write('e');
    expect([out.C!.values, out.B!.values]).toEqual([['e'], ['e']]);
    await checkpoint();
    await stop();
  });
});

describe('what is above a shared part, without uids,', () => {
  const numbers = () => new Log<number>([1, 2]);

  /** `first` reaches the part first, and completes before the checkpoint. */
  async function restarted(order: readonly string[], logs: { log: Log<number> }) {
    const storage = memoryStorage();
    const life = async (names: readonly string[]) => {
      const job = new CheckpointSubject({ storage });
      const shared$ = logs.log.stream$.pipe(
        scan((sum, n) => sum + n, 0),
        share(),
        uid('shared'),
      );
      const programs: Record<string, CheckpointedObservable<number>> = {
        first: shared$.pipe(take(1)),
        other: shared$.pipe(map((sum) => 10 * sum)),
      };
      const out = Object.fromEntries(names.map((name) => [name, observe(job.recover(programs[name]!, { name }))]));
      await settled();
      return { job, out };
    };
    const before = await life(['first', 'other']);
    const { operators } = await before.job.checkpoint();
    for (const observed of Object.values(before.out)) observed.unsubscribe();
    await settled();
    const after = await life(order);
    logs.log.write(3);
    for (const observed of Object.values(after.out)) observed.unsubscribe();
    await settled();
    return { operators: Object.keys(operators).sort(), out: after.out };
  }

  test.each([['first,other'], ['other,first'], ['other']])('finds its place in the order %s', async (order) => {
    const { operators, out } = await restarted(order.split(','), { log: numbers() });
    expect(operators).toEqual(['shared', 'shared@0:log', 'shared@0:scan']);
    expect([out.other!.error, out.other!.values]).toEqual([undefined, [60]]);
  });

  test.each([['first,other'], ['other,first']])(
    'and a share() without a uid does, too, in the order %s',
    async (order) => {
      const storage = new FaultyStorage({ seed: 1 });
      const events = new Subject<number>();
      const life = async (on: FaultyStorage, names: readonly string[]) => {
        const job = new CheckpointSubject({ storage: on });
        const append = (all: readonly number[], n: number): readonly number[] => [...all, n];
        const shared$ = journaled(events).pipe(share(), scan(append, []), share(), uid('shared'));
        const programs: Record<string, CheckpointedObservable<readonly number[]>> = {
          first: shared$,
          other: shared$.pipe(map((all) => all)),
        };
        const out = names.map((name) => observe(job.recover(programs[name]!, { name })));
        await settled();
        return out;
      };
      await life(storage, ['first', 'other']);
      events.next(1);
      events.next(2);
      await settled();
      const after = await life(storage.crash(), order.split(','));
      events.next(3);
      await settled();
      expect(after.map(({ last, error }) => [last, error])).toEqual([
        [[1, 2, 3], undefined],
        [[1, 2, 3], undefined],
      ]);
    },
  );

  test('is found again when the part has another name, a journal as well', async () => {
    const storage = memoryStorage();
    const events = new Subject<number>();
    const life = async (uidOfPart: (source$: CheckpointedObservable<number>) => CheckpointedObservable<number>) => {
      const job = new CheckpointSubject({ storage });
      const sums$ = journaled(events).pipe(
        scan((sum, n) => sum + n, 0),
        share(),
      );
      const out = observe(job.recover(uidOfPart(sums$)));
      await settled();
      return { job, out };
    };
    const before = await life((source$) => source$.pipe(uid('old')));
    events.next(1);
    await settled();
    await before.job.checkpoint();
    before.out.unsubscribe();
    await settled();
    const after = await life((source$) => source$.pipe(uid('new', { was: 'old' })));
    events.next(10);
    await settled();
    expect([after.out.error, after.out.values]).toEqual([undefined, [11]]);
    after.out.unsubscribe();
    await settled();
  });

  test('has names of its own where the pipeline has such operators, too', async () => {
    const storage = memoryStorage();
    const [outer, inner] = [new Log<number>([1]), numbers()];
    const life = async () => {
      const job = new CheckpointSubject({ storage });
      const shared$ = inner.stream$.pipe(
        scan((sum, n) => sum + n, 0),
        shareReplay({ bufferSize: 1, refCount: true }),
        uid('shared'),
      );
      const all$ = outer.stream$.pipe(
        scan((sum, n) => sum + n, 0),
        switchMap((sum) => shared$.pipe(map((n) => 10 * sum + n))),
      );
      const out = observe(job.recover(all$));
      await settled();
      return { job, out };
    };
    const before = await life();
    const { operators } = await before.job.checkpoint();
    expect(Object.keys(operators).sort()).toEqual(
      ['main:log', 'main:scan', 'main:switchMap', 'shared', 'shared@0:log', 'shared@0:scan'].sort(),
    );
    before.out.unsubscribe();
    await settled();
    const after = await life();
    inner.write(3);
    expect([after.out.error, after.out.values]).toEqual([undefined, [16]]);
    after.out.unsubscribe();
    await settled();
  });
});
