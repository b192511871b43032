import { describe, expect, it } from '@jest/globals';
import { asyncScheduler, interval, NEVER, of } from 'rxjs';
import * as stock from 'rxjs';
import type { RunHelpers } from 'rxjs/testing';
import { TestScheduler } from 'rxjs/testing';

import { Region } from '../../src/checkpoint/protocol/Region.js';
import { Run } from '../../src/checkpoint/protocol/Run.js';
import * as ours from '../../src/index.js';
import {
  bufferTime,
  CheckpointFailedError,
  concatMap,
  debounceTime,
  delay,
  fromObservable,
  groupBy,
  InvalidPipelineNameError,
  map,
  merge,
  mergeMap,
  OrphanedSnapshotError,
  RegionRestartError,
  ReplayTooShortError,
  scan,
  share,
  shareReplay,
  switchMap,
  take,
  uid,
} from '../../src/index.js';
import type { CheckpointRunHelpers } from '../../src/testing/CheckpointTestScheduler.js';
import { CheckpointTestScheduler } from '../../src/testing/CheckpointTestScheduler.js';

const equal = (actual: unknown, expected: unknown): void => expect(actual).toEqual(expected);

function run(test: (helpers: CheckpointRunHelpers) => void): void {
  new CheckpointTestScheduler(equal).run(test);
}

/** The message of what a test fails with, up to what jest says of the difference. */
function failureOf(test: () => void): string {
  try {
    test();
  } catch (error) {
    return (error as Error).message.split('\n\nexpect(')[0]!;
  }
  throw new Error('The test was expected to fail.');
}

const failing = (test: (helpers: CheckpointRunHelpers) => void): string => failureOf(() => run(test));

describe('what RxJS users know', () => {
  type Operators = Pick<
    typeof stock,
    | 'bufferTime'
    | 'concat'
    | 'debounceTime'
    | 'delay'
    | 'map'
    | 'merge'
    | 'mergeMap'
    | 'retry'
    | 'share'
    | 'switchMap'
    | 'take'
    | 'withLatestFrom'
  >;
  type Case = (helpers: RunHelpers, operators: Operators) => void;

  const cases: Record<string, Case> = {
    'a hot source with ^': ({ hot, expectObservable }) => {
      expectObservable(hot('-a-^-b-(cd)-|')).toBe('--b-(cd)-|');
    },
    'a cold source with values and an error': ({ cold, expectObservable }) => {
      expectObservable(cold('-a-b-#', { a: 1, b: { c: 2 } }, new Error('e'))).toBe(
        '-a-b-#',
        { a: 1, b: { c: 2 } },
        new Error('e'),
      );
    },
    'subscription marbles': ({ hot, expectObservable, expectSubscriptions }) => {
      const source = hot('-a-b-c-d-|');
      expectObservable(source, '--^---!').toBe('---b-c');
      expectObservable(source, '---^').toBe('---b-c-d-|');
      expectSubscriptions(source.subscriptions).toBe(['--^---!', '---^-----!']);
    },
    'a subscription to what has ended': ({ hot, expectObservable }) => {
      expectObservable(hot('-a-|'), '-----^').toBe('-----|');
      expectObservable(hot('-a-#'), '-----^').toBe('-----#');
      expectObservable(hot('-a-|-b-|')).toBe('-a-|');
    },
    'messages of sources': ({ cold, hot, expectObservable }) => {
      expectObservable(of(cold('-a-|').messages, hot('-(ab)#|').messages)).toBe('(xy|)', {
        x: cold('-a-|').messages,
        y: hot('-(ab)#|').messages,
      });
    },
    'time progression': ({ cold, expectObservable }, { delay }) => {
      expectObservable(cold('a 2s b 1m (c|)').pipe(delay(10))).toBe('10ms a 2s b 1m (c|)');
    },
    'timers at the same time': ({ hot, expectObservable }, { delay, map, merge, debounceTime }) => {
      const source = hot('-a------b-------|');
      const delayed = source.pipe(
        map((x) => `${x}!`),
        delay(3),
      );
      const values = { a: 'a', b: 'b', c: 'a!', d: 'b!' };
      expectObservable(merge(delayed, source, source.pipe(debounceTime(3)))).toBe('-a--(ca)b--(db)-|', values);
    },
    'bufferTime and interval': ({ hot, expectObservable }, { bufferTime, take, map }) => {
      expectObservable(hot('-a-b---c-|').pipe(bufferTime(4))).toBe('----x---y(z|)', { x: ['a', 'b'], y: ['c'], z: [] });
      expectObservable(
        interval(3).pipe(
          take(2),
          map((n: number) => `${n}`),
        ),
      ).toBe('---0--(1|)');
    },
    'inner sources': ({ cold, hot, expectObservable, expectSubscriptions }, { switchMap }) => {
      const inner = cold('-x-y-z-|');
      expectObservable(hot('a---b--------|').pipe(switchMap(() => inner))).toBe('-x-y-x-y-z---|');
      expectSubscriptions(inner.subscriptions).toBe(['^---!', '----^------!']);
    },
    'streams as values': ({ cold, hot, expectObservable }, { map }) => {
      const inner = cold('-x-|');
      expectObservable(hot('-a-|').pipe(map(() => inner))).toBe('-i-|', { i: inner });
    },
    'two that are one after the other': ({ cold, hot, expectObservable, expectSubscriptions }, { concat }) => {
      const [first, second] = [cold('-a-|'), hot('-b---c-|')];
      expectObservable(concat(first, second)).toBe('-a---c-|');
      expectSubscriptions(second.subscriptions).toBe('---^---!');
    },
    retry: ({ cold, expectObservable, expectSubscriptions }, { retry }) => {
      const source = cold('-a-#');
      expectObservable(source.pipe(retry(1))).toBe('-a--a-#');
      expectSubscriptions(source.subscriptions).toBe(['^--!', '---^--!']);
    },
    'a shared source': ({ hot, expectObservable, expectSubscriptions }, { share, map }) => {
      const source = hot('-a---b-------|');
      const shared = source.pipe(share());
      expectObservable(merge(shared, shared.pipe(map((x) => `${x}!`)))).toBe('-(ac)(bd)----|', {
        a: 'a',
        b: 'b',
        c: 'a!',
        d: 'b!',
      });
      expectSubscriptions(source.subscriptions).toBe('^------------!');
    },
    toEqual: ({ cold, hot, expectObservable }, { merge }) => {
      expectObservable(merge(hot('-a--|'), hot('--b-|'))).toEqual(cold('-ab-|'));
    },
    'time, flush and animate': ({ cold, hot, time, flush, animate, expectObservable }, { delay, mergeMap }) => {
      animate('--x--x');
      expectObservable(
        stock.animationFrames().pipe(
          stock.take(2),
          stock.map(({ timestamp }) => timestamp),
        ),
      ).toBe('--a--(b|)', { a: 2, b: 5 });
      expectObservable(cold('a|').pipe(delay(time('---|')))).toBe('---(a|)');
      flush();
      expectObservable(hot('-a|').pipe(mergeMap((x) => of(x)))).toBe('------a|');
    },
    'a test that fails': ({ cold, expectObservable }) => {
      expectObservable(cold('-a-|')).toBe('-b-|');
    },
  };

  /** What is compared with what, without a verdict. */
  function comparedBy(create: (assert: (a: unknown, b: unknown) => void) => TestScheduler, test: Case, use: Operators) {
    const compared: unknown[] = [];
    create((actual, expected) => void compared.push([actual, expected])).run((helpers) => test(helpers, use));
    expect(compared).not.toHaveLength(0);
    return compared;
  }

  it.each(Object.entries(cases))('%s', (_, test) => {
    const create = (assert: (a: unknown, b: unknown) => void): TestScheduler => new CheckpointTestScheduler(assert);
    const expected = comparedBy((assert) => new TestScheduler(assert), test, stock);
    expect(comparedBy(create, test, stock)).toStrictEqual(expected);
    expect(comparedBy(create, test, ours as unknown as Operators)).toStrictEqual(expected);
  });

  it('the cases say what RxJS does', () => {
    for (const [name, test] of Object.entries(cases))
      if (name !== 'a test that fails') new TestScheduler(equal).run((helpers) => test(helpers, stock));
  });

  it('returns what the callback returns, and leaves virtual time', () => {
    const scheduler = new CheckpointTestScheduler(equal);
    expect(scheduler.run(() => asyncScheduler.now())).toBe(0);
    expect(asyncScheduler.now()).toBeGreaterThan(1e12);
  });

  it('works without run()', () => {
    const scheduler = new CheckpointTestScheduler(equal);
    const source = scheduler.createHotObservable<string>('--a--b--|');
    scheduler.expectObservable(source).toBe('--a--b--|');
    scheduler.expectSubscriptions(source.subscriptions).toBe('^-------!');
    scheduler.expectObservable(fromObservable(scheduler.createColdObservable<string>('-a-|'))).toBe('-a-|');
    scheduler.flush();
  });

  it('begins from nothing with each run', () => {
    const scheduler = new CheckpointTestScheduler(equal);
    for (let i = 0; i < 2; i++) {
      scheduler.run(({ cold, expectObservable, expectCheckpoint }) => {
        const start = scheduler.frame;
        expectObservable(cold('a%|', { a: i }).pipe(scan((sum, x) => sum + x, 0))).toBe(`${start}ms a%|`, { a: i });
        expectCheckpoint(1).toContain({ 'main:scan': { hasValue: true, value: i, index: 1 } });
      });
    }
  });
});

describe('barriers', () => {
  it('pass out where they pass out', () => {
    run(({ hot, expectObservable }) => {
      expectObservable(hot('-a-%-b%-|')).toBe('-a-%-b%-|');
    });
  });

  it('stand in a group where they stand among the values', () => {
    run(({ cold, expectObservable, expectCheckpoint }) => {
      const sums$ = cold('-(a%b)-%|', { a: 1, b: 2 }).pipe(scan((sum, x) => sum + x, 0));
      expectObservable(sums$).toBe('-(a%c)-%|', { a: 1, c: 3 });
      expectCheckpoint(1).toContain({ 'main:scan': { hasValue: true, value: 1, index: 1 } });
      expectCheckpoint(2).toContain({ 'main:scan': { hasValue: true, value: 3, index: 2 } });
      expectObservable(sums$, { restoredFrom: 1 }).toBe('-c------|', { c: 3 });
    });
  });

  it.each([1, 2])('restore what goes on for nobody in each test that makes it (%i)', () => {
    run(({ cold, expectObservable }) => {
      const shared$ = cold('-a-b-c-d-e-f-|').pipe(uid('letters'), shareReplay(1), uid('latest'));
      const visits$ = cold('--x-%---x-|').pipe(
        uid('visits'),
        mergeMap(() => shared$.pipe(take(1))),
      );
      expectObservable(visits$).toBe('---a----c-|');
      expectObservable(visits$, { restoredFrom: 1 }).toBe('--------c-|');
    });
  });

  it('come after a time', () => {
    run(({ cold, expectObservable, expectCheckpoint }) => {
      expectObservable(cold('a 2s % 1m b|')).toBe('a 2s % 1m b|');
      expectCheckpoint(1).toHavePositions({ 'main:cold': { records: 1, barriers: 1, subscribedFrame: 0 } });
    });
  });

  it('need not be expected', () => {
    run(({ hot, expectObservable }) => {
      expectObservable(hot('-a-%-b|')).toBe('-a---b|');
    });
  });

  it('are not seen outside of the job', () => {
    run(({ hot, cold, expectObservable }) => {
      const source = hot('-a-%-b|');
      expectObservable(source.pipe(stock.toArray() as never)).toBe('------(x|)', { x: ['a', 'b'] });
      expectObservable(cold('a%|').pipe(stock.toArray() as never)).toBe('--(x|)', { x: ['a'] });
      expect(source.messages).toHaveLength(3);
    });
  });

  it('of a source that nobody has subscribed begin no checkpoint', () => {
    run(({ hot, expectObservable, expectCheckpoint }) => {
      expectObservable(hot('-%a%b|'), '--^').toBe('--a%b|');
      expectCheckpoint(1).toHavePositions({ 'main:hot': { records: 1, barriers: 2 } });
    });
  });

  it('of an inner source begin one too', () => {
    run(({ hot, cold, expectObservable, expectCheckpoint }) => {
      const result$ = hot('a-----|').pipe(concatMap(() => cold('-x-%-y|')));
      expectObservable(result$).toBe('-x-%-y|');
      expectCheckpoint(1).toHavePositions({
        'main:hot': { records: 1, barriers: 0 },
        'main:concatMap[0]:cold': { records: 1, barriers: 1, subscribedFrame: 0 },
      });
      expectObservable(result$, { restoredFrom: 1 }).toBe('-----y|');
    });
  });

  it("are passed over in a job that is not the test's", () => {
    run(({ hot, flush }) => {
      const emitted: string[] = [];
      const other = new Run([], { onBetweenTurns() {}, requireUids: false, serial: 0 });
      const sink = { values: { next: (value: string) => emitted.push(value) }, error() {}, complete() {} };
      hot('a%b|')
        .connectTo(other, { name: 'other', region: new Region(other, 'other'), sink })
        .round.open();
      flush();
      expect(emitted).toEqual(['a', 'b']);
    });
  });

  it('say of values without letters what they say of those with', () => {
    run(({ hot, expectObservable }) => {
      expectObservable(hot('a%|', { a: '%' })).toBe('x%|', { x: '%' });
    });
  });
});

describe('alignment', () => {
  it('holds an input until the other has its barrier', () => {
    run(({ hot, expectObservable, expectCheckpoint }) => {
      const merged$ = merge(hot('-1-%-2----------|'), hot('---------%----3|'));
      const sums$ = merged$.pipe(scan((all, x) => all + x, ''));
      const values = { 1: '1', 2: '12', 3: '123' };
      expectObservable(sums$).toBe('-1-------(%2)-3-|', values);
      expectCheckpoint(1).toContain({ 'main:scan': { hasValue: true, value: '1', index: 1 } });
      expectObservable(sums$, { restoredFrom: 1 }).toBe('---------2----3-|', values);
    });
  });

  it('holds the end of an input as well', () => {
    run(({ hot, expectObservable }) => {
      expectObservable(hot('-1%2|')).toBe('-1---(%2|)');
      expectObservable(hot('-----%|')).toBe('-----%|');
    });
  });

  it('takes an input without a barrier left as it is', () => {
    run(({ hot, expectObservable, expectCheckpoint }) => {
      expectObservable(merge(hot('-a-%-%-|'), hot('b---%-c|'))).toBe('ba--%%c|');
      expectCheckpoint(1).toHavePositions({ 'main:hot#1of2': { records: 1, barriers: 1 } });
      expectCheckpoint(1).toHavePositions({ 'main:hot#2of2': { records: 1, barriers: 1 } });
      expectCheckpoint(2).toHavePositions({ 'main:hot#2of2': { records: 1, barriers: 1 } });
    });
  });

  it('begins the next checkpoint where a held input has its next barrier', () => {
    run(({ hot, expectObservable, expectCheckpoint }) => {
      const both$ = merge(hot('-%a%b-----------|'), hot('------%-----c---|'));
      expectObservable(both$).toBe('------(%a%b)c---|');
      expectCheckpoint(2).toHavePositions({ 'main:hot#1of2': { records: 1, barriers: 2 } });
      expectObservable(both$, { restoredFrom: 1 }).toBe('------(a%b)-c---|');
      expectObservable(both$, { restoredFrom: 2 }).toBe('------b-----c---|');
    });
  });

  it('waits for each of the barriers of an input in its turn', () => {
    run(({ hot, expectObservable, expectCheckpoint }) => {
      const both$ = merge(hot('%a%b-----------|'), hot('-----%----%----|'));
      expectObservable(both$).toBe('-----(%a)-(%b)-|');
      expectCheckpoint(2).toHavePositions({ 'main:hot#1of2': { records: 1, barriers: 2 } });
      expectObservable(both$, { restoredFrom: 1 }).toBe('-----a----(%b)-|');
    });
  });

  it('does not wait for an input that was left', () => {
    run(({ hot, expectObservable }) => {
      expectObservable(merge(hot('-%a-----|'), hot('--b---%|').pipe(take(1)))).toBe('--(b%a)-|');
    });
  });

  it('does not wait for an input that has ended', () => {
    run(({ hot, expectObservable }) => {
      expectObservable(merge(hot('-%a-----|'), hot('----|--%'))).toBe('-%a-----|');
    });
  });

  it('holds an input that joins meanwhile', () => {
    run(({ hot, cold, expectObservable }) => {
      const outer = hot('---a-------|').pipe(mergeMap(() => cold('-x-|')));
      expectObservable(merge(outer, hot('-%----------|'), hot('------%----|'))).toBe('------%x----|');
    });
  });
});

describe('state over a barrier', () => {
  it('of timers that are pending', () => {
    run(({ hot, expectObservable, expectCheckpoint }) => {
      const late$ = hot('-a%b------|').pipe(delay(4), uid('late'));
      expectObservable(late$).toBe('--%--a-b--|');
      expectCheckpoint(1).toContain({ late: { values: [{ due: 5, payload: 'a', serial: expect.any(Number) }] } });
      expectObservable(late$, { restoredFrom: 1 }).toBe('-----a-b--|');
    });
  });

  it('of timers that start anew and of those that go on', () => {
    run(({ hot, expectObservable }) => {
      const quiet$ = hot('-a--%-b-----c----|').pipe(debounceTime(4));
      expectObservable(quiet$).toBe('----%a----b-----c|');
      expectObservable(quiet$, { restoredFrom: 1 }).toBe('-----a----b-----c|');
    });
    run(({ hot, expectObservable }) => {
      const buffers$ = hot('-a-%-b---c-|').pipe(bufferTime(4));
      const values = { x: ['a'], y: ['b'], z: ['c'] };
      expectObservable(buffers$).toBe('---%x---y--(z|)', values);
      expectObservable(buffers$, { restoredFrom: 1 }).toBe('----x---y--(z|)', values);
    });
  });

  it('of inner pipelines', () => {
    run(({ hot, cold, expectObservable, expectCheckpoint }) => {
      const inner$ = (x: string) => cold('--1-2-3|').pipe(scan((all, y) => all + y, x));
      const result$ = hot('a---%-b-------|').pipe(mergeMap(inner$, 2));
      const values = { 1: 'a1', 2: 'a12', 3: 'a123', 4: 'b1', 5: 'b12', 6: 'b123' };
      expectObservable(result$).toBe('--1-2-3-4-5-6-|', values);
      expectCheckpoint(1).toContain({ 'main:mergeMap[0]:scan': { hasValue: true, value: 'a1', index: 1 } });
      expectObservable(result$, { restoredFrom: 1 }).toBe('----2-3-4-5-6-|', values);
    });
    run(({ hot, cold, expectObservable, expectSubscriptions }) => {
      const inner = cold('-x-y-z|');
      const result$ = hot('a-%--b---|').pipe(switchMap(() => inner));
      expectObservable(result$).toBe('-x%y--x-y-z|');
      expectObservable(result$, { restoredFrom: 1 }).toBe('---y--x-y-z|');
      expectSubscriptions(inner.subscriptions).toBe(['^----!', '-----^-----!', '--^--!', '-----^-----!']);
    });
  });

  it('of groups', () => {
    run(({ hot, expectObservable }) => {
      const counts$ = hot('a-b-%a-b-a|').pipe(
        groupBy((x) => x),
        mergeMap((group$) =>
          group$.pipe(
            scan((count) => count + 1, 0),
            map((count) => `${group$.key}${count}`),
          ),
        ),
      );
      const values = { 1: 'a1', 2: 'b1', 3: 'a2', 4: 'b2', 5: 'a3' };
      expectObservable(counts$).toBe('1-2-%3-4-5|', values);
      expectObservable(counts$, { restoredFrom: 1 }).toBe('-----3-4-5|', values);
    });
  });

  it('of groups that are emitted', () => {
    run(({ hot, cold, expectObservable }) => {
      const groups$ = hot('-a-b-%a|').pipe(groupBy((x) => x));
      expectObservable(groups$).toBe('-x-y-%-|', { x: cold('a----a|'), y: cold('b---|') });
    });
  });

  it('of a stream that pipelines share', () => {
    run(({ hot, expectObservable, expectCheckpoint, expectSubscriptions }) => {
      const source = hot('-1-%-2-%-3|', { 1: 1, 2: 2, 3: 3 });
      const sums$ = source.pipe(
        scan((sum, x) => sum + x, 0),
        uid('sum'),
        share(),
        uid('sums'),
      );
      const odd$ = sums$.pipe(
        take(2),
        map((sum) => sum * 10),
      );
      expectObservable(sums$).toBe('-1-%-3-%-6|', { 1: 1, 3: 3, 6: 6 });
      expectObservable(odd$).toBe('-1-%-(3|)', { 1: 10, 3: 30 });
      expectCheckpoint(1).toContain({ sum: { hasValue: true, value: 1, index: 1 } });
      expectObservable(sums$, { restoredFrom: 1 }).toBe('-----3-%-6|', { 3: 3, 6: 6 });
      expectObservable(odd$, { restoredFrom: 1 }).toBe('-----(3|)', { 3: 30 });
      expectObservable(sums$, { restoredFrom: 2 }).toBe('---------6|', { 6: 6 });
      expectObservable(odd$, { restoredFrom: 2 }).toBe('-------|');
      expectSubscriptions(source.subscriptions).toBe(['^---------!', '---^------!', '-------^--!']);
    });
  });
});

describe('several pipelines', () => {
  it('are one job', () => {
    run(({ hot, expectObservable, expectCheckpoint }) => {
      expectObservable(hot('-a-%-b-|')).toBe('-a-%-b-|');
      expectObservable(hot('c-----d|')).toBe('c--%--d|');
      expectObservable(hot('-----e|'), { name: 'third' }).toBe('---%-e|');
      expectCheckpoint(1).toHavePositions({
        'main:hot': { records: 1, barriers: 1 },
        'main-2:hot': { records: 1, barriers: 0 },
        'third:hot': { records: 0, barriers: 0 },
      });
    });
  });

  it('can be restored alone: the others are carried over', () => {
    run(({ hot, expectObservable, expectCheckpoint }) => {
      const [first$, second$] = [hot('-a-%-b-%-c|'), hot('x---y---z-|')];
      expectObservable(first$).toBe('-a-%-b-%-c|');
      expectObservable(second$).toBe('x--%y--%z-|');
      expectObservable(first$, { restoredFrom: 1 }).toBe('-----b-%-c|');
      expectCheckpoint(3).toHavePositions({ 'main-2:hot': { records: 1, barriers: 0 } });
      expectObservable(second$, { restoredFrom: 3 }).toBe('-------yz-|'); // y came in frame 4, after checkpoint 1.
    });
  });

  it('begin when they are subscribed', () => {
    run(({ hot, expectObservable }) => {
      expectObservable(hot('-a-%-b-%-c|'), '--^-----!').toBe('---%-b-%');
      expectObservable(hot('-------------|'), { subscription: '-----^' }).toBe('-------%-----|');
    });
  });

  it('that have completed stay so', () => {
    run(({ hot, cold, expectObservable }) => {
      const short$ = cold('a|');
      expectObservable(short$).toBe('a|');
      expectObservable(hot('---%--|')).toBe('---%--|');
      expectObservable(short$, { restoredFrom: 1 }).toBe('---|');
    });
  });

  it('that have completed leave nothing behind', () => {
    run(({ hot, expectObservable, expectCheckpoint }) => {
      const shared$ = hot('-a-b-c-|').pipe(share({ resetOnRefCountZero: false }), uid('shared'));
      expectObservable(shared$.pipe(take(1))).toBe('-(a|)');
      expectObservable(hot('---%--|')).toBe('---%--|');
      expectCheckpoint(1).toBe({});
    });
  });

  it('that failed are restored as they were before', () => {
    run(({ hot, cold, expectObservable }) => {
      const failing$ = cold('a---b#').pipe(scan((all, x) => all + x, ''));
      expectObservable(failing$).toBe('a-%-b#', { a: 'a', b: 'ab' });
      expectObservable(hot('--%----%-|')).toBe('--%----%-|');
      expectObservable(failing$, { restoredFrom: 2 }).toBe('-------(b#)', { b: 'ab' });
    });
  });

  it('that share a part with one that fails end with it', () => {
    run(({ cold, expectObservable }) => {
      const shared$ = cold('a--#').pipe(share(), uid('shared'));
      const throwing$ = shared$.pipe(map((x) => (x === 'a' ? Number(x.repeat(-1)) : 0)));
      expectObservable(shared$.pipe(map(() => 1))).toBe('(1#)', { 1: 1 }, expect.any(RegionRestartError));
      expectObservable(throwing$).toBe('#', undefined, expect.any(RangeError));
    });
  });
});

describe('restoring', () => {
  it('goes on from each checkpoint as if nothing had happened', () => {
    run(({ hot, cold, expectObservable, expectCheckpoint }) => {
      const pipeline$ = merge(hot('-a-%-b-%-c-%-|'), cold('x---y---z---|')).pipe(
        scan((all, x) => all + x, ''),
        uid('all'),
        delay(1),
      );
      const values = { 1: 'x', 2: 'xa', 3: 'xay', 4: 'xayb', 5: 'xaybz', 6: 'xaybzc' };
      expectObservable(pipeline$).toBe('-12%-34%-56%-|', values);
      expectObservable(pipeline$, { restoredFrom: 1 }).toBe('-----34%-56%-|', values);
      expectObservable(pipeline$, { restoredFrom: 2 }).toBe('---------56%-|', values);
      expectObservable(pipeline$, { restoredFrom: 3 }).toBe('-------------|', values);
      for (const id of [2, 4]) expectCheckpoint(id).toContain({ all: { hasValue: true, value: 'xayb', index: 4 } });
      expectCheckpoint(5).toContain({ all: { hasValue: true, value: 'xaybzc', index: 6 } });
    });
  });

  it('goes on from a checkpoint of a restored life', () => {
    run(({ hot, expectObservable, expectCheckpoint }) => {
      const pipeline$ = hot('-a-%-b-%-c-|').pipe(scan((all, x) => all + x, ''));
      const values = { a: 'a', b: 'ab', c: 'abc' };
      expectObservable(pipeline$).toBe('-a-%-b-%-c-|', values);
      expectObservable(pipeline$, { restoredFrom: 1 }).toBe('-----b-%-c-|', values);
      expectObservable(pipeline$, { restoredFrom: 3 }).toBe('---------c-|', values);
      expectCheckpoint(3).toHavePositions({ 'main:hot': { records: 2, barriers: 2 } });
    });
  });

  it('finds the state of a pipeline that was built anew', () => {
    run(({ hot, expectObservable }) => {
      const source$ = hot('-1-%-2-|', { 1: 1, 2: 2 });
      const pipeline = () =>
        source$.pipe(
          uid('numbers'),
          scan((sum, x) => sum + x, 0),
          uid('sum'),
        );
      expectObservable(pipeline()).toBe('-1-%-3-|', { 1: 1, 3: 3 });
      expectObservable(pipeline().pipe(map((x) => -x)), { restoredFrom: 1 }).toBe('-----3-|', { 3: -3 });
    });
  });

  it('takes what has been through the codec', () => {
    run(({ hot, expectObservable }) => {
      const dates: Date[] = [];
      const pipeline$ = hot('-a-%-b-|').pipe(
        scan((last: Date) => {
          dates.push(last);
          return last;
        }, new Date(0)),
      );
      expectObservable(pipeline$).toBe('-a-%-a-|', { a: new Date(0) });
      expectObservable(pipeline$, { restoredFrom: 1 }).toBe('-----a-|', { a: new Date(0) });
      expectObservable(of(dates)).toBe('(d|)', { d: dates });
    });
  });

  it('unsubscribes when it is told to', () => {
    run(({ hot, expectObservable, expectSubscriptions }) => {
      const source$ = hot('-a-%-b-c-|');
      expectObservable(source$).toBe('-a-%-b-c-|');
      expectObservable(source$, { restoredFrom: 1, subscription: '------!' }).toBe('-----b');
      expectSubscriptions(source$.subscriptions).toBe(['^--------!', '---^--!']);
    });
  });

  it('kills the life before it: nothing of it goes on', () => {
    run(({ hot, expectObservable, expectSubscriptions }) => {
      const torn: string[] = [];
      const source$ = hot('-a%-b----');
      const pipeline$ = merge(source$, fromObservable(new stock.Observable<string>(() => () => torn.push('torn'))));
      expectObservable(pipeline$).toBe('-a%-b');
      expectObservable(pipeline$, { restoredFrom: 1 }).toBe('----b');
      expectSubscriptions(source$.subscriptions).toBe(['^', '--^']);
      expectObservable(of(torn)).toBe('(t|)', { t: [] });
    });
  });

  it('plays hot sources again for those outside of the job too, if they are part of the new life', () => {
    run(({ cold, hot, expectObservable }) => {
      const [source$, plain$] = [hot('-a-%---b----|'), hot('-c-----d----|')];
      const pipeline$ = merge(source$, fromObservable(plain$.pipe(stock.tap() as never), { hot: true }));
      expectObservable(pipeline$).toEqual(merge(cold('-a-----b----|'), cold('-c-----d----|')));
      expectObservable(plain$.pipe(stock.tap() as never)).toBe('-c-----d----|');
      expectObservable(pipeline$, { restoredFrom: 1 }).toBe('-------(bd)-|');
    });
  });

  it('goes on with the numbers that tell the order of timers', () => {
    run(({ hot, expectObservable, expectCheckpoint }) => {
      const late$ = hot('-a%b%------|').pipe(delay(4), uid('late'));
      expectObservable(late$).toBe('--%-%a-b---|');
      expectObservable(late$, { restoredFrom: 1 }).toBe('----%a-b---|');
      const a = { due: 5, payload: 'a', serial: 1 };
      for (const id of [2, 3])
        expectCheckpoint(id).toBe({ late: { values: [a, { due: 7, payload: 'b', serial: 2 }] } });
    });
  });

  it('is over with the flush: what comes after it is a job of its own', () => {
    run(({ hot, cold, flush, expectObservable, expectCheckpoint }) => {
      const source$ = hot('-a-%-b-|');
      expectObservable(source$).toBe('-a-%-b-|');
      expectObservable(source$, { restoredFrom: 1 }).toBe('-----b-|');
      flush();
      expectObservable(cold('c-%|')).toBe('7ms c-%|');
      expectCheckpoint(2).toHavePositions({ 'main:cold': { records: 1, barriers: 1, subscribedFrame: 7 } });
    });
  });

  it('also of one of two inputs that had not begun', () => {
    run(({ hot, expectObservable }) => {
      const pipeline$ = ours.concat(hot('-a-%--|'), hot('-x--y-z--|'));
      expectObservable(pipeline$).toBe('-a-%--z--|');
      expectObservable(pipeline$, { restoredFrom: 1 }).toBe('------z--|');
    });
  });
});

describe('a failing test', () => {
  it('prints the letters of its marbles where several stand for a value', () => {
    const values = { a: 1, x: 1, b: 2, y: 2 };
    expect(
      failing(({ hot, expectObservable }) => {
        expectObservable(hot('-ab-%|', values)).toBe('-xy%|', values);
      }),
    ).toContain('expected  -xy%|\nactual    -xy-%|');
  });

  it('shows what was expected over what came', () => {
    expect(failing(({ hot, expectObservable }) => expectObservable(hot('-a-%-b-|')).toBe('-a-b%---|')))
      .toMatchInlineSnapshot(`
      "expected  -a-b%---|
      actual    -a-%-b-|"
    `);
  });

  it('says what the letters are that nobody has named', () => {
    expect(
      failing(({ hot, expectObservable }) => {
        const values = { a: { id: 1 }, b: new Map([['x', [1n, undefined]]]), c: 'text' };
        expectObservable(hot('-(ab)-%c#', values, new TypeError('no'))).toBe('-a---%-|', { a: values.a, b: 'b' });
      }),
    ).toMatchInlineSnapshot(`
      "expected  -a---%-|
      actual    -(aA)-%B#
                A = Map { "x" => [1n, undefined] }
                B = "text"
                # actual = TypeError: no"
    `);
  });

  it('shows long times as times, and groups over the frames behind them', () => {
    expect(
      failing(({ cold, expectObservable }) => {
        expectObservable(cold('(abc) 5s d 10ms (e|)')).toBe('(abc) 5s x 10ms (ef)');
      }),
    ).toMatchInlineSnapshot(`
      "expected  (abc) 5000ms x----------(ef)
      actual    (abc) 5000ms d----------(e|)"
    `);
  });

  it('shows streams that are values as marbles', () => {
    expect(
      failing(({ cold, hot, expectObservable }) => {
        expectObservable(hot('-a-|').pipe(map(() => cold('-x-y|')))).toBe('-i-|', { i: cold('-x-z|') });
      }),
    ).toMatchInlineSnapshot(`
      "expected  -i-|
      actual    -A-|
                A = inner -x-y|"
    `);
  });

  it('shows that nothing came', () => {
    expect(failing(({ expectObservable }) => expectObservable(NEVER).toBe('--a'))).toMatchInlineSnapshot(`
      "expected  --a
      actual    (nothing)"
    `);
  });

  it('shows subscriptions', () => {
    expect(
      failing(({ hot, expectObservable, expectSubscriptions }) => {
        const source = hot('-a-|');
        expectObservable(source, '-^-!');
        expectSubscriptions(source.subscriptions).toBe(['^--!', '-(^!)']);
      }),
    ).toMatchInlineSnapshot(`
      "expected  ^--!
                -(^!)
      actual    -^-!"
    `);
  });

  it('shows the operators whose states are different', () => {
    expect(
      failing(({ hot, expectObservable, expectCheckpoint }) => {
        expectObservable(
          hot('-a-%|').pipe(
            uid('letters'),
            scan((n) => n + 1, 0),
            uid('count'),
            take(3),
            uid('first'),
          ),
        );
        expectCheckpoint(1).toBe({ count: { hasValue: true, value: 2, index: 1 }, sum: 3 });
      }),
    ).toMatchInlineSnapshot(`
      "Checkpoint 1, taken at frame 3, has other states.
      count
        expected  { hasValue: true, index: 1, value: 2 }
        actual    { hasValue: true, index: 1, value: 1 }
      sum
        expected  3
        actual    (nothing)
      first
        expected  (nothing)
        actual    { seen: 1 }
      It has states of: count, first."
    `);
    expect(
      failing(({ hot, expectObservable, expectCheckpoint }) => {
        expectObservable(hot('-a-%|').pipe(uid('letters')));
        expectCheckpoint(1).toHavePositions({ letters: { records: 1, barriers: 0 } });
      }),
    ).toMatchInlineSnapshot(`
      "Checkpoint 1, taken at frame 3, has other positions.
      letters
        expected  { barriers: 0, records: 1 }
        actual    { barriers: 1, records: 1 }
      It has positions of: letters."
    `);
  });

  it('fails also when the assertion only says false', () => {
    const scheduler = new CheckpointTestScheduler(
      (actual, expected) => JSON.stringify(actual) === JSON.stringify(expected),
    );
    expect(failureOf(() => scheduler.run(({ cold, expectObservable }) => expectObservable(cold('-a|')).toBe('-b|'))))
      .toMatchInlineSnapshot(`
      "expected  -b|
      actual    -a|

      assertDeepEqual returned false."
    `);
  });

  it('says what the library says of a checkpoint that cannot be taken', () => {
    const unstorable = (): void =>
      run(({ hot, expectObservable }) => {
        expectObservable(
          hot('-a-%-b|').pipe(
            scan(() => () => 1, null as unknown),
            uid('functions'),
          ),
        );
      });
    expect(unstorable).toThrow(CheckpointFailedError);
    expect(unstorable).toThrow("operator 'functions' declined");
  });

  it('says what the library says of a restore that loses state', () => {
    const orphaned = (): void =>
      run(({ hot, expectObservable }) => {
        const source$ = hot('-a-%-b|');
        expectObservable(
          source$.pipe(
            scan((n) => n + 1, 0),
            uid('old'),
          ),
        );
        expectObservable(
          source$.pipe(
            scan((n) => n + 1, 0),
            uid('new'),
          ),
          { restoredFrom: 1 },
        );
      });
    expect(orphaned).toThrow(OrphanedSnapshotError);
  });

  it('says so when the marbles became shorter than the position', () => {
    const short = (): void =>
      run(({ cold, expectObservable }) => {
        expectObservable(cold('abc%d|').pipe(uid('letters')));
        expectObservable(cold('a|').pipe(uid('letters')), { restoredFrom: 1 });
      });
    expect(short).toThrow(ReplayTooShortError);
  });

  it('of pipelines that share a part says that they have to be stopped together', () => {
    const broken = (): void =>
      run(({ hot, expectObservable }) => {
        const shared$ = hot('-a--%-b|').pipe(share(), uid('shared'));
        expectObservable(shared$, '^-!');
        expectObservable(shared$.pipe(map((x) => x)));
      });
    expect(broken).toThrow("Checkpoint 1 cannot be taken: others that share 'shared' went on without pipeline main");
  });
});

describe('wrong use', () => {
  it('of a checkpoint that was never taken', () => {
    expect(
      failing(({ hot, expectObservable, expectCheckpoint }) => {
        expectObservable(hot('-a%-%b|'));
        expectCheckpoint(3).toBe({});
      }),
    ).toMatchInlineSnapshot(
      `"There is no checkpoint 3: the test took 1 (at frame 2), 2 (at frame 4). One is taken where a '%' of a hot or cold source is reached while a pipeline with that source runs."`,
    );
    expect(
      failing(({ cold, expectObservable }) => {
        expectObservable(cold('a|'), { restoredFrom: 1 });
      }),
    ).toMatchInlineSnapshot(
      `"There is no checkpoint 1: the test took none. One is taken where a '%' of a hot or cold source is reached while a pipeline with that source runs."`,
    );
    expect(failing(({ expectCheckpoint }) => expectCheckpoint(0))).toMatchInlineSnapshot(
      `"0 is not the number of a checkpoint: they are counted from 1, in the order in which a test takes them."`,
    );
  });

  it('of a checkpoint that was left by all who could be in it', () => {
    expect(
      failing(({ hot, expectObservable, expectCheckpoint }) => {
        expectObservable(merge(hot('-%a---|'), hot('----%-|')), '^--!');
        expectCheckpoint(1).toBe({});
      }),
    ).toContain('There is no checkpoint 1: the test took none.');
  });

  it('of a checkpoint that still waits', () => {
    const scheduler = new CheckpointTestScheduler(equal);
    expect(
      failureOf(() =>
        scheduler.run(({ hot, expectObservable, expectCheckpoint }) => {
          scheduler.maxFrames = 5;
          expectObservable(merge(hot('-a%-b|').pipe(uid('a')), hot('-------%|').pipe(uid('b'))));
          expectCheckpoint(1).toBe({});
        }),
      ),
    ).toMatchInlineSnapshot(
      `"There is no checkpoint 1: the test took none. One that was begun still waits for the '%' of b, which was not reached."`,
    );
  });

  it('of barriers where there are none', () => {
    expect(failing(({ expectObservable }) => expectObservable(of(1)).toBe('(a%|)'))).toMatchInlineSnapshot(
      `"'(a%|)' expects a barrier, but this is a plain Observable, through which no barrier runs. Begin it with hot or cold, or with a source of this library."`,
    );
    expect(
      failing(({ hot, expectObservable }) =>
        expectObservable(hot('a|').pipe(uid('letters'), stock.map((x) => x) as never)).toBe('a%|'),
      ),
    ).toMatchInlineSnapshot(
      `"'a%|' expects a barrier, but this is a plain Observable, since an operator of RxJS itself stands right after hot ('letters'). Import the operator from 'rxjs-checkpoint' instead of 'rxjs'."`,
    );
    expect(
      failing(({ hot, expectSubscriptions }) => expectSubscriptions(hot('a%|').subscriptions).toBe('^-%-!')),
    ).toMatchInlineSnapshot(
      `"'^-%-!' tells when something is subscribed ('^') and unsubscribed ('!'), and barriers have no part in that. Put '%' into the marbles of a hot or cold source, or of what a pipeline is expected to emit."`,
    );
    expect(failing(({ hot, expectObservable }) => expectObservable(hot('a%|'), '^%!'))).toContain("'^%!' tells when");
    expect(failing(({ hot }) => void hot('a%|', { a: 1, '%': 2 }))).toMatchInlineSnapshot(
      `"The values have one for '%', which is the barrier in these marbles. Take another letter for it."`,
    );
  });

  it('of a plain Observable as a part of the job', () => {
    expect(failing(({ expectObservable }) => expectObservable(of(1), { restoredFrom: 1 }))).toMatchInlineSnapshot(
      `"Only a pipeline can be part of a job: this is a plain Observable, through which no barrier runs. Begin it with hot or cold, or with a source of this library."`,
    );
  });

  it('of names', () => {
    const named = (name: string, other?: string) => () =>
      run(({ cold, expectObservable }) => {
        expectObservable(cold('a|'), { name });
        expectObservable(cold('a|'), other === undefined ? {} : { name: other });
      });
    expect(named('a/b')).toThrow(InvalidPipelineNameError);
    expect(named('a', 'a')).toThrow("Two pipelines of the test are called 'a'");
    named('main')();
  });

  it('of the end of a restored pipeline', () => {
    expect(
      failing(({ hot, expectObservable }) => {
        const source$ = hot('---%-|');
        expectObservable(source$);
        expectObservable(source$, { restoredFrom: 1, subscription: '^!' });
      }),
    ).toMatchInlineSnapshot(
      `"Pipeline 'main' is to be unsubscribed in frame 1, but it is restored from checkpoint 1, which was taken in frame 3. Put its '!' behind that."`,
    );
  });

  it('of marbles that RxJS refuses', () => {
    expect(failing(({ hot }) => void hot('a!'))).toBe('hot observable cannot have unsubscription marker "!"');
    expect(failing(({ cold }) => void cold('a!'))).toBe('cold observable cannot have unsubscription marker "!"');
    expect(failing(({ cold }) => void cold('a^'))).toBe('cold observable cannot have subscription offset "^"');
  });

  it('of operators without a uid, where they need one', () => {
    const scheduler = new CheckpointTestScheduler(equal, { requireUids: true });
    expect(() => scheduler.run(({ cold, expectObservable }) => expectObservable(cold('a|')))).toThrow('main:cold');
  });
});
