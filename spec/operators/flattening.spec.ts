import { describe, expect, test } from '@jest/globals';
import * as rxjs from 'rxjs';

import * as ours from '../../src/index.js';
import type { Library } from '../support/Library.js';
import { settled } from '../support/Observed.js';

const { CheckpointSubject, fromObservable, map, mergeAll, memoryStorage, of } = ours;

async function failureWith(value: unknown): Promise<string> {
  const checkpoints = new CheckpointSubject({ storage: memoryStorage() });
  const values$ = new rxjs.Subject<number>();
  const messages: string[] = [];
  checkpoints.failures$.subscribe(({ cause }) => messages.push((cause as Error).message));
  const pipeline$ = fromObservable(values$, { hot: true }).pipe(
    map(() => value as rxjs.Observable<unknown>),
    mergeAll(),
  );
  const subscription = checkpoints.recover(pipeline$, { name: 'main' }).subscribe();
  await settled();
  values$.next(1);
  checkpoints.next();
  await settled();
  subscription.unsubscribe();
  return messages.join('\n');
}

describe('an Observable as a value', () => {
  const wayOut =
    'which a restore could not make again. Keep the value that it is made from, and make it in a projection, which a ' +
    'restore calls again: mergeMap((value) => …) instead of mergeAll(), and so on.';

  test.each<[string, unknown]>([
    ['Observable', rxjs.NEVER],
    ['Subject', new rxjs.Subject()],
    ['Observable', rxjs.NEVER.pipe((never$) => fromObservable(never$))],
    ['Promise', new Promise(() => {})],
  ])('in a checkpoint is an error that says what to do (%#, %s)', async (name, value) => {
    expect(await failureWith(value)).toBe(
      `The state of operator 'main:mergeAll' cannot be stored: state.inner[0].value is an instance of ${name}, ${wayOut}`,
    );
  });
});

const joined: Record<
  string,
  (arrays$: ours.CheckpointedObservable<number[]>) => ours.CheckpointedObservable<number[]>
> = {
  zipAll: (arrays$) => arrays$.pipe(ours.zipAll()),
  combineLatestAll: (arrays$) => arrays$.pipe(ours.combineLatestAll()),
  'toArray and mergeMap': (arrays$) =>
    arrays$.pipe(
      ours.toArray(),
      ours.mergeMap((arrays) => ours.zip(arrays.map((array) => of(...array)))),
    ),
};

describe('arrays that are collected', () => {
  test.each(Object.entries(joined))('come back after a restart: %s', async (_, join) => {
    const storage = memoryStorage();
    const results: number[][] = [];
    const live = async (array: number[], isLast: boolean): Promise<void> => {
      const checkpoints = new CheckpointSubject({ storage });
      const arrays$ = new rxjs.Subject<number[]>();
      const pipeline$ = join(fromObservable(arrays$, { hot: true }));
      const subscription = checkpoints.recover(pipeline$).subscribe((result) => results.push(result));
      await settled();
      arrays$.next(array);
      if (isLast) arrays$.complete();
      else await checkpoints.checkpoint();
      subscription.unsubscribe();
    };

    await live([1], false);
    await live([2], true);

    expect(results).toEqual([[1, 2]]);
  });
});

/** A source that does not look up: what stops it is that its subscriber is closed. */
function firehose(emitted: number[]): rxjs.Observable<number> {
  return new rxjs.Observable<number>((subscriber) => {
    for (let i = 0; i < 10 && !subscriber.closed; i++) {
      emitted.push(i);
      subscriber.next(i);
    }
  });
}

const stopped: Record<string, (rx: Library) => rxjs.OperatorFunction<number, unknown>> = {
  exhaustMap: (rx) => rx.exhaustMap((x) => [x]),
  expand: (rx) => rx.expand((x) => [x + 1]),
  mergeScan: (rx) => rx.mergeScan((acc, x) => [acc + x], 0),
  switchScan: (rx) => rx.switchScan((acc, x) => [acc + x], 0),
  debounce: (rx) => rx.debounce(() => [1]),
  audit: (rx) => rx.audit(() => [1]),
  throttle: (rx) => rx.throttle(() => [1]),
  delayWhen: (rx) => rx.delayWhen(() => [1]),
  'delayWhen with a subscription delay': (rx) => rx.delayWhen(() => [1], rxjs.of(1)),
  skipUntil: (rx) => rx.skipUntil([1]),
  takeUntil: (rx) => rx.takeUntil(rxjs.NEVER),
  'takeUntil at once': (rx) => rx.takeUntil([1]),
  throttleTime: (rx) => rx.throttleTime(0, rxjs.queueScheduler, { leading: true, trailing: true }),
  auditTime: (rx) => rx.auditTime(0, rxjs.queueScheduler),
  timeout: (rx) => rx.timeout(1_000),
  observeOn: (rx) => rx.observeOn(rxjs.queueScheduler),
  subscribeOn: (rx) => rx.subscribeOn(rxjs.queueScheduler),
  bufferToggle: (rx) => rx.bufferToggle([1, 2], () => [1, 2]),
};

test.each(Object.entries(stopped))('%s is stopped by take while its source emits at once', (_, operator) => {
  const run = (rx: Library, adopt: (source: rxjs.Observable<number>) => rxjs.Observable<number>): unknown[] => {
    const emitted: number[] = [];
    const results: unknown[] = [];
    adopt(firehose(emitted))
      .pipe(operator(rx), rx.take(2))
      .subscribe((value) => results.push(value));
    return [emitted, results];
  };
  const expected = run(rxjs, (source) => source);
  expect(run(ours as unknown as Library, (source) => source)).toEqual(expected);
  expect(run(ours as unknown as Library, (source) => fromObservable(source))).toEqual(expected);
});

/** Emits to its own source while a value is handled, three times. */
const reentrant: Record<string, (rx: Library, loop: (x: number) => void) => rxjs.OperatorFunction<number, unknown>> = {
  'exhaustMap, from its projection': (rx, loop) => rx.exhaustMap((x) => (loop(x), rxjs.of(x))),
  'switchScan, from its accumulator': (rx, loop) => rx.switchScan((acc, x) => (loop(x), rxjs.of(acc + x)), 0),
  'mergeScan, from its accumulator': (rx, loop) => rx.mergeScan((acc, x) => (loop(x), rxjs.of(acc + x)), 0, 1),
  'debounce, from its selector': (rx, loop) => rx.debounce((x) => (loop(x), rxjs.of(1))),
  'audit, from its selector': (rx, loop) => rx.audit((x) => (loop(x), rxjs.of(1))),
  'throttle, from its selector': (rx, loop) =>
    rx.throttle((x) => (loop(x), rxjs.NEVER), { leading: true, trailing: true }),
  'delayWhen, from its selector': (rx, loop) => rx.delayWhen((x) => (loop(x), rxjs.of(1))),
};

test.each(Object.entries(reentrant))('%s: values that come back in are handled as in RxJS', (_, operator) => {
  const run = (rx: Library, adopt: (source: rxjs.Observable<number>) => rxjs.Observable<number>): unknown[] => {
    const source$ = new rxjs.Subject<number>();
    const results: unknown[] = [];
    let left = 3;
    const loop = (x: number): void => {
      results.push(`called ${x}`);
      if (left-- > 0) source$.next(x + 1);
    };
    adopt(source$)
      .pipe(operator(rx, loop))
      .subscribe({ next: (value) => results.push(value), complete: () => results.push('complete') });
    source$.next(1);
    source$.next(10);
    source$.complete();
    return results;
  };
  const expected = run(rxjs, (source) => source);
  expect(run(ours as unknown as Library, (source) => source)).toEqual(expected);
  expect(run(ours as unknown as Library, (source) => fromObservable(source, { hot: true }))).toEqual(expected);
});

describe('timeout and timeoutWith', () => {
  test('refuse what gives no time, or nothing to go over to', () => {
    for (const rx of [rxjs, ours as unknown as Library]) {
      expect(() => rx.timeout({})).toThrow(new TypeError('No timeout provided.'));
      expect(() => rx.timeout(new Date(NaN))).toThrow(new TypeError('No timeout provided.'));
      expect(() => rx.timeoutWith(null as never, [1])).toThrow(new TypeError('No timeout provided.'));
      expect(() => rx.timeoutWith(1, undefined as never)).toThrow(new TypeError('No observable provided to switch to'));
    }
  });

  test('fail with the TimeoutError of RxJS', async () => {
    const source$ = ours.merge(of(1, 2), rxjs.NEVER).pipe(ours.timeout({ each: 1, meta: 'here' }));
    const error: unknown = await rxjs.lastValueFrom(source$).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(rxjs.TimeoutError);
    expect(error).toMatchObject({ info: { meta: 'here', seen: 2, lastValue: null } });
  });
});
