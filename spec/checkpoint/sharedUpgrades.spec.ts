import { describe, expect, test } from '@jest/globals';
import type { Connectable } from 'rxjs';
import { BehaviorSubject, ReplaySubject, Subject } from 'rxjs';

import type { CheckpointedObservable, GroupedObservable } from '../../src/index.js';
import {
  CheckpointSubject,
  concat,
  connect,
  connectable,
  groupBy,
  ignoreElements,
  map,
  merge,
  mergeMap,
  NEVER,
  scan,
  share,
  shareReplay,
  switchMap,
  take,
  uid,
  windowCount,
} from '../../src/index.js';
import { counted } from '../support/counted.js';
import { Log } from '../support/Log.js';
import { observe, settled } from '../support/Observed.js';
import { mutedWarnings } from '../support/mutedWarnings.js';
import { ScriptedStorage } from './store/ScriptedStorage.js';

mutedWarnings();

type Stream = CheckpointedObservable<number>;
type Programs = Readonly<Record<string, (shared$: Stream, own$: Stream) => Stream>>;

const add = (sum: number, n: number): number => sum + n;

const sum = (shared$: Stream): Stream => shared$.pipe(scan(add, 0), uid('sum'));

/** The program of tomorrow: there is an operator with state more behind what is shared. */
const counting = (shared$: Stream): Stream => shared$.pipe(counted, uid('count'), scan(add, 0), uid('sum'));

/** Processes of one job. Each is killed: what it has behind its last checkpoint is gone. */
class Job {
  readonly log = new Log([1, 2]);
  readonly own = new Log([100]);
  private readonly storage = new ScriptedStorage();

  constructor(private readonly sharing: (source$: Stream) => Stream) {}

  /** @param rounds - the pipelines that are subscribed together, one group after the other. */
  async life(programs: Programs, ...rounds: string[][]) {
    const checkpoints = new CheckpointSubject({ storage: this.storage.reopened() });
    const shared$ = this.sharing(this.log.stream$.pipe(uid('log')));
    const own$ = this.own.stream$.pipe(uid('own'));
    const errors: unknown[] = [];
    const failures = observe(checkpoints.failures$);
    const values: Record<string, number[]> = {};
    const start = (name: string) => {
      const pipeline$ = programs[name]!(shared$, own$);
      const options = { name, allowNonRestoredState: true, onRestore: () => {} };
      const observed = observe(checkpoints.recover(pipeline$, options));
      values[name] = observed.values;
      return observed;
    };
    const running = new Map<string, ReturnType<typeof start>>();
    const join = async (...names: string[]): Promise<void> => {
      for (const name of names) running.set(name, start(name));
      if ('connect' in shared$) (shared$ as Connectable<number> & Stream).connect();
      await settled();
    };
    for (const round of rounds.length === 0 ? [Object.keys(programs)] : rounds) await join(...round);
    const kill = async (): Promise<void> => {
      for (const observed of running.values()) observed.unsubscribe();
      await settled();
    };
    return {
      checkpoints,
      values,
      errors,
      failures,
      join,
      kill,
      leave: (name: string) => running.get(name)!.unsubscribe(),
    };
  }
}

describe.each<[string, (source$: Stream) => Stream]>([
  ['share', (source$) => source$.pipe(share(), uid('shared'))],
  ['shareReplay', (source$) => source$.pipe(shareReplay(1), uid('shared'))],
  ['connectable', (source$) => connectable(source$, { connector: () => new Subject<number>() }).pipe(uid('shared'))],
])('an operator is put behind %s', (_, sharing) => {
  /** What comes in the life after the upgrade, and in the one after that. */
  async function upgrade(before: Programs, after: Programs, ...rounds: string[][]) {
    const job = new Job(sharing);
    const first = await job.life(before);
    await first.checkpoints.checkpoint();
    await first.kill();
    job.log.write(4);
    const second = await job.life(after, ...rounds);
    const upgraded = second.values.a?.slice();
    job.log.write(8);
    await second.checkpoints.checkpoint();
    job.log.write(16);
    await second.kill();
    const third = await job.life(after, ...rounds);
    expect([second.failures.values, third.failures.values]).toEqual([[], []]);
    await third.kill();
    return { upgraded, second: second.values.a, third: third.values.a, others: third.values };
  }

  const expected = { upgraded: [7], second: [7, 15, 31], third: [31] };

  test('and all come back: both go on where they were', async () => {
    const both = { b: (shared$: Stream) => shared$.pipe(scan(add, 1000), uid('other')) };
    const outcome = await upgrade({ a: sum, ...both }, { a: counting, ...both });
    expect(outcome).toMatchObject(expected);
    expect(outcome.others.b).toEqual([1031]);
  });

  test('when another pipeline that used it has completed', async () => {
    const done = { b: (shared$: Stream) => shared$.pipe(take(1), uid('first')) };
    expect(await upgrade({ a: sum, ...done }, { a: counting, ...done })).toMatchObject(expected);
    expect(await upgrade({ a: sum, ...done }, { a: counting, ...done }, ['a'])).toMatchObject(expected);
  });

  test.each([[[['a', 'b']]], [[['b', 'a']]], [[['a'], ['b']]], [[['b'], ['a']]]])(
    'when another pipeline does not use it any more: %j',
    async (rounds) => {
      const before = { a: sum, b: (shared$: Stream) => shared$.pipe(scan(add, 1000), uid('other')) };
      const after = { a: counting, b: (_shared: Stream, own$: Stream) => own$.pipe(scan(add, 1000), uid('other')) };
      const outcome = await upgrade(before, after, ...rounds);
      expect(outcome.third).toEqual([31]);
      expect(outcome.others.b).toEqual([]);
    },
  );

  test('when another pipeline, which is not there, had been done with it', async () => {
    const b = (shared$: Stream): Stream => concat(shared$.pipe(take(1), uid('first')), NEVER.pipe(uid('never')));
    const idle = { b };
    expect(await upgrade({ a: sum, ...idle }, { a: counting, ...idle }, ['a'])).toMatchObject(expected);
  });

  test('while one that still used it is away, it waits for that one', async () => {
    const b = (shared$: Stream): Stream => shared$.pipe(scan(add, 1000), uid('other'));
    const job = new Job(sharing);
    const first = await job.life({ a: sum, b });
    await first.checkpoints.checkpoint();
    await first.kill();
    const second = await job.life({ a: counting, b }, ['a']);
    job.log.write(4);
    // A checkpoint of waiting is one of where all of them were.
    await second.checkpoints.checkpoint();
    expect(second.values).toEqual({ a: [] });
    await second.kill();
    const third = await job.life({ a: counting, b }, ['a']);
    await third.join('b');
    expect(third.values).toEqual({ a: [7], b: [1007] });
    await third.kill();
  });

  test('when another pipeline was unsubscribed, it goes on with a broken region, as without an upgrade', async () => {
    const b = (shared$: Stream): Stream => shared$.pipe(scan(add, 1000), uid('other'));
    const job = new Job(sharing);
    const first = await job.life({ a: sum, b });
    await first.checkpoints.checkpoint();
    await first.kill();
    const second = await job.life({ a: counting, b });
    second.leave('b');
    job.log.write(4);
    expect(second.values).toEqual({ a: [7], b: [] });
    second.checkpoints.next();
    await settled();
    expect(second.failures.values).toMatchObject([{ reason: 'region-broken' }]);
    await second.kill();
  });
});

test.each<[string, (branch: (shared$: Stream) => Stream) => (source$: Stream) => Stream, number[]]>([
  [
    'connect',
    (branch) => (source$) =>
      source$.pipe(connect(branch, { connector: () => new ReplaySubject<number>(1) }), uid('connected')),
    [7],
  ],
  [
    'groupBy',
    (branch) => (source$) =>
      source$.pipe(
        groupBy(() => 'all', { connector: () => new BehaviorSubject(1000) }),
        uid('groups'),
        mergeMap((group) => branch(group)),
        uid('merged'),
      ),
    [1007],
  ],
])('an operator is put behind %s: what that remembers is not heard again', async (_, program, expected) => {
  const job = new Job((source$) => source$);
  const first = await job.life({ a: program(sum) });
  await first.checkpoints.checkpoint();
  await first.kill();
  const second = await job.life({ a: program(counting) });
  job.log.write(4);
  expect(second.values.a).toEqual(expected);
  await second.kill();
});

/** What is made of a group, or of what `connect` shares. */
type Live = (live: Stream) => Stream;

describe.each<[string, (branches: Live) => (source$: Stream) => Stream]>([
  [
    'connect',
    (branches) => (source$) =>
      source$.pipe(connect(branches, { connector: () => new BehaviorSubject(1000) }), uid('connected')),
  ],
  [
    'groupBy',
    (branches) => (source$) =>
      source$.pipe(
        groupBy(() => 'all', { connector: () => new BehaviorSubject(1000) }),
        uid('groups'),
        mergeMap((group) => branches(group)),
        uid('merged'),
      ),
  ],
])('an operator behind %s is taken away', (_, program) => {
  const later = (live: Stream, cues$: Stream): Stream =>
    cues$.pipe(
      uid('cues'),
      mergeMap((cue) => live.pipe(map((n) => cue + n))),
      uid('later'),
    );

  test('who comes later is new, and is told what is remembered', async () => {
    const cues = new Log<number>();
    const job = new Job((source$) => source$);
    const before = program((live) => merge(live.pipe(scan(add, 0), uid('sum')), later(live, cues.stream$)));
    const first = await job.life({ a: before });
    await first.checkpoints.checkpoint();
    await first.kill();
    const second = await job.life({ a: program((live) => later(live, cues.stream$)) });
    cues.write(10_000);
    cues.write(20_000);
    expect(second.values).toEqual({ a: [10_002, 20_002] });
    job.log.write(3);
    expect(second.values).toEqual({ a: [10_002, 20_002, 10_003, 20_003] });
    await second.checkpoints.checkpoint();
    await second.kill();
    const third = await job.life({ a: program((live) => later(live, cues.stream$)) });
    job.log.write(4);
    cues.write(30_000);
    expect(third.values).toEqual({ a: [10_004, 20_004, 30_004] });
    await third.kill();
  });
});

describe('groups that several pipelines use, of which one comes back later', () => {
  const grouping = (source$: Stream): CheckpointedObservable<GroupedObservable<string, number>> =>
    source$.pipe(
      groupBy(() => 'all', { connector: () => new BehaviorSubject(1000) }),
      uid('groups'),
      share(),
      uid('shared'),
    );

  type Use = (group: Stream) => Stream;

  const old: Use = (group) => group.pipe(scan(add, 0), uid('sum'));
  const upgraded: Use = (group) => group.pipe(counted, uid('count'), scan(add, 0), uid('sum'));

  test.each<[string, string[], Use]>([
    ['the same program', ['a', 'b'], old],
    ['the same program, the other way round', ['b', 'a'], old],
    ['one that has an operator more', ['a', 'b'], upgraded],
    ['one that has an operator more in the later one', ['b', 'a'], upgraded],
  ])('nobody hears again what the group remembers: %s', async (_, [early, late], use) => {
    const job = new Job((source$) => source$);
    const programs = (branch: Use): Programs => {
      let groups$: ReturnType<typeof grouping> | null = null;
      const over = (source$: Stream) => (groups$ ??= grouping(source$));
      return {
        a: (source$) => over(source$).pipe(mergeMap(branch), uid('merged')),
        b: (source$) =>
          over(source$).pipe(
            mergeMap((group) => group.pipe(scan(add, 100), uid('other'))),
            uid('others'),
          ),
      };
    };
    // `b` is the first to use the group.
    const first = await job.life(programs(old), ['b', 'a']);
    expect(first.values).toEqual({ a: [1000, 1001, 1003], b: [1100, 1101, 1103] });
    await first.checkpoints.checkpoint();
    await first.kill();
    const second = await job.life(programs(use), [early!], [late!]);
    job.log.write(4);
    expect(second.values).toEqual({ a: [1007], b: [1107] });
    await second.kill();
  });

  test('who comes while one is awaited does not take its place', async () => {
    const cues = new Log<number>();
    const job = new Job((source$) => grouping(source$) as unknown as Stream);
    const programs: Programs = {
      a: (groups$) =>
        groups$.pipe(
          mergeMap((group) => cues.stream$.pipe(mergeMap((cue) => live(group).pipe(map((n) => cue + n))))),
          uid('cued'),
        ),
      b: (groups$) =>
        groups$.pipe(
          mergeMap((group) => live(group).pipe(scan(add, 100))),
          uid('others'),
        ),
    };
    const first = await job.life(programs);
    await first.checkpoints.checkpoint();
    await first.kill();
    const waiting = await job.life(programs, ['a']);
    cues.write(10_000);
    await waiting.checkpoints.checkpoint();
    expect(waiting.values).toEqual({ a: [] });
    await waiting.kill();
    const second = await job.life(programs, ['a'], ['b']);
    expect(second.values).toEqual({ a: [10_002], b: [] });
    job.log.write(4);
    expect(second.values).toEqual({ a: [10_002, 10_004], b: [1107] });
    await second.kill();
  });
});

describe('a pipeline that listens to a live Observable of a part that it has left', () => {
  const windows = (source$: Stream): CheckpointedObservable<Stream> =>
    source$.pipe(
      windowCount(1000),
      uid('windows'),
      map((window): Stream => window),
      share(),
      uid('shared'),
    );
  const groups = (source$: Stream): CheckpointedObservable<Stream> =>
    source$.pipe(
      groupBy(() => 'all'),
      uid('groups'),
      map((group): Stream => group),
      share(),
      uid('shared'),
    );
  const first = (parts$: CheckpointedObservable<Stream>): Stream =>
    parts$.pipe(
      take(1),
      uid('first'),
      mergeMap((part) => part.pipe(scan(add, 1000))),
      uid('other'),
    );
  const every = (parts$: CheckpointedObservable<Stream>): Stream =>
    parts$.pipe(
      mergeMap((part) => part.pipe(scan(add, 0))),
      uid('every'),
    );
  /** Each life has parts of its own. */
  const perLife = (share$: (source$: Stream) => CheckpointedObservable<Stream>, a = every): Programs => {
    const made = new WeakMap<Stream, CheckpointedObservable<Stream>>();
    const over = (source$: Stream): CheckpointedObservable<Stream> => {
      if (!made.has(source$)) made.set(source$, share$(source$));
      return made.get(source$)!;
    };
    return { a: (source$) => a(over(source$)), b: (source$) => first(over(source$)), c: (_source, own$) => own$ };
  };

  test.each<[string, (source$: Stream) => CheckpointedObservable<Stream>, string[][]]>([
    ['a group', groups, [['a'], ['b']]],
    ['a group', groups, [['b'], ['a']]],
    ['a group', groups, [['b', 'a']]],
    ['a window', windows, [['a'], ['b']]],
    ['a window', windows, [['b'], ['a']]],
    ['a group of a part in a part', (source$) => groups(source$).pipe(share(), uid('outer')), [['a'], ['b']]],
    ['a group of a shared source', (source$) => groups(source$.pipe(share(), uid('sharedLog'))), [['a'], ['b']]],
  ])('hears of %s all that came while it was away: %#', async (_, sharing, rounds) => {
    const job = new Job((source$) => source$);
    const programs = perLife(sharing);
    const before = await job.life(programs, ['a', 'b']);
    expect(before.values).toEqual({ a: [1, 3], b: [1001, 1003] });
    await before.checkpoints.checkpoint();
    await before.kill();
    // It waits for the other one, whatever else is recovered.
    const waiting = await job.life(programs, [rounds[0]![0]!, 'c']);
    job.log.write(4);
    await waiting.checkpoints.checkpoint();
    if (rounds.length > 1) expect(waiting.values).toEqual({ [rounds[0]![0]!]: [], c: [100] });
    await waiting.kill();
    const after = await job.life(programs, ...rounds);
    job.log.write(8);
    await after.checkpoints.checkpoint();
    expect(after.values).toEqual({ a: [7, 15], b: [1007, 1015] });
    expect(after.failures.values).toEqual([]);
    await after.kill();
  });

  test('is waited for too when nobody is connected to the part any more', async () => {
    const cues = new Log<number>();
    const cued = (parts$: CheckpointedObservable<Stream>): Stream =>
      merge(
        parts$.pipe(take(1), uid('once'), ignoreElements()),
        cues.stream$.pipe(
          uid('cues'),
          mergeMap((cue) => parts$.pipe(map(() => cue))),
          uid('cued'),
        ),
      );
    const programs = perLife(groups, cued);
    const job = new Job((source$) => source$);
    const before = await job.life(programs, ['a', 'b']);
    await before.checkpoints.checkpoint();
    await before.kill();
    job.log.write(4);
    const waiting = await job.life(programs, ['a']);
    await waiting.checkpoints.checkpoint();
    await waiting.kill();
    const after = await job.life(programs, ['a'], ['b']);
    expect(after.values).toEqual({ a: [], b: [1007] });
    await after.kill();
  });

  test('is not waited for when it has left that too', async () => {
    const programs = perLife(groups);
    const job = new Job((source$) => source$);
    const twice: Programs = {
      ...programs,
      b: (source$, own$) => programs.b!(source$, own$).pipe(take(2), uid('enough')),
    };
    const before = await job.life(twice, ['a', 'b']);
    await before.checkpoints.checkpoint();
    await before.kill();
    const after = await job.life(twice, ['a']);
    job.log.write(4);
    expect(after.values).toEqual({ a: [7] });
    await after.kill();
  });
});

test('who has come and gone while another pipeline is awaited takes no place', async () => {
  const cues = new Log<number>();
  const job = new Job((source$) => source$.pipe(shareReplay(1), uid('shared')));
  const kept = (shared$: Stream): Stream => shared$.pipe(scan(add, 500), uid('kept'));
  const b = (shared$: Stream): Stream => shared$.pipe(scan(add, 1000), uid('other'));
  const first = await job.life({ a: (shared$) => merge(kept(shared$), sum(shared$)), b });
  await first.checkpoints.checkpoint();
  await first.kill();
  const latest = (shared$: Stream): Stream =>
    cues.stream$.pipe(
      uid('cues'),
      switchMap((cue) => shared$.pipe(map((n) => cue + n))),
      uid('latest'),
    );
  const second = await job.life({ a: (shared$) => merge(kept(shared$), latest(shared$)), b }, ['a']);
  for (const cue of [10, 20, 30]) cues.write(cue);
  await second.join('b');
  expect(second.values).toEqual({ a: [], b: [] });
  job.log.write(4);
  expect(second.values).toEqual({ a: [507, 34], b: [1007] });
  await second.kill();
});

test('a pipeline that is refused breaks its region, or its part would be left behind', async () => {
  const job = new Job((source$) => source$.pipe(share(), uid('shared')));
  const b = (shared$: Stream): Stream => shared$.pipe(scan(add, 1000), uid('other'));
  const first = await job.life({ a: sum, b });
  await first.checkpoints.checkpoint();
  await first.kill();
  const refused = (shared$: Stream): Stream =>
    shared$.pipe(
      map((n) => n),
      scan(add, 1000),
      uid('other', { version: 2, migrate: () => fail() }),
    );
  const second = await job.life({ a: sum, b: refused });
  job.log.write(4);
  second.checkpoints.next();
  await settled();
  expect(second.failures.values).toMatchObject([{ reason: 'region-broken' }]);
  await second.kill();
  const third = await job.life({ a: sum, b });
  expect(third.values).toEqual({ a: [7], b: [1007] });
  await third.kill();
});

/** One of the groups that the stream of that job is of. */
function live(group: unknown): Stream {
  return group as Stream;
}

function fail(): never {
  throw new Error('not yet');
}
