// What the suites for operators cannot ask of creation functions: they see them in `spec/support/cases/creation.ts`.
import { EventEmitter } from 'node:events';

import { describe, expect, jest, test } from '@jest/globals';
import * as rx from 'rxjs';
import { asapScheduler } from 'rxjs';

import type { CheckpointedObservable } from '../../src/index.js';
import * as ours from '../../src/index.js';
import {
  CheckpointSubject,
  concat,
  defer,
  EMPTY,
  ForeignOperatorError,
  from,
  fromEvent,
  fromEventPattern,
  fromObservable,
  generate,
  interval,
  map,
  memoryStorage,
  merge,
  NEVER,
  of,
  partition,
  range,
  ReplayTooShortError,
  scan,
  scheduled,
  share,
  take,
  tap,
  timer,
  uid,
  using,
} from '../../src/index.js';
import { crashAtEachStep } from '../../src/testing/crashes/crashAtEachStep.js';
import { live, restoresEverywhere } from '../rules/inVirtualTime.js';
import { observe, settled } from '../support/Observed.js';

/** Runs to a checkpoint, stops, and goes on from it with a pipeline that may be another one. */
async function restarted(first$: CheckpointedObservable<unknown>, second$ = first$, between: () => void = () => {}) {
  const storage = memoryStorage();
  const checkpoints = new CheckpointSubject({ storage });
  const first = observe(checkpoints.recover(first$));
  await settled();
  between();
  await checkpoints.checkpoint();
  first.unsubscribe();
  await settled();
  const second = observe(new CheckpointSubject({ storage }).recover(second$));
  await settled();
  return { first, second };
}

describe('what emits all at once', () => {
  test.each([
    ['range', () => range(0, Infinity)],
    ['generate', () => generate({ initialState: 0, iterate: (n) => n + 1 })],
  ])('%s without an end stops when nobody wants more, also in a job', async (_, create) => {
    expect(observe(create().pipe(take(3))).values).toEqual([0, 1, 2]);
    const checkpoints = new CheckpointSubject({ storage: memoryStorage() });
    const pipeline = observe(checkpoints.recover(create().pipe(take(3))));
    await settled();
    expect(pipeline).toMatchObject({ values: [0, 1, 2], hasCompleted: true });
    expect(live(() => merge(of(7), create()).pipe(take(3))).problems).toEqual([]);
  });

  test.each([
    ['range', () => range(0, 4)],
    ['generate', () => generate({ initialState: 0, condition: (n) => n < 4, iterate: (n) => n + 1 })],
    ['a deferred range', () => defer(() => range(0, 4))],
  ])('%s lets a barrier in between any two values', (_, create) => {
    const { cuts } = restoresEverywhere(() => create().pipe(scan((sum, n) => sum + n, 0)));
    const counts = new Set(cuts.map(({ outputs }) => outputs));
    expect([...counts]).toEqual([0, 1, 2, 3, 4]);
  });

  test('a range that has become shorter is refused', async () => {
    const { second } = await restarted(merge(range(0, 5), NEVER), merge(range(0, 2), NEVER));
    expect(second.error).toBeUndefined(); // It had ended.
    const cut = live(() => range(0, 5)).cuts.find(({ outputs }) => outputs === 4)!;
    const { problems, outputs } = live(() => range(0, 2), cut);
    expect([...problems, ...outputs].join()).toContain(new ReplayTooShortError('main:range', 4, 2).message);
  });

  test('a state of generate that is changed in a job fails at once', async () => {
    const counting$ = generate({
      initialState: { n: 0 },
      iterate: (state) => Object.assign(state, { n: state.n + 1 }),
    });
    const pipeline = observe(new CheckpointSubject({ storage: memoryStorage() }).recover(counting$.pipe(take(3))));
    await settled();
    expect(pipeline.error).toBeInstanceOf(TypeError);
  });
});

describe('time', () => {
  test('goes on where it was', () => {
    restoresEverywhere(() => timer(2, 3).pipe(take(5)));
    restoresEverywhere(() =>
      interval(3).pipe(
        take(5),
        scan((sum, n) => sum + n, 0),
      ),
    );
  });

  test('what fell due while nothing ran comes as one number, and the period goes on from then', () => {
    const build = () => interval(10).pipe(take(5));
    const cut = live(build)
      .cuts.filter(({ frame }) => frame <= 20)
      .at(-1)!;
    const { outputs } = live(build, { ...cut, frame: 57 });
    expect(outputs).toEqual(['57 next 2', '67 next 3', '77 next 4', '77 complete']);
  });

  // Not in the random suite: with feedback from within, RxJS's nested queue loses a number of one of several timers.
  test('a timer on the queueScheduler counts synchronously', () => {
    for (const library of [rx, ours as unknown as typeof rx])
      expect(observe(library.timer(0, 0, rx.queueScheduler).pipe(library.take(3))).values).toEqual([0, 1, 2]);
  });

  test('a Date stays that Date', () => {
    const build = () => timer(new Date(50));
    const cut = live(build).cuts[0]!;
    expect(live(build, { ...cut, frame: 20 }).outputs).toEqual(['50 next 0', '50 complete']);
  });

  test.each([
    ['interval', () => interval(3).pipe(take(5))],
    [
      'timer',
      () =>
        timer(1, 2).pipe(
          take(4),
          map((n) => n * 10),
        ),
    ],
    ['defer', () => defer(() => timer(1, 2).pipe(take(3)))],
    [
      'using',
      () =>
        using(
          () => undefined,
          () => interval(2).pipe(take(3)),
        ),
    ],
    ['range', () => concat(range(0, 3), timer(2), EMPTY, range(3, 2))],
  ])('%s survives a crash at each step', async (_, create) => {
    const report = await crashAtEachStep(create);
    expect(report.crashes).toBeGreaterThan(report.steps.length);
  });
});

describe('factories', () => {
  test('a checkpoint that a factory asks for waits until its result is known', async () => {
    const checkpoints = new CheckpointSubject({ storage: memoryStorage() });
    const positions: unknown[] = [];
    const failures: unknown[] = [];
    checkpoints.subscribe(({ operators }) => positions.push(Object.keys(operators)));
    checkpoints.failures$.subscribe((failure) => failures.push(failure));
    const deferred$ = defer(() => {
      checkpoints.next();
      return interval(1_000).pipe(uid('ticks'));
    }).pipe(uid('deferred'));
    const pipeline = observe(checkpoints.recover(deferred$));
    await settled();
    expect({ positions, failures }).toEqual({ positions: [['deferred[0]/ticks', 'deferred']], failures: [] });
    pipeline.unsubscribe();
  });

  test('using makes the resource again, and gives each back', async () => {
    const log: string[] = [];
    const used$ = using(
      () => {
        log.push('made');
        return { unsubscribe: () => log.push('given back') };
      },
      () => interval(1_000),
    );
    const { second } = await restarted(used$);
    expect(log).toEqual(['made', 'given back', 'made']);
    second.unsubscribe();
    await settled();
    expect(log).toEqual(['made', 'given back', 'made', 'given back']);
  });

  test('a shared stream with a uid is reached from within', () => {
    const { outputs } = restoresEverywhere(() => {
      const ticks$ = interval(2).pipe(take(3), share(), uid('ticks'));
      return merge(ticks$, defer(() => ticks$).pipe(map((n) => n * 10)));
    });
    expect(outputs.length).toBe(7);
  });
});

test('both halves of a partition go on', () => {
  const { outputs } = restoresEverywhere(() => {
    const [odd$, even$] = partition(
      interval(2).pipe(take(6), share(), uid('ticks')),
      (n, index) => (n + index) % 4 > 0,
    );
    return merge(odd$, even$.pipe(map((n) => [n])));
  });
  expect(outputs.filter((line) => line.includes('['))).toHaveLength(3);
  expect(outputs).toHaveLength(7);
});

describe('constants', () => {
  test('stand in one pipeline as often as one likes', () => {
    const { outputs } = restoresEverywhere(() =>
      merge(NEVER, concat(EMPTY, timer(2), EMPTY), NEVER.pipe(uid('never')), EMPTY.pipe(uid('empty'))),
    );
    expect(outputs).toEqual(['2 next 0']);
  });

  test('NEVER takes part in checkpoints', async () => {
    const checkpoints = new CheckpointSubject({ storage: memoryStorage() });
    const pipeline = observe(checkpoints.recover(NEVER));
    await settled();
    await expect(checkpoints.checkpoint()).resolves.toMatchObject({ id: 1 });
    pipeline.unsubscribe();
  });

  test('are the same each time, as in RxJS', () => {
    expect(ours.never()).toBe(NEVER);
    expect(ours.empty()).toBe(EMPTY);
    expect(range(3, 0)).toBe(EMPTY);
  });
});

describe('events', () => {
  const libraries = [['RxJS', rx] as const, ['ours', ours as unknown as typeof rx] as const];

  test('are those of RxJS, for all kinds of targets', () => {
    const seen = libraries.map(([, library]) => {
      const emitter = new EventEmitter();
      const others = [new EventEmitter(), new EventEmitter()];
      const target = new EventTarget();
      const handlers: ((...args: unknown[]) => void)[] = [];
      const removed: unknown[] = [];
      const values: unknown[] = [];
      const subscriptions = [
        library.fromEvent(emitter, 'x'),
        library.fromEvent(emitter, 'x', (...args) => args.length),
        library.fromEvent(others, 'x'),
        library.fromEvent(target, 'x', { once: true }).pipe(library.map((event) => event.type)),
        library.fromEventPattern(
          (handler) => handlers.push(handler),
          (_, signal) => removed.push(signal),
        ),
        library.fromEventPattern(
          (handler) => handlers.push(handler),
          undefined,
          (a, b) => `${a}${b}`,
        ),
      ].map((events$, i) => events$.subscribe((value: unknown) => values.push([i, value])));
      const happen = (n: number): void => {
        for (const each of [emitter, ...others]) each.emit('x', n, 'second');
        for (const each of [emitter, ...others]) each.emit('x', n);
        target.dispatchEvent(new Event('x'));
        for (const handler of handlers) handler(n, 2);
      };
      happen(1);
      for (const subscription of subscriptions) subscription.unsubscribe();
      happen(2);
      return { values, removed, listeners: emitter.listenerCount('x') };
    });
    expect(seen[1]).toEqual(seen[0]);
    expect(seen[0]!.values.length).toBeGreaterThan(10);
  });

  test('cannot come from anything', () => {
    for (const [, library] of libraries) expect(() => library.fromEvent({} as EventTarget, 'x')).toThrow(TypeError);
  });

  test('start afresh after a restore, and lose no state', async () => {
    const emitter = new EventEmitter();
    const events$ = () =>
      merge(
        fromEvent(emitter, 'x') as CheckpointedObservable<number>,
        fromEventPattern<number>((handler) => emitter.on('y', handler)),
      ).pipe(scan((sum, n) => sum + n, 0));
    const emit = (n: number): void => void [emitter.emit('x', n), emitter.emit('y', n)];
    const { first, second } = await restarted(events$(), events$(), () => emit(1));
    emit(10);
    expect({ first: first.values, second: second.values }).toEqual({ first: [1, 2], second: [12, 22] });
    second.unsubscribe();
  });

  test('animationFrames are those of RxJS, and start afresh', async () => {
    const frames: ((now: number) => void)[] = [];
    const scope = globalThis as { requestAnimationFrame?: unknown; cancelAnimationFrame?: unknown };
    scope.requestAnimationFrame = (callback: (now: number) => void) => frames.push(callback);
    scope.cancelAnimationFrame = jest.fn();
    try {
      let now = 0;
      const frame = (): void => frames.splice(0).forEach((callback) => callback(now));
      const passed$ = ours.animationFrames({ now: () => now }).pipe(map(({ elapsed }) => elapsed));
      const { first, second } = await restarted(passed$, passed$, () => ((now = 16), frame()));
      now = 32;
      frame();
      expect({ first: first.values, second: second.values }).toEqual({ first: [16], second: [16] });
      second.unsubscribe();
      expect(scope.cancelAnimationFrame).toHaveBeenCalledTimes(2);
    } finally {
      delete scope.requestAnimationFrame;
      delete scope.cancelAnimationFrame;
    }
  });
});

describe('callbacks', () => {
  test('a function is called once for all subscriptions, and with its this', () => {
    const seen = [rx, ours as unknown as typeof rx].map((library) => {
      const log: unknown[] = [];
      const bound = library.bindCallback(function (this: unknown, x: number, done: (y: number) => void) {
        log.push(this, x);
        done(x + 1);
      });
      const result$ = bound.call('me', 1);
      result$.subscribe((value) => log.push(value));
      result$.subscribe((value) => log.push(value));
      return log;
    });
    expect(seen[1]).toEqual(seen[0]);
  });

  test('is called again at a restore, and a value that came is not repeated', async () => {
    let calls = 0;
    const call$ = ours.bindNodeCallback((done: (error: null, n: number) => void) => done(null, ++calls))();
    const pipeline$ = () => merge(call$, NEVER);
    const { first, second } = await restarted(pipeline$());
    expect(first.values).toEqual([1]);
    expect(second.values).toEqual([]);
    second.unsubscribe();
  });
});

describe.each<[string, () => CheckpointedObservable<number>]>([
  ['scheduled', () => scheduled(of(1, 2).pipe(tap()), asapScheduler)],
  ['from with a scheduler', () => from(of(1, 2).pipe(tap()), asapScheduler)],
])('%s', (_, create) => {
  test('refuses a checkpointed stream in a job, whose state would be lost', async () => {
    const scheduled$ = create();
    const outside = observe(scheduled$);
    const inside = observe(new CheckpointSubject({ storage: memoryStorage() }).recover(scheduled$));
    await settled();
    await settled();
    expect(outside.values).toEqual([1, 2]);
    expect(inside.error).toBeInstanceOf(ForeignOperatorError);
  });
});

describe('fromObservable', () => {
  test('leaves a checkpointed stream as it is, with its state', async () => {
    const numbers$ = new rx.Subject<number>();
    const sums$ = (): CheckpointedObservable<number> =>
      fromObservable(fromObservable(numbers$, { hot: true }).pipe(scan((sum, n) => sum + n, 0)));
    const storage = memoryStorage();
    const live1 = new CheckpointSubject({ storage });
    const first = observe(live1.recover(sums$()));
    await settled();
    numbers$.next(1);
    numbers$.next(2);
    await live1.checkpoint();
    first.unsubscribe();
    await settled();
    const second = observe(new CheckpointSubject({ storage }).recover(sums$()));
    await settled();
    numbers$.next(3);
    numbers$.next(4);
    expect(first.values).toEqual([1, 3]);
    expect(second.values).toEqual([6, 10]);
    second.unsubscribe();
  });
});
