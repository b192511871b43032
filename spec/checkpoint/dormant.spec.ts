import { describe, expect, test } from '@jest/globals';
import { retry } from 'rxjs';

import type { CheckpointedObservable, CheckpointStorage } from '../../src/index.js';
import {
  CheckpointSubject,
  concatMap,
  DuplicateUidError,
  map,
  memoryStorage,
  merge,
  of,
  OrphanedSnapshotError,
  publishBehavior,
  publishReplay,
  refCount,
  scan,
  share,
  shareReplay,
  switchMap,
  take,
  uid,
} from '../../src/index.js';
import { Log } from '../support/Log.js';
import { observe, settled } from '../support/Observed.js';

type Stream = CheckpointedObservable<string>;
type Sharing = (config$: Stream) => Stream;

const first = (source$: Stream): Stream => source$.pipe(take(1), uid('first'));

const ways: Readonly<Record<string, Sharing>> = {
  'shareReplay(1)': (config$) => first(config$).pipe(shareReplay(1), uid('shared')),
  'shareReplay({ refCount: true })': (config$) =>
    first(config$).pipe(shareReplay({ bufferSize: 1, refCount: true }), uid('shared')),
  'share without resets': (config$) =>
    first(config$).pipe(
      share({ resetOnComplete: false, resetOnError: false, resetOnRefCountZero: false }),
      uid('shared'),
    ),
  'publishReplay, refCount': (config$) => config$.pipe(publishReplay(1), refCount(), uid('shared')),
  'publishBehavior, refCount': (config$) => config$.pipe(publishBehavior('B'), refCount(), uid('shared')),
  'publishBehavior, refCount, of one that ends': (config$) =>
    first(config$).pipe(publishBehavior('B'), refCount(), uid('shared')),
};

/** Each command but 0 subscribes to what is shared, until the next one. */
function program(config: Log<string>, commands: Log<number>, sharing: Sharing): Stream {
  const shared$ = sharing(config.stream$.pipe(uid('config')));
  return commands.stream$.pipe(
    uid('commands'),
    switchMap((n) => (n === 0 ? of('-') : shared$.pipe(map((value) => `${n}${value}`)))),
    uid('switch'),
  );
}

type Step = (config: Log<string>, commands: Log<number>) => void;
const say =
  (value: string): Step =>
  (config) =>
    config.write(value);
const command =
  (n: number): Step =>
  (_, commands) =>
    commands.write(n);

const steps: readonly Step[] = [
  ...[command(1), say('a'), command(0), command(0), command(2), say('b')],
  ...[command(0), command(3), command(0), command(4)],
];

/** @param cuts - behind which steps there is a checkpoint and a restart. */
async function outputs(sharing: Sharing, cuts: readonly number[]): Promise<readonly string[]> {
  const storage = memoryStorage();
  const [config, commands] = [new Log<string>(), new Log<number>()];
  const values: string[] = [];
  const begin = async () => {
    const job = new CheckpointSubject({ storage });
    const out = observe(job.recover(program(config, commands, sharing)));
    await settled();
    return { job, out };
  };
  let life = await begin();
  for (const [i, step] of steps.entries()) {
    step(config, commands);
    if (!cuts.includes(i)) continue;
    await life.job.checkpoint();
    values.push(...life.out.values);
    life.out.unsubscribe();
    await settled();
    life = await begin();
  }
  expect(life.out.error).toBeUndefined();
  values.push(...life.out.values);
  life.out.unsubscribe();
  return values;
}

describe.each(Object.entries(ways))('%s, subscribed to by inner pipelines only', (_, sharing) => {
  test('goes on after a restart at any time as if there had been none', async () => {
    const expected = await outputs(sharing, []);
    expect(expected).toContain('-');
    for (const i of steps.keys()) expect([i, await outputs(sharing, [i])]).toEqual([i, expected]);
  });

  test('waits through several restarts', async () => {
    expect(await outputs(sharing, [2, 3, 6])).toEqual(await outputs(sharing, []));
    expect(await outputs(sharing, [...steps.keys()])).toEqual(await outputs(sharing, []));
  });
});

test('a multicast that inner pipelines use keeps its Subject between them, as in RxJS', async () => {
  const values = await outputs(ways['publishBehavior, refCount']!, []);
  // First what it has kept; then the source is read from its beginning.
  expect(values).toEqual([
    ...['1B', '1a', '-', '-'],
    ...['2a', '2a', '2b', '-'],
    ...['3b', '3a', '3b', '-'],
    ...['4b', '4a', '4b'],
  ]);
});

/** A process of which the shared part has ended, and has nobody. */
async function before(storage: CheckpointStorage): Promise<{ config: Log<string>; commands: Log<number> }> {
  const [config, commands] = [new Log(['a']), new Log([1, 0])];
  const job = new CheckpointSubject({ storage });
  const out = observe(job.recover(program(config, commands, ways['shareReplay(1)']!)));
  await settled();
  expect(out.values).toEqual(['1a', '-']);
  await job.checkpoint();
  out.unsubscribe();
  await settled();
  config.records[0] = 'not read again';
  return { config, commands };
}

test('what is dormant is no orphan, in the report and in a check', async () => {
  const storage = memoryStorage();
  const { config, commands } = await before(storage);
  const job = new CheckpointSubject({ storage });
  const pipeline = program(config, commands, ways['shareReplay(1)']!);
  expect(await job.check(pipeline)).toMatchObject({ orphaned: [], problems: [] });
  const reports = observe(job.restores$);
  const out = observe(job.recover(pipeline));
  await settled();
  expect(reports.values).toMatchObject([{ orphaned: [], matched: ['commands', 'switch'] }]);
  out.unsubscribe();
});

test('is found under an old name', async () => {
  const storage = memoryStorage();
  const { config, commands } = await before(storage);
  const renamed: Sharing = (config$) => first(config$).pipe(shareReplay(1), uid('new', { was: 'shared' }));
  const out = observe(new CheckpointSubject({ storage }).recover(program(config, commands, renamed)));
  await settled();
  commands.write(2);
  expect(out.values).toEqual(['2a']);
  out.unsubscribe();
});

test('is reached by a pipeline that is new, and its name is not to be taken by anything else', async () => {
  const storage = memoryStorage();
  const { config, commands } = await before(storage);
  const job = new CheckpointSubject({ storage });
  const shared$ = ways['shareReplay(1)']!(config.stream$.pipe(uid('config')));
  const main$ = commands.stream$.pipe(
    uid('commands'),
    switchMap((n) => (n === 0 ? of('-') : shared$)),
    uid('switch'),
  );
  const main = observe(job.recover(main$));
  await settled();
  const thief$ = new Log<number>().stream$.pipe(
    scan((a, b) => a + b),
    uid('shared'),
  );
  const thief = observe(job.recover(thief$, { name: 'thief' }));
  await settled();
  expect(thief.error).toBeInstanceOf(DuplicateUidError);
  const late = observe(job.recover(shared$.pipe(map((value) => `late ${value}`)), { name: 'late' }));
  await settled();
  expect(late.values).toEqual(['late a']);
  commands.write(2);
  expect(main.values).toEqual(['a']);
  await job.checkpoint();
  main.unsubscribe();
});

test('waits again when its pipeline fails and comes back within the job', async () => {
  const storage = memoryStorage();
  const { config, commands } = await before(storage);
  const job = new CheckpointSubject({ storage });
  const out = observe(job.recover(program(config, commands, ways['shareReplay(1)']!)).pipe(retry(1)));
  await settled();
  await job.checkpoint();
  commands.breakDown(new Error('broken'));
  await settled();
  commands.write(2);
  expect([out.error, out.values]).toEqual([undefined, ['2a']]);
  await job.checkpoint();
  out.unsubscribe();
});

test('one of an inner pipeline waits for that', async () => {
  const storage = memoryStorage();
  const [config, commands] = [new Log(['a']), new Log([1])];
  const asks = new Log<number>();
  const begin = async () => {
    const job = new CheckpointSubject({ storage });
    const inner = (n: number): Stream => {
      const own$ = config.stream$.pipe(uid('config'), take(1), uid('first'), shareReplay(1), uid('own'));
      return asks.stream$.pipe(
        uid('asks'),
        concatMap((ask) => own$.pipe(map((value) => `${n}${ask}${value}`))),
        uid('answers'),
      );
    };
    const out = observe(job.recover(commands.stream$.pipe(uid('commands'), concatMap(inner), uid('outer'))));
    await settled();
    return { job, out };
  };
  const life = await begin();
  asks.write(7);
  expect(life.out.values).toEqual(['17a']);
  await life.job.checkpoint();
  life.out.unsubscribe();
  await settled();
  config.records[0] = 'not read again';
  const next = await begin();
  asks.write(8);
  expect([next.out.error, next.out.values]).toEqual([undefined, ['18a']]);
  next.out.unsubscribe();
});

test('what goes on for nobody is refused if the process has made two of that name, and says what to do', async () => {
  const sharing: Sharing = (config$) => config$.pipe(shareReplay(1), uid('shared'));
  const storage = memoryStorage();
  const [config, commands] = [new Log(['a']), new Log([1, 0])];
  const job = new CheckpointSubject({ storage });
  const out = observe(job.recover(program(config, commands, sharing)));
  await settled();
  await job.checkpoint();
  out.unsubscribe();
  await settled();
  const again = observe(new CheckpointSubject({ storage }).recover(program(config, commands, sharing)));
  await settled();
  expect(again.error).toBeInstanceOf(OrphanedSnapshotError);
  expect(again.error).toMatchObject({
    message: expect.stringMatching(/nobody was subscribed to shared, .*recover\(\) it as a pipeline of its own/),
  });
});

test('a restored inner pipeline does not decide how long a multicast keeps its Subject', async () => {
  const run = async (isCut: boolean): Promise<readonly string[]> => {
    const storage = memoryStorage();
    const [config, commands] = [new Log<string>(), new Log<number>()];
    const begin = async () => {
      const shared$ = config.stream$.pipe(uid('config'), publishBehavior('B'), refCount(), uid('shared'));
      const inners$ = commands.stream$.pipe(
        uid('commands'),
        switchMap((n) => (n === 0 ? of('-') : shared$.pipe(map((value) => `${n}${value}`)))),
        uid('switch'),
      );
      const job = new CheckpointSubject({ storage });
      const out = observe(job.recover(merge(inners$, shared$.pipe(take(2), uid('static')))));
      await settled();
      return { job, out };
    };
    let life = await begin();
    const values: string[] = [];
    commands.write(1);
    config.write('a', 'b');
    if (isCut) {
      await life.job.checkpoint();
      values.push(...life.out.values);
      life.out.unsubscribe();
      await settled();
      life = await begin();
    }
    commands.write(0, 2);
    values.push(...life.out.values);
    life.out.unsubscribe();
    return values;
  };
  expect(await run(true)).toEqual(await run(false));
});
