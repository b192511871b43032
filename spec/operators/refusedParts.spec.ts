import { describe, expect, jest, test } from '@jest/globals';

import type { Observable } from 'rxjs';
import * as rxjs from 'rxjs';

import type { CheckpointedObservable } from '../../src/index.js';
import {
  asyncScheduler,
  catchError,
  CheckpointSubject,
  connect,
  connectable,
  delay,
  finalize,
  interval,
  map,
  memoryStorage,
  merge,
  mergeMap,
  multicast,
  of,
  onErrorResumeNextWith,
  refCount,
  retry,
  retryWhen,
  scan,
  share,
  shareReplay,
  startWith,
  Subject,
  throwError,
  timer,
  uid,
} from '../../src/index.js';
import { live, restoresEverywhere, timed } from '../rules/inVirtualTime.js';
import { inFakeTime } from '../support/inFakeTime.js';
import { observe, settled } from '../support/Observed.js';

type Numbers = CheckpointedObservable<number>;

/** In front of what cannot be connected. */
const parts: readonly [string, (refused$: Numbers) => Numbers][] = [
  ['an operator with inputs', (refused$) => merge(interval(2.5), refused$)],
  ['one whose first input has ended', (refused$) => merge(of(0), refused$)],
  ['one with a timer, and a prefix', (refused$) => refused$.pipe(delay(3), startWith(7))],
  [
    'one that subscribes again',
    (refused$) =>
      refused$.pipe(
        retry(1),
        scan((sum, n) => sum + n, 0),
      ),
  ],
  ['a shared stream', (refused$) => merge(interval(2.5), refused$.pipe(shareReplay(1), uid('named')))],
];

const handlers: readonly [string, (source$: Numbers) => Numbers][] = [
  ['retry', (source$) => source$.pipe(retry({ count: 2, delay: 5.5 }))],
  ['retry at once', (source$) => source$.pipe(retry(2))],
  ['retryWhen', (source$) => source$.pipe(retryWhen((errors$) => errors$.pipe(delay(5.5))))],
  ['catchError', (source$) => source$.pipe(catchError(() => timed('---5|')))],
  ['onErrorResumeNextWith', (source$) => source$.pipe(onErrorResumeNextWith(timed('---5|')))],
];

describe.each(handlers)('an error while an inner pipeline connects, handled by %s', (_, handle) => {
  test.each(parts)('leaves nothing of it behind: %s', (__, part) => {
    let calls = 0;
    restoresEverywhere(() => {
      const create = (): Subject<number> => {
        // A restore subscribes to what there was, which is nothing.
        calls++;
        throw new RangeError('no Subject');
      };
      return merge(
        timed('1-2-3-4-5-6-7-8|', 0.25),
        handle(timer(3.125).pipe(mergeMap(() => part(timed('123|', 0.5).pipe(share({ connector: create })))))),
      ).pipe(catchError(() => timed('--0|', 0.75)));
    });
    expect(calls).toBeGreaterThan(0);
  });
});

test('an attempt that cannot be connected leaves nothing of it behind', () => {
  const { outputs } = restoresEverywhere(() => {
    const create = (): Subject<number> => {
      // The second attempt.
      if (asyncScheduler.now() === 7.5) throw new RangeError('no Subject');
      return new Subject();
    };
    const failing$ = timer(4.125).pipe(mergeMap(() => throwError(() => new RangeError('again'))));
    const attempt$ = merge(interval(2.5), timed('123|', 0.5).pipe(share({ connector: create })), failing$);
    return merge(timed('1-2-3-4-5-6-7-8|', 0.25), attempt$.pipe(retry({ count: 3, delay: 3.375 }))).pipe(
      catchError(() => timed('--0|', 0.75)),
    );
  });
  // By the first attempt, and by the third.
  expect(outputs).toEqual(expect.arrayContaining(['0.5 next 1', '11.375 next 1']));
  expect(outputs).not.toContain('8 next 1');
});

describe.each(handlers)('a part that a job refuses, in front of %s', (_, handle) => {
  const program = (part: (refused$: Numbers) => Numbers): Numbers => {
    const shared$ = interval(4.25).pipe(share());
    return merge(shared$, handle(timer(10.125).pipe(mergeMap(() => part(shared$)))));
  };

  test.each(parts)('fails the pipeline: %s', (__, part) => {
    const { cuts, outputs, problems } = live(() => program(part));
    expect(problems).toEqual([]);
    const lines = outputs.map((line) => line.replace(/:.*/, ''));
    // What opens before comes first, as in RxJS: a prefix.
    expect(lines.filter((line) => !line.startsWith('10.125 next'))).toEqual([
      '4.25 next 0',
      '8.5 next 1',
      '10.125 error SharedWithoutUidError',
    ]);
    expect(lines.at(-1)).toBe('10.125 error SharedWithoutUidError');
    expect(cuts.length).toBeGreaterThan(3);
  });
});

test('retry() does not try again what a job refuses', () => {
  let attempts = 0;
  const { outputs } = live(() => {
    const shared$ = timed('1-2-3|').pipe(share());
    attempts = 0;
    return merge(
      shared$,
      of(1).pipe(
        mergeMap(() => {
          attempts++;
          return shared$;
        }),
        retry(1000),
      ),
    );
  });
  expect(outputs.at(-1)).toMatch(/^0 error SharedWithoutUidError/);
  expect(attempts).toBe(1);
});

test('what a part has to handle errors is not asked either', () => {
  const { outputs } = live(() => {
    const shared$ = interval(4.25).pipe(share());
    return merge(shared$, timer(10.125).pipe(mergeMap(() => shared$.pipe(catchError(() => timed('1|'))))));
  });
  expect(outputs.at(-1)).toMatch(/^10.125 error SharedWithoutUidError/);
});

describe.each(handlers)('a stock operator in a projection, in front of %s', (_, handle) => {
  test.each([
    ['', (foreign$: Observable<number>) => foreign$],
    [', in its own', (foreign$: Observable<number>) => foreign$.pipe(rxjs.catchError(() => [1]))],
  ])('fails the pipeline%s', (__, within) => {
    const { outputs } = live(() =>
      handle(timed('-1|').pipe(mergeMap(() => within(rxjs.concat(timed('1|').pipe(scan((sum, n) => sum + n, 0))))))),
    );
    expect(outputs.map((line) => line.replace(/:.*/, ''))).toEqual(['1 error ForeignOperatorError']);
  });
});

describe('in a job', () => {
  inFakeTime();

  const create = (): Subject<number> => {
    throw new RangeError('no Subject');
  };

  test.each<[string, () => Numbers]>([
    ['share', () => interval(3).pipe(share({ connector: create }))],
    ['connect', () => interval(3).pipe(connect((shared$) => shared$, { connector: create }))],
    ['multicast', () => interval(3).pipe(multicast(create), refCount())],
  ])('%s that gets no Subject does not stay in the job', async (_, part) => {
    const checkpoints = new CheckpointSubject({ storage: memoryStorage() });
    const part$ = timer(12).pipe(mergeMap(() => part().pipe(delay(1))));
    const seen = observe(checkpoints.recover(merge(interval(5), part$.pipe(catchError(() => interval(7))))));
    await settled();
    await jest.advanceTimersByTimeAsync(20);
    const taken = checkpoints.checkpoint();
    await settled();
    expect(Object.keys((await taken).operators).sort()).toEqual([
      'main:catchError',
      'main:catchError[0]:interval',
      'main:interval',
      'main:merge',
    ]);
    seen.unsubscribe();
  });

  test('a connection by hand that fails does not stay', async () => {
    const checkpoints = new CheckpointSubject({ storage: memoryStorage() });
    const failing$ = interval(5).pipe(share({ connector: create }), uid('failing'));
    const byHand$ = connectable(failing$);
    observe(checkpoints.recover(merge(byHand$, interval(5))));
    await settled();
    expect(() => byHand$.connect()).toThrow('no Subject');
    const taken = checkpoints.checkpoint();
    await settled();
    expect(Object.keys((await taken).operators)).not.toContain('failing');
  });

  test('a reset that cannot be connected does not stay', async () => {
    const unhandled: unknown[] = [];
    rxjs.config.onUnhandledError = (error) => unhandled.push(error);
    try {
      const checkpoints = new CheckpointSubject({ storage: memoryStorage() });
      const reset = () => interval(5).pipe(share({ connector: create }), uid('failing'));
      const shared$ = of(1).pipe(share({ resetOnComplete: reset }), uid('shared'));
      const seen = observe(checkpoints.recover(merge(interval(10), timer(12).pipe(mergeMap(() => shared$)))));
      await settled();
      await jest.advanceTimersByTimeAsync(20);
      const taken = checkpoints.checkpoint();
      await settled();
      expect(Object.keys((await taken).operators)).not.toContain('failing');
      expect(seen.values).toEqual([0, 1, 1]);
      expect(unhandled).toHaveLength(1);
    } finally {
      rxjs.config.onUnhandledError = null;
    }
  });

  test('no barrier sees half of a pipeline that fails outside of a turn', async () => {
    const checkpoints = new CheckpointSubject({ storage: memoryStorage() });
    const completed = observe(checkpoints);
    observe(checkpoints.failures$);
    const count$ = interval(5).pipe(
      scan((sum) => sum + 1, 0),
      uid('count'),
      finalize(() => void checkpoints.checkpoint().catch(() => {})),
    );
    // Of RxJS, and ours within: found when the timer fires.
    const foreign = () => rxjs.timer(30).pipe(rxjs.mergeMap(() => interval(5)));
    const seen = observe(checkpoints.recover(merge(count$, timer(20).pipe(mergeMap(foreign), uid('inners')))));
    await settled();
    await jest.advanceTimersByTimeAsync(60);
    await settled();
    expect(seen.error).toMatchObject({ name: 'ForeignOperatorError' });
    expect(completed.values.map(({ operators }) => Object.keys(operators))).toEqual([]);
  });

  test('an inner pipeline without uids, where they are required, fails the pipeline', async () => {
    const checkpoints = new CheckpointSubject({ storage: memoryStorage(), requireUids: true });
    const observed = observe(
      checkpoints.recover(
        timer(100).pipe(
          uid('timer'),
          mergeMap(() => merge(timer(1).pipe(uid('one')), timer(2))),
          uid('inners'),
          retry(),
          uid('retry'),
        ),
      ),
    );
    await settled();
    expect(observed).toMatchObject({ values: [], error: undefined });
    await jest.advanceTimersByTimeAsync(100);
    expect(observed).toMatchObject({ values: [], error: { code: 'missing-uid' } });
    // The job has ended, and gives its storage back.
    await settled();
    expect(jest.getTimerCount()).toBe(0);
  });

  test('what shares a part with it is stopped, and both restart from a checkpoint', async () => {
    const storage = memoryStorage();
    const begin = async (isNamed: boolean) => {
      const config$ = interval(100).pipe(share());
      const ticks$ = interval(100).pipe(share(), uid('ticks'));
      const checkpoints = new CheckpointSubject({ storage });
      const a$ = merge(
        isNamed ? config$.pipe(uid('config')) : config$,
        ticks$.pipe(
          mergeMap((n) => (n === 3 ? merge(timer(5), config$) : timer(5))),
          uid('inners'),
          retry(),
        ),
      ).pipe(map((n) => `a${n}`));
      const b$ = ticks$.pipe(map((n) => `b${n}`));
      const values: string[] = [];
      const observed = [observe(checkpoints.recover(a$, { name: 'a' }), (value) => values.push(value))];
      observed.push(observe(checkpoints.recover(b$, { name: 'b' }), (value) => values.push(value)));
      await settled();
      return { checkpoints, values, errors: () => observed.map(({ error }) => error) };
    };
    const first = await begin(false);
    await jest.advanceTimersByTimeAsync(220);
    await first.checkpoints.checkpoint();
    expect(first.errors()).toEqual([undefined, undefined]);
    await jest.advanceTimersByTimeAsync(200);
    expect(first.errors()).toMatchObject([{ code: 'shared-without-uid' }, { code: 'region-restart' }]);
    await settled();
    const second = await begin(false);
    await jest.advanceTimersByTimeAsync(50);
    expect(second.errors()).toEqual([undefined, undefined]);
    // The third is overdue, as in a process that was blocked.
    expect(second.values).toEqual(['a2', 'b2', 'a0']);
  });
});
