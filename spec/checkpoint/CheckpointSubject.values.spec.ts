import { describe, expect, test } from '@jest/globals';
import { produce } from 'immer';

import type { CheckpointedObservable, CheckpointedOperator, Step } from '../../src/index.js';
import {
  bufferCount,
  catchError,
  CheckpointSubject,
  combineLatest,
  delay,
  distinctUntilChanged,
  map,
  memoryStorage,
  mergeMap,
  of,
  pairwise,
  reduce,
  scan,
  uid,
} from '../../src/index.js';
import { foldedIn, stateIn } from '../support/CheckpointStates.js';
import { inFakeTime } from '../support/inFakeTime.js';
import { Log } from '../support/Log.js';
import { observe, settled } from '../support/Observed.js';

inFakeTime();

/** A job over one log, with a restart by hand. */
async function running<R>(build: (log$: CheckpointedObservable<number>) => CheckpointedObservable<R>) {
  const log = new Log<number>();
  const storage = memoryStorage();
  const start = async () => {
    const checkpoints = new CheckpointSubject({ storage });
    const failures = observe(checkpoints.failures$);
    const pipeline = observe(checkpoints.recover(build(log.stream$.pipe(uid('log')))));
    await settled();
    return { checkpoints, failures, pipeline };
  };
  const job = await start();
  const restart = async () => {
    job.pipeline.unsubscribe();
    await settled();
    return start();
  };
  return { log, ...job, restart };
}

class Point {
  constructor(readonly x: number) {}
}

describe('state that cannot be stored', () => {
  const cyclic: Record<string, unknown> = {};
  cyclic.self = cyclic;

  test.each<[string, unknown, string]>([
    ['an instance of a class', { at: new Point(1) }, 'state.value.at is an instance of Point'],
    ['in an array', [1, [new Point(2)]], 'state.value[1][0] is an instance of Point'],
    ['a value of a Map', new Map([['a', new Point(3)]]), 'state.value.<entry 0> is an instance of Point'],
    ['a key of a Map', new Map([[new Point(4), 'a']]), 'state.value.<key 0> is an instance of Point'],
    ['in a Set', new Set([1, new Point(5)]), 'state.value.<entry 1> is an instance of Point'],
    ['a function', { 'no name': () => 1 }, `state.value["no name"] is the function 'no name'`],
    ['a symbol', { kind: Symbol('a') }, 'state.value.kind is the symbol Symbol(a)'],
    ['the state itself', new Point(6), 'state.value is an instance of Point'],
    ['a Promise', { later: Promise.resolve(1) }, 'state.value.later is an instance of Promise'],
    ['a WeakMap', new WeakMap(), 'state.value is an instance of WeakMap'],
    ['a subclass of Map', new (class Index extends Map {})(), 'state.value is an instance of Index'],
    ['a property whose key is a symbol', { [Symbol('s')]: 1 }, 'state.value has a property whose key is a symbol'],
    ['an array with properties', /a/.exec('ab'), 'state.value is an array with properties besides its items'],
  ])(
    '%s: the checkpoint is declined with operator and path, the pipeline goes on, and the next one may succeed',
    async (_, value, path) => {
      const { log, checkpoints, failures, pipeline } = await running((log$) =>
        log$.pipe(
          scan((_state: unknown, n: number): unknown => (n === 2 ? value : n), 0),
          uid('state'),
          map(() => 'emitted'),
        ),
      );
      log.write(1, 2);
      await expect(checkpoints.checkpoint()).rejects.toMatchObject({
        reason: 'declined',
        operator: 'state',
        checkpointId: 1,
      });
      expect(failures.values).toHaveLength(1);
      expect(failures.values[0]!.message).toContain(
        `Checkpoint 1 failed: operator 'state' declined. The state of operator 'state' cannot be stored: ${path}`,
      );
      expect(failures.values[0]!.cause).toMatchObject({ code: 'unstorable-value', operator: 'state' });
      log.write(3);
      expect(foldedIn(await checkpoints.checkpoint(), 'state')).toBe(3);
      expect(pipeline.values).toEqual(['emitted', 'emitted', 'emitted']);
    },
  );

  test.each<[string, CheckpointedOperator<unknown, unknown>, string]>([
    ['held by delay', delay(1_000), 'state.values[0].payload.at'],
    ['held by bufferCount', bufferCount(5), 'state.buffers[0][0].at'],
    ['held by pairwise', pairwise(), 'state.previous.at'],
    ['compared by distinctUntilChanged', distinctUntilChanged(), 'state.key.at'],
  ])('%s is named as well', async (_, operator, path) => {
    const { log, checkpoints } = await running((log$) =>
      log$.pipe(
        map((n) => ({ at: new Point(n) })),
        operator,
        uid('holder'),
      ),
    );
    log.write(1);
    const failure: unknown = await checkpoints.checkpoint().catch((error: unknown) => error);
    expect(failure).toMatchObject({
      reason: 'declined',
      operator: 'holder',
      cause: { code: 'unstorable-value', path },
    });
  });

  test('an outer value of an inner pipeline is named too', async () => {
    const { log, checkpoints } = await running((log$) =>
      log$.pipe(
        map((n) => new Point(n)),
        mergeMap(() => new Log([1]).stream$.pipe(uid('inner'))),
        uid('all'),
      ),
    );
    log.write(1);
    const failure: unknown = await checkpoints.checkpoint().catch((error: unknown) => error);
    expect(failure).toMatchObject({ reason: 'declined', operator: 'all', cause: { path: 'state.inner[0].value' } });
  });

  test('an error of a class that nobody told about is declined, one that is told about comes back as itself', async () => {
    class OutOfStock extends Error {
      constructor(readonly item: string) {
        super(`no ${item} left`);
      }
    }
    const caught: unknown[] = [];
    const log = new Log([1]);
    const build = () =>
      log.stream$.pipe(
        uid('log'),
        map((): number => {
          throw new OutOfStock('bread');
        }),
        catchError((error: unknown) => {
          caught.push(error);
          return new Log([0]).stream$.pipe(uid('plan b'));
        }),
        uid('catch'),
      );
    const ignorant = new CheckpointSubject({ storage: memoryStorage() });
    observe(ignorant.failures$);
    observe(ignorant.recover(build()));
    await settled();
    await expect(ignorant.checkpoint()).rejects.toMatchObject({ reason: 'declined', operator: 'catch' });

    const storage = memoryStorage();
    const errorTypes = [
      { name: 'OutOfStock', is: (error: Error) => error instanceof OutOfStock, create: () => new OutOfStock('') },
    ];
    for (let run = 0; run < 2; run++) {
      const checkpoints = new CheckpointSubject({ storage, errorTypes });
      const pipeline = observe(checkpoints.recover(build()));
      await settled();
      await checkpoints.checkpoint();
      pipeline.unsubscribe();
      await settled();
    }
    const restored = caught[caught.length - 1] as OutOfStock;
    expect(restored).toBeInstanceOf(OutOfStock);
    expect(restored).toMatchObject({ message: 'no bread left', item: 'bread' });
  });
});

describe('values that can be stored come back as they were', () => {
  const shared = { id: 1 };
  const cycle: Record<string, unknown> = { name: 'loop' };
  cycle.self = cycle;

  test.each<[string, () => unknown]>([
    ['primitives', () => [1, -0, NaN, Infinity, 'text\u0000\ud83d', true, null, undefined, 12345678901234567890n]],
    ['holes', () => [1, , 3]],
    ['Map and Set', () => new Map<unknown, unknown>([[{ key: 1 }, new Set([1, 'a', null])]])],
    ['a Date', () => ({ at: new Date(86_400_000) })],
    ['a RegExp', () => ({ pattern: /a+b/giu })],
    [
      'bytes',
      () => ({
        bytes: new Uint8Array([1, 2, 255]),
        floats: new Float64Array([0.5, NaN]),
        buffer: new Uint8Array([7]).buffer,
      }),
    ],
    ['an object without prototype', () => Object.assign(Object.create(null) as object, { a: 1 })],
    ['one object in two places', () => [shared, shared, { deep: shared }]],
    ['a cycle', () => cycle],
  ])('%s', async (_, create) => {
    const value = create();
    const { log, checkpoints, restart } = await running((log$) =>
      log$.pipe(
        scan((state: unknown, n: number): unknown => (n === 1 ? value : state), null),
        uid('state'),
        bufferCount(2, 1),
        uid('held'),
      ),
    );
    log.write(1);
    await checkpoints.checkpoint();
    const { pipeline } = await restart();
    log.write(2);
    const [state, held] = [pipeline.values[0]![1], pipeline.values[0]![0]];
    expect(state).toStrictEqual(value);
    expect(held).toStrictEqual(value);
    if (Array.isArray(value) && value[0] === shared) expect((state as unknown[])[0]).toBe((state as unknown[])[1]);
  });
});

describe('state that is mutated after a snapshot', () => {
  type Counts = Record<string, { times: number }>;
  const mutations: [string, () => CheckpointedOperator<number, unknown>][] = [
    [
      'an object',
      () =>
        scan((state: Counts, n) => {
          (state[n] ??= { times: 0 }).times++;
          return state;
        }, {} as Counts),
    ],
    ['an array', () => scan((state: number[], n) => (state.push(n), state), [])],
    ['a Map', () => scan((state: Map<number, number>, n) => state.set(n, 1), new Map())],
    ['a Set', () => scan((state: Set<number>, n) => state.add(n), new Set<number>())],
    [
      'something deep',
      () =>
        scan((state: { all: Map<string, number[]> }, n) => (state.all.get('a')!.push(n), state), {
          all: new Map([['a', []]]),
        }),
    ],
    ['what reduce folds', () => reduce((state: number[], n) => (state.push(n), state), [])],
  ];

  test.each(mutations)('%s as a seed: the first value fails, and not some later checkpoint', async (_, fold) => {
    const { log, pipeline } = await running((log$) => log$.pipe(fold(), uid('fold')));
    log.write(1);
    expect(pipeline.error).toBeInstanceOf(Error);
    expect((pipeline.error as Error).message).toMatch(/read.only|not extensible|frozen/);
    expect((pipeline.error as Error).stack).toContain('CheckpointSubject.values.spec');
  });

  test.each([
    ['an object', () => ({ n: 0 }), (state: unknown) => ((state as { n: number }).n++, state)],
    ['an array', () => [0], (state: unknown) => ((state as number[]).push(1), state)],
    ['a Map', () => new Map([[0, 0]]), (state: unknown) => (state as Map<number, number>).set(1, 1)],
    ['a Set', () => new Set([0]), (state: unknown) => (state as Set<number>).add(1)],
    [
      'an item of a Map',
      () => new Map([[0, { n: 0 }]]),
      (state: unknown) => ((state as Map<number, { n: number }>).get(0)!.n++, state),
    ],
  ])('%s throws at the culprit, and the checkpoint stays as it was', async (_, create, mutate) => {
    const { log, checkpoints, pipeline, restart } = await running((log$) =>
      log$.pipe(
        scan((state: unknown, n): unknown => (n === 1 ? create() : n === 2 ? mutate(state) : state), null),
        uid('state'),
      ),
    );
    log.write(1, 2);
    expect(pipeline.error).toBeUndefined(); // Between two checkpoints nobody else has it.
    log.write(1);
    const checkpoint = await checkpoints.checkpoint();
    log.write(2);
    expect(pipeline.error).toBeInstanceOf(Error);
    expect(foldedIn(checkpoint, 'state')).toEqual(create());
    log.records.pop();
    const again = await restart();
    log.write(3);
    expect(again.pipeline.values).toEqual([create()]);
  });

  test('is frozen again after a restart', async () => {
    const { log, checkpoints, restart } = await running((log$) =>
      log$.pipe(
        scan((state: number[], n) => (n === 1 ? [...state, n] : (state.push(n), state)), []),
        uid('state'),
      ),
    );
    log.write(1);
    await checkpoints.checkpoint();
    const { pipeline } = await restart();
    log.write(2);
    expect(pipeline.error).toBeInstanceOf(TypeError);
  });

  test('is safe when it is written with immer', async () => {
    const { log, checkpoints, restart } = await running((log$) =>
      log$.pipe(
        scan(
          produce((counts: Counts, n: number) => {
            (counts[n] ??= { times: 0 }).times++;
          }),
          {} as Counts,
        ),
        uid('counts'),
      ),
    );
    log.write(1, 1);
    await checkpoints.checkpoint();
    log.write(2);
    await checkpoints.checkpoint();
    const { pipeline } = await restart();
    log.write(1);
    expect(pipeline.last).toEqual({ 1: { times: 3 }, 2: { times: 1 } });
  });

  test.each([
    [
      'a Map',
      () => Object.freeze(new Map([[0, 0]])),
      (state: unknown, n: number) => (state as Map<number, number>).set(n, n),
    ],
    ['a Set', () => Object.freeze(new Set([0])), (state: unknown, n: number) => (state as Set<number>).add(n)],
  ])('%s that the user froze can be changed all the same, and is copied', async (_, create, change) => {
    const { log, checkpoints, pipeline, restart } = await running((log$) =>
      log$.pipe(
        scan((state: unknown, n): unknown => (n < 3 ? change(state, n) : state), create() as unknown),
        uid('state'),
      ),
    );
    log.write(1);
    const first = await checkpoints.checkpoint();
    log.write(2);
    const second = await checkpoints.checkpoint();
    expect(pipeline.error).toBeUndefined();
    expect(foldedIn(first, 'state')).toEqual(change(create(), 1));
    const whole = change(change(create(), 1), 2);
    expect(foldedIn(second, 'state')).toEqual(whole);
    const again = await restart();
    log.write(3);
    expect(again.pipeline.values).toEqual([whole]);
  });

  test('what freezing cannot protect is copied: a Date and bytes', async () => {
    interface State {
      readonly at: Date;
      readonly bytes: Uint8Array;
      readonly n: number;
    }
    const { log, checkpoints, restart } = await running((log$) =>
      log$.pipe(
        scan(
          (state: State, n): State => {
            state.at.setTime(n);
            state.bytes[0] = n;
            return { ...state, n };
          },
          { at: new Date(0), bytes: new Uint8Array(1), n: 0 },
        ),
        uid('state'),
      ),
    );
    log.write(7);
    const checkpoint = await checkpoints.checkpoint();
    log.write(9);
    expect(foldedIn(checkpoint, 'state')).toEqual({ at: new Date(7), bytes: new Uint8Array([7]), n: 7 });
    log.records.pop();
    const { pipeline } = await restart();
    log.write(8);
    expect(pipeline.last).toEqual({ at: new Date(8), bytes: new Uint8Array([8]), n: 8 });
  });
});

describe('values that are merely held', () => {
  interface Item {
    n: number;
    tags: Set<string>;
  }
  const item = (n: number): Item => ({ n, tags: new Set(['new']) });
  const holders: [string, () => Step<Item, unknown>, (state: Record<string, unknown>) => unknown][] = [
    [
      'delay',
      () => delay(1_000),
      (state: Record<string, unknown>) => (state.values as { payload: Item }[])[0]!.payload,
    ],
    ['bufferCount', () => bufferCount(5), (state) => (state.buffers as Item[][])[0]![0]],
    ['pairwise', () => pairwise(), (state) => state.previous],
    [
      'combineLatest',
      () => (source$: CheckpointedObservable<Item>) => combineLatest([source$, of(0)]),
      (state) => (state.values as Item[])[0],
    ],
    [
      'mergeMap',
      () => mergeMap(() => new Log([1]).stream$.pipe(uid('inner'))),
      (state) => (state.inners as { active: { value: Item }[] }).active[0]!.value,
    ],
  ];

  test.each(holders)(
    'by %s stay the user\u2019s: they are not frozen, and changing them does not change the checkpoint',
    async (_, holder, read) => {
      const items: Item[] = [];
      const { log, checkpoints } = await running((log$) =>
        log$.pipe(
          map((n) => (items.push(item(n)), items[items.length - 1]!)),
          holder(),
          uid('holder'),
        ),
      );
      log.write(1);
      const checkpoint = await checkpoints.checkpoint();
      items[0]!.n = 99;
      items[0]!.tags.add('changed');
      expect(read(stateIn(checkpoint, 'holder')!)).toEqual({ n: 1, tags: new Set(['new']) });
      const next = await checkpoints.checkpoint();
      expect(read(stateIn(next, 'holder')!)).toEqual({ n: 99, tags: new Set(['new', 'changed']) });
    },
  );

  test('are the user\u2019s again after a restart', async () => {
    const { log, checkpoints, restart } = await running((log$) =>
      log$.pipe(
        map(item),
        bufferCount(2),
        uid('pairs'),
        map(([first, second]) => {
          first!.n += 10;
          first!.tags.add('changed');
          return [first, second];
        }),
      ),
    );
    log.write(1);
    await checkpoints.checkpoint();
    const { pipeline } = await restart();
    log.write(2);
    expect(pipeline.error).toBeUndefined();
    expect(pipeline.values).toEqual([[{ n: 11, tags: new Set(['new', 'changed']) }, item(2)]]);
  });

  test('in a checkpoint cannot be changed by who reads it', async () => {
    const { log, checkpoints, pipeline } = await running((log$) => log$.pipe(map(item), bufferCount(2), uid('pairs')));
    log.write(1);
    const checkpoint = await checkpoints.checkpoint();
    const held = (stateIn(checkpoint, 'pairs')!.buffers as Item[][])[0]![0]!;
    expect(() => (held.n = 99)).toThrow(TypeError);
    expect(() => held.tags.add('changed')).toThrow(Error);
    log.write(2);
    expect(pipeline.values).toEqual([[item(1), item(2)]]);
  });
});

test.each([
  ['own state', 'total', 'state.value.list[1].sum', scan((_: unknown, n: unknown) => n, null as unknown)],
  ['a held value', 'pairs', 'state.previous.list[1].sum', pairwise<unknown>()],
] as const)('a getter that throws, in %s, is refused as a getter, with its path', async (_, name, path, keeping) => {
  const log = new Log<number>();
  const checkpoints = new CheckpointSubject({ storage: memoryStorage() });
  observe(checkpoints.failures$);
  const boom = new Error('boom');
  const value = {
    list: [
      {},
      {
        get sum(): number {
          throw boom;
        },
      },
    ],
  };
  observe(
    checkpoints.recover(
      log.stream$.pipe(
        uid('log'),
        map((): unknown => value),
        keeping,
        uid(name),
      ),
    ),
  );
  await settled();
  log.write(1);
  await expect(checkpoints.checkpoint()).rejects.toMatchObject({
    reason: 'declined',
    operator: name,
    path,
    cause: { cause: boom },
    message: `Checkpoint 1 failed: operator '${name}' declined. The state of operator '${name}' cannot be stored: ${path} is a getter, and it threw (boom). Store the value itself.`,
  });
});

test('whoever enters the job while a snapshot is taken is stopped: the checkpoint would be inconsistent', async () => {
  const log = new Log<number>();
  const checkpoints = new CheckpointSubject({ storage: memoryStorage() });
  const treacherous = {
    get now(): number {
      log.write(5);
      return 1;
    },
  };
  observe(checkpoints.failures$);
  const pipeline = observe(
    checkpoints.recover(
      log.stream$.pipe(
        uid('log'),
        map((n) => (n === 1 ? treacherous : n)),
        pairwise(),
        uid('pairs'),
      ),
    ),
  );
  await settled();
  log.write(1);
  await expect(checkpoints.checkpoint()).rejects.toMatchObject({
    reason: 'declined',
    operator: 'pairs',
    cause: { code: 'entry-during-barrier' },
  });
  expect(pipeline.values).toEqual([]);
});
