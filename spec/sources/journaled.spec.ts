import { describe, expect, jest, test } from '@jest/globals';
import { defer as rxDefer, fromEvent, map as rxMap, NEVER, of as rxOf, Subject } from 'rxjs';

import { checksum } from '../../src/checkpoint/store/checksum.js';
import type { CheckpointStorage } from '../../src/index.js';
import {
  catchError,
  CheckpointSubject,
  concat,
  concatMap,
  fromArray,
  fromObservable,
  journaled,
  map,
  memoryStorage,
  merge,
  mergeMap,
  repeat,
  retry,
  scan,
  share,
  switchMap,
  take,
  uid,
} from '../../src/index.js';
import { FaultyStorage } from '../../src/testing/FaultyStorage.js';
import { Log } from '../support/Log.js';
import { observe, settled } from '../support/Observed.js';

/** Each value with the storage's answer to it. */
async function tell<T>(events: Subject<T>, ...values: T[]): Promise<void> {
  for (const value of values) {
    events.next(value);
    await settled();
  }
}

async function segments(storage: CheckpointStorage): Promise<string[]> {
  return (await storage.list()).filter((name) => name.startsWith('journal-')).sort();
}

/** Goes on in another process: nothing of the job before is there but its storage. */
function crashed(storage: FaultyStorage): FaultyStorage {
  return storage.crash();
}

const list = (values: readonly number[], value: number): number[] => [...values, value];

describe('outside of a job', () => {
  test('is the source itself', () => {
    const events = new Subject<number>();
    const value = { n: 1 };
    const seen = observe(journaled(events).pipe(map((n) => n * 2)));
    events.next(1);
    events.complete();
    expect(seen).toMatchObject({ values: [2], hasCompleted: true });
    expect(observe(journaled([value])).values[0]).toBe(value);
  });

  test('takes what RxJS can subscribe to, and no checkpointed pipeline', async () => {
    const settledLater = observe(journaled(Promise.resolve(7)));
    await settled();
    expect(settledLater.values).toEqual([7]);
    expect(() => journaled(fromArray([1]))).toThrow(TypeError);
    expect(() => journaled(fromArray([1]))).toThrow(/Put journaled\(\) around the source itself/);
  });
});

describe('in a job', () => {
  test('emits a value when it is durable, and not before', async () => {
    const storage = new FaultyStorage({ seed: 1, faults: { slow: ({ operation }) => operation === 'write' } });
    const events = new Subject<number>();
    const seen = observe(new CheckpointSubject({ storage }).recover(journaled(events)));
    await settled();
    events.next(1);
    await Promise.resolve();
    events.next(2);
    events.next(3);
    await settled();
    expect(seen.values).toEqual([]);
    expect(storage.held).toHaveLength(1);
    storage.held[0]!.goOn();
    await settled();
    expect(seen.values).toEqual([1]);
    // The two that came meanwhile are one write.
    expect(storage.held).toHaveLength(1);
    storage.held[0]!.goOn();
    await settled();
    expect(seen.values).toEqual([1, 2, 3]);
  });

  test('a restart without a checkpoint emits all again, and then what is live', async () => {
    const storage = new FaultyStorage({ seed: 1 });
    const events = new Subject<number>();
    observe(new CheckpointSubject({ storage }).recover(journaled(events)));
    await settled();
    await tell(events, 1, 2, 3);
    const later = new Subject<number>();
    const seen = observe(new CheckpointSubject({ storage: crashed(storage) }).recover(journaled(later)));
    await settled();
    expect(seen.values).toEqual([1, 2, 3]);
    await tell(later, 4);
    expect(seen.values).toEqual([1, 2, 3, 4]);
  });

  test('a restart emits what came after the checkpoint', async () => {
    let storage = new FaultyStorage({ seed: 1 });
    for (const first of [1, 5, 9]) {
      const events = new Subject<number>();
      const checkpoints = new CheckpointSubject({ storage });
      const seen = observe(checkpoints.recover(journaled(events).pipe(uid('events'), scan(list, []), uid('list'))));
      await settled();
      await tell(events, first, first + 1);
      const { operators } = await checkpoints.checkpoint();
      expect(operators.events!.position).toEqual({ offset: first + 1, recordsAfterOffset: 0 });
      await tell(events, first + 2, first + 3);
      expect(seen.last).toEqual(Array.from({ length: first + 3 }, (_, i) => i + 1));
      storage = crashed(storage);
    }
  });

  test('a checkpoint between two records of one segment', async () => {
    const storage = new FaultyStorage({ seed: 1 });
    const events = new Subject<number>();
    const checkpoints = new CheckpointSubject({ storage });
    observe(checkpoints.recover(journaled(events).pipe(uid('e'), scan(list, []), uid('list'))), (values) => {
      if (values.length === 3) checkpoints.next();
    });
    await settled();
    for (let n = 1; n <= 6; n++) events.next(n);
    await settled();
    const again = new CheckpointSubject({ storage: crashed(storage) });
    const seen = observe(again.recover(journaled(NEVER).pipe(uid('e'), scan(list, []), uid('list'))));
    await settled();
    expect(seen.values).toEqual([
      [1, 2, 3, 4],
      [1, 2, 3, 4, 5],
      [1, 2, 3, 4, 5, 6],
    ]);
  });

  test('carries what a snapshot can, as a copy', async () => {
    const storage = new FaultyStorage({ seed: 1 });
    const events = new Subject<unknown>();
    const live = observe(new CheckpointSubject({ storage }).recover(journaled(events)));
    await settled();
    const values = [undefined, null, NaN, 1n, 'a', new Date(7), new Map([[{}, new Set([1])]]), [new TypeError('no')]];
    const changing = { n: 1 };
    for (const value of values) events.next(value);
    events.next(changing);
    changing.n = 2;
    events.next(changing);
    await settled();
    const expected = [...values, { n: 1 }, { n: 2 }];
    expect(live.values).toEqual(expected);
    expect(live.values[8]).not.toBe(changing);
    const again = observe(new CheckpointSubject({ storage: crashed(storage) }).recover(journaled<unknown>(NEVER)));
    await settled();
    expect(again.values).toEqual(expected);
    expect((again.values[7] as unknown[])[0]).toBeInstanceOf(TypeError);
    expect(() => ((again.values[8] as { n: number }).n = 3)).not.toThrow();
  });

  test('a value that cannot be stored is an error that names source and path, behind those before it', async () => {
    const target = new EventTarget();
    const events = new Subject<unknown>();
    const seen = observe(
      new CheckpointSubject({ storage: memoryStorage() }).recover(journaled(events).pipe(uid('ticks'))),
    );
    await settled();
    events.next(1);
    events.next({ by: [target] });
    events.next(2);
    await settled();
    expect(events.observed).toBe(false);
    expect(seen).toMatchObject({
      values: [1],
      error: { code: 'unstorable-value', operator: 'ticks', path: 'value.by[0]' },
    });
    expect(String(seen.error)).toMatch(/^UnstorableValueError: A value of journaled source 'ticks' cannot be stored: /);
  });

  test('DOM events, by what is wanted of them', async () => {
    const button = new EventTarget();
    const clicks$ = journaled(fromEvent(button, 'click').pipe(rxMap(({ type }) => ({ type }))));
    const seen = observe(new CheckpointSubject({ storage: memoryStorage() }).recover(clicks$));
    await settled();
    button.dispatchEvent(new Event('click'));
    await settled();
    expect(seen.values).toEqual([{ type: 'click' }]);
  });

  test('two in one job', async () => {
    const storage = new FaultyStorage({ seed: 1 });
    const build = (a: Subject<number>, b: Subject<number>) =>
      merge(journaled(a).pipe(uid('a')), journaled(b).pipe(uid('b'))).pipe(uid('both'), scan(list, []), uid('list'));
    const [a, b] = [new Subject<number>(), new Subject<number>()];
    const checkpoints = new CheckpointSubject({ storage });
    observe(checkpoints.recover(build(a, b)));
    await settled();
    await tell(a, 1, 2);
    await tell(b, 3);
    await checkpoints.checkpoint();
    await tell(b, 4);
    await tell(a, 5);
    const again = new CheckpointSubject({ storage: crashed(storage) });
    const seen = observe(again.recover(build(new Subject(), new Subject())));
    await settled();
    expect(seen.last).toEqual([1, 2, 3, 4, 5]);
  });
});

describe('the end', () => {
  test('a completion is replayed, and the source is not subscribed to again', async () => {
    const storage = new FaultyStorage({ seed: 1 });
    const events = new Subject<number>();
    const first = observe(
      new CheckpointSubject({ storage }).recover(
        concat(journaled(events).pipe(uid('e')), fromObservable(NEVER)).pipe(uid('all')),
      ),
    );
    await settled();
    events.next(1);
    events.complete();
    await settled();
    expect(first.values).toEqual([1]);
    const later = new Subject<number>();
    const pipeline$ = concat(journaled(later).pipe(uid('e')), fromObservable([2])).pipe(uid('all'));
    const seen = observe(new CheckpointSubject({ storage: crashed(storage) }).recover(pipeline$));
    await settled();
    expect(seen).toMatchObject({ values: [1, 2], hasCompleted: true });
    expect(later.observed).toBe(false);
  });

  test('an error comes behind what was emitted before, and a restart subscribes again', async () => {
    const storage = new FaultyStorage({ seed: 1 });
    const events = new Subject<number>();
    const first = observe(new CheckpointSubject({ storage }).recover(journaled(events)));
    await settled();
    events.next(1);
    events.next(2);
    events.error(new Error('closed'));
    await settled();
    expect(first).toMatchObject({ values: [1, 2], error: { message: 'closed' } });
    const later = new Subject<number>();
    const seen = observe(new CheckpointSubject({ storage: crashed(storage) }).recover(journaled(later)));
    await settled();
    await tell(later, 3);
    expect(seen).toMatchObject({ values: [1, 2, 3], error: undefined });
  });

  test('an error at once, and a source that emits and completes at once', async () => {
    const broken = new Subject<number>();
    broken.error(new Error('was closed before'));
    const failed = observe(new CheckpointSubject({ storage: memoryStorage() }).recover(journaled(broken)));
    const short = observe(new CheckpointSubject({ storage: memoryStorage() }).recover(journaled(rxOf(1, 2))));
    await settled();
    expect(failed.error).toMatchObject({ message: 'was closed before' });
    expect(short).toMatchObject({ values: [1, 2], hasCompleted: true });
  });

  test('unsubscribed while a write is under way: what was written is there in the next life', async () => {
    const storage = new FaultyStorage({ seed: 1, faults: { slow: ({ operation }) => operation === 'write' } });
    const events = new Subject<number>();
    const checkpoints = new CheckpointSubject({ storage });
    const first = observe(checkpoints.recover(journaled(events)));
    await settled();
    events.next(1);
    await Promise.resolve();
    events.next(2);
    first.unsubscribe();
    expect(events.observed).toBe(false);
    await settled();
    const second = observe(checkpoints.recover(journaled(events)));
    await settled();
    // The job before waits for its write, and the next one for that job.
    expect(events.observed).toBe(false);
    storage.held[0]!.goOn();
    await settled();
    expect(first.values).toEqual([]);
    expect(second.values).toEqual([1]);
    events.next(3);
    await settled();
    storage.held[0]!.goOn();
    await settled();
    expect(second.values).toEqual([1, 3]);
  });
});

describe('attempts', () => {
  test('retry reads on where the attempt before stopped, in the same life and after a restart', async () => {
    const storage = new FaultyStorage({ seed: 1 });
    const build = (events: Subject<number>) =>
      journaled(events).pipe(
        uid('e'),
        map((n) => {
          if (n === 3) throw new Error('poison');
          return n;
        }),
        retry(),
        uid('again'),
        scan(list, []),
        uid('list'),
      );
    const events = new Subject<number>();
    const checkpoints = new CheckpointSubject({ storage });
    const first = observe(checkpoints.recover(build(events)));
    await settled();
    await tell(events, 1);
    await checkpoints.checkpoint();
    for (let n = 2; n <= 6; n++) events.next(n);
    await settled();
    expect(first.last).toEqual([1, 2, 4, 5, 6]);
    await tell(events, 7);
    expect(first.last).toEqual([1, 2, 4, 5, 6, 7]);
    const later = new Subject<number>();
    const again = new CheckpointSubject({ storage: crashed(storage) });
    const seen = observe(again.recover(build(later)));
    await settled();
    expect(seen.last).toEqual([1, 2, 4, 5, 6, 7]);
    await again.checkpoint();
    await tell(later, 8);
    expect(seen.last).toEqual([1, 2, 4, 5, 6, 7, 8]);
  });

  test('an attempt that waits for its delay at the checkpoint goes on behind what was emitted', async () => {
    jest.useFakeTimers({ doNotFake: ['setImmediate', 'queueMicrotask', 'nextTick'] });
    try {
      const storage = new FaultyStorage({ seed: 1 });
      const sources = [new Subject<number>(), new Subject<number>()];
      const build = (source: Subject<number>) =>
        journaled(source).pipe(uid('e'), retry({ delay: 1_000 }), uid('again'), scan(list, []), uid('list'));
      const checkpoints = new CheckpointSubject({ storage });
      observe(checkpoints.recover(build(sources[0]!)));
      await settled();
      await tell(sources[0]!, 1, 2);
      sources[0]!.error(new Error('closed'));
      await checkpoints.checkpoint();
      const seen = observe(new CheckpointSubject({ storage: crashed(storage) }).recover(build(sources[1]!)));
      await settled();
      await jest.advanceTimersByTimeAsync(1_000);
      await tell(sources[1]!, 3);
      expect(seen.values).toEqual([[1, 2, 3]]);
    } finally {
      jest.useRealTimers();
    }
  });

  test('repeat: completions are part of what is replayed', async () => {
    const storage = new FaultyStorage({ seed: 1 });
    const build = (next: () => Subject<number>) =>
      journaled(rxDefer(next)).pipe(uid('e'), repeat({ delay: () => rxOf(0) }), uid('again'), scan(list, []), uid('l'));
    const sources: Subject<number>[] = [];
    const next = (): Subject<number> => (sources.push(new Subject<number>()), sources[sources.length - 1]!);
    const checkpoints = new CheckpointSubject({ storage });
    const first = observe(checkpoints.recover(build(next)));
    await settled();
    await tell(sources[0]!, 1);
    sources[0]!.complete();
    await settled();
    await tell(sources[1]!, 2);
    await checkpoints.checkpoint();
    sources[1]!.complete();
    await settled();
    await tell(sources[2]!, 3);
    expect(first.last).toEqual([1, 2, 3]);
    sources.length = 0;
    const seen = observe(new CheckpointSubject({ storage: crashed(storage) }).recover(build(next)));
    await settled();
    expect(seen.last).toEqual([1, 2, 3]);
    expect(sources).toHaveLength(1);
    await tell(sources[0]!, 4);
    expect(seen.last).toEqual([1, 2, 3, 4]);
  });

  test('what catchError subscribes to instead has a journal of its own', async () => {
    const storage = new FaultyStorage({ seed: 1 });
    const build = (main: Subject<number>, other: Subject<number>) =>
      journaled(main).pipe(
        uid('main'),
        catchError(() => journaled(other).pipe(uid('other'))),
        uid('safe'),
        scan(list, []),
        uid('list'),
      );
    const [main, other, later] = [new Subject<number>(), new Subject<number>(), new Subject<number>()];
    const checkpoints = new CheckpointSubject({ storage });
    observe(checkpoints.recover(build(main, other)));
    await settled();
    await tell(main, 1);
    main.error(new Error('closed'));
    await settled();
    await tell(other, 2);
    await checkpoints.checkpoint();
    await tell(other, 3);
    const seen = observe(new CheckpointSubject({ storage: crashed(storage) }).recover(build(new Subject(), later)));
    await settled();
    await tell(later, 4);
    expect(seen.last).toEqual([1, 2, 3, 4]);
  });
});

describe('in dynamic parts', () => {
  const build = (outer: Log<number>, inner: Subject<number>) =>
    outer.stream$.pipe(
      uid('outer'),
      mergeMap(() => journaled(inner).pipe(uid('inner'))),
      uid('all'),
    );

  test('of what a journaled source is projected to, each has its own journal', async () => {
    let storage = new FaultyStorage({ seed: 1 });
    const build = (rooms: Subject<string>, chat: (room: string) => Subject<string>) =>
      journaled(rooms).pipe(
        uid('rooms'),
        mergeMap((room) =>
          journaled(chat(room)).pipe(
            uid('chat'),
            map((line) => `${room}:${line}`),
          ),
        ),
        uid('all'),
        scan((lines: readonly string[], line) => [...lines, line], []),
        uid('lines'),
      );
    const start = () => {
      const rooms = new Subject<string>();
      const chats = new Map<string, Subject<string>>();
      const chat = (room: string): Subject<string> => {
        const known = chats.get(room) ?? new Subject<string>();
        chats.set(room, known);
        return known;
      };
      const checkpoints = new CheckpointSubject({ storage });
      const seen = observe(checkpoints.recover(build(rooms, chat)));
      return { rooms, chat, checkpoints, seen };
    };
    const first = start();
    await settled();
    await tell(first.rooms, 'a');
    await tell(first.chat('a'), '1');
    await first.checkpoints.checkpoint();
    await tell(first.rooms, 'b');
    await tell(first.chat('b'), '2', '3');
    await tell(first.chat('a'), '4');
    storage = crashed(storage);
    const second = start();
    await settled();
    expect(second.seen.last).toEqual(['a:1', 'b:2', 'b:3', 'a:4']);
    // b is not in the checkpoint that is taken now, if it is the next crash's: its journal has to stay.
    await tell(second.chat('b'), '5');
    await second.checkpoints.checkpoint();
    second.chat('a').complete();
    second.chat('b').complete();
    await settled();
    for (let i = 0; i < 4; i++) await second.checkpoints.checkpoint();
    await settled();
    expect(await segments(storage)).toEqual([]);
  });

  test('the journal of an inner pipeline waits until that one comes again, over any number of checkpoints', async () => {
    const storage = new FaultyStorage({ seed: 1 });
    const inner = new Subject<number>();
    const log = new Log<number>();
    const before = new CheckpointSubject({ storage });
    observe(before.recover(build(log, inner)));
    await settled();
    await before.checkpoint();
    log.write(1);
    await tell(inner, 1, 2);
    const slow = new Log<number>();
    const checkpoints = new CheckpointSubject({ storage: crashed(storage), retained: 1 });
    const seen = observe(checkpoints.recover(build(slow, inner)));
    await settled();
    for (let i = 0; i < 3; i++) await checkpoints.checkpoint();
    expect(seen.values).toEqual([]);
    slow.write(1);
    await settled();
    expect(seen.values).toEqual([1, 2]);
  });

  test('and goes when a later one is there, and it is not', async () => {
    const storage = new FaultyStorage({ seed: 1 });
    const build = (outer: Log<number>, inner: () => Subject<number>) =>
      outer.stream$.pipe(
        uid('outer'),
        mergeMap((n) => (n === 0 ? [0] : journaled(inner()).pipe(uid('inner')))),
        uid('all'),
      );
    const events = new Subject<number>();
    const log = new Log<number>();
    observe(new CheckpointSubject({ storage }).recover(build(log, () => events)));
    await settled();
    log.write(1);
    await tell(events, 1);
    const other = new Log<number>([0, 1]);
    const after = crashed(storage);
    const checkpoints = new CheckpointSubject({ storage: after, retained: 1 });
    observe(checkpoints.recover(build(other, () => new Subject())));
    await settled();
    await checkpoints.checkpoint();
    await checkpoints.checkpoint();
    await settled();
    expect(await segments(after)).toEqual([]);
  });

  test('an older checkpoint finds what an inner pipeline wrote that it does not know', async () => {
    const storage = new FaultyStorage({ seed: 1 });
    const inner = new Subject<number>();
    const log = new Log<number>();
    const checkpoints = new CheckpointSubject({ storage });
    observe(checkpoints.recover(build(log, inner)));
    await settled();
    await checkpoints.checkpoint();
    log.write(1);
    await tell(inner, 1, 2);
    await checkpoints.checkpoint();
    await settled();
    storage.blobs.get('checkpoint-000000000002')![20]! ^= 1;
    const again = new CheckpointSubject({ storage: crashed(storage) });
    observe(again.failures$);
    const seen = observe(again.recover(build(new Log([1]), inner)));
    await settled();
    expect(seen.values).toEqual([1, 2]);
  });

  test('an inner attempt that waits keeps the journal', async () => {
    jest.useFakeTimers({ doNotFake: ['setImmediate', 'queueMicrotask', 'nextTick'] });
    try {
      const storage = new FaultyStorage({ seed: 1 });
      const sources = [new Subject<number>(), new Subject<number>()];
      const build = (subscribed: () => Subject<number>) =>
        new Log([1]).stream$.pipe(
          uid('outer'),
          mergeMap(() => journaled(rxDefer(subscribed)).pipe(uid('inner'), retry({ delay: 1_000 }), uid('again'))),
          uid('all'),
        );
      let attempt = 0;
      const checkpoints = new CheckpointSubject({ storage });
      const first = observe(checkpoints.recover(build(() => sources[attempt++]!)));
      await settled();
      await tell(sources[0]!, 1);
      await checkpoints.checkpoint();
      await tell(sources[0]!, 2);
      sources[0]!.error(new Error('closed'));
      await checkpoints.checkpoint();
      await jest.advanceTimersByTimeAsync(1_000);
      await tell(sources[1]!, 3);
      expect(first.values).toEqual([1, 2, 3]);
      storage.blobs.get('checkpoint-000000000002')![20]! ^= 1;
      const again = new CheckpointSubject({ storage: crashed(storage) });
      observe(again.failures$);
      const seen = observe(again.recover(build(() => new Subject())));
      await settled();
      expect(seen.values).toEqual([2, 3]);
    } finally {
      jest.useRealTimers();
    }
  });

  test('an inner pipeline that was left takes its journal with it', async () => {
    const storage = memoryStorage();
    const outer = new Log<number>();
    const inner = new Subject<number>();
    const checkpoints = new CheckpointSubject({ storage, retained: 1 });
    const pipeline$ = outer.stream$.pipe(
      uid('outer'),
      switchMap(() => journaled(inner).pipe(uid('inner'))),
      uid('latest'),
    );
    const seen = observe(checkpoints.recover(pipeline$));
    await settled();
    outer.write(1);
    await tell(inner, 1, 2);
    outer.write(2);
    await tell(inner, 3);
    expect(seen.values).toEqual([1, 2, 3]);
    expect(await segments(storage)).toHaveLength(3);
    outer.write(3);
    await checkpoints.checkpoint();
    await settled();
    expect(await segments(storage)).toEqual([]);
  });

  test('one that is shared by two pipelines', async () => {
    const storage = new FaultyStorage({ seed: 1 });
    const build = (events: Subject<number>) => journaled(events).pipe(uid('e'), share(), uid('shared'));
    const start = (checkpoints: CheckpointSubject, events: Subject<number>) => {
      const shared$ = build(events);
      return ['left', 'right'].map((name) =>
        observe(checkpoints.recover(shared$.pipe(scan(list, []), uid(name)), { name })),
      );
    };
    const events = new Subject<number>();
    const checkpoints = new CheckpointSubject({ storage });
    start(checkpoints, events);
    await settled();
    await tell(events, 1);
    await checkpoints.checkpoint();
    await tell(events, 2, 3);
    const pipelines = start(new CheckpointSubject({ storage: crashed(storage) }), new Subject());
    await settled();
    expect(pipelines.map(({ last }) => last)).toEqual([
      [1, 2, 3],
      [1, 2, 3],
    ]);
  });

  test('a pipeline that starts again while another one goes on', async () => {
    const storage = memoryStorage();
    const checkpoints = new CheckpointSubject({ storage });
    const [a, b] = [new Subject<number>(), new Subject<number>()];
    const recover = (events: Subject<number>, name: string) =>
      observe(checkpoints.recover(journaled(events).pipe(uid(name), scan(list, []), uid(`${name}s`)), { name }));
    const left = recover(a, 'a');
    const right = recover(b, 'b');
    await settled();
    await tell(a, 1);
    await tell(b, 1);
    await checkpoints.checkpoint();
    await tell(a, 2);
    await tell(b, 2);
    left.unsubscribe();
    await checkpoints.checkpoint();
    await tell(b, 3);
    const again = recover(a, 'a');
    await settled();
    await tell(a, 3);
    expect(again.values).toEqual([
      [1, 2],
      [1, 2, 3],
    ]);
    expect(right.last).toEqual([1, 2, 3]);
  });
});

test('what was over at a checkpoint that failed is there for the restart from the one before', async () => {
  const storage = new FaultyStorage({ seed: 1 });
  const [outer, inner] = [new Log<number>([1]), new Subject<number>()];
  const checkpoints = new CheckpointSubject({ storage });
  const failures = observe(checkpoints.failures$);
  const pipeline$ = outer.stream$.pipe(
    uid('outer'),
    switchMap((n) => (n === 1 ? journaled(inner).pipe(uid('inner')) : [])),
    uid('latest'),
  );
  observe(checkpoints.recover(new Log().stream$.pipe(uid('other')), { name: 'other' }));
  const first = observe(checkpoints.recover(pipeline$, { name: 'main' }));
  await settled();
  await tell(inner, 1);
  await checkpoints.checkpoint();
  await tell(inner, 2);
  outer.write(2);
  storage.faults = { outage: ({ operation }) => operation === 'write', outageCalls: 1 };
  await checkpoints.checkpoint().catch(() => {});
  storage.faults = {};
  expect(failures.values.map(({ reason }) => reason)).toEqual(['storage-failed']);
  first.unsubscribe();
  outer.records.pop();
  const second = observe(checkpoints.recover(pipeline$, { name: 'main' }));
  await settled();
  expect(second).toMatchObject({ values: [2], error: undefined });
});

test('one of two pipelines that share it completes', async () => {
  const storage = new FaultyStorage({ seed: 1 });
  const start = (over: FaultyStorage, events: Subject<number>) => {
    const shared$ = journaled(events).pipe(uid('e'), share(), uid('shared'));
    const checkpoints = new CheckpointSubject({ storage: over, retained: 1 });
    const short = observe(checkpoints.recover(shared$.pipe(take(1), uid('one')), { name: 'a-short' }));
    const long = observe(checkpoints.recover(shared$.pipe(scan(list, []), uid('list')), { name: 'b-long' }));
    return { checkpoints, short, long };
  };
  const events = new Subject<number>();
  const first = start(storage, events);
  await settled();
  await tell(events, 1, 2);
  expect(first.short.hasCompleted).toBe(true);
  await first.checkpoints.checkpoint();
  await tell(events, 3, 4);
  await first.checkpoints.checkpoint();
  await tell(events, 5);
  const second = start(storage.crash(), new Subject());
  await settled();
  expect(second.short).toMatchObject({ values: [], hasCompleted: true });
  expect(second.long).toMatchObject({ values: [[1, 2, 3, 4, 5]], error: undefined });
});

describe('back pressure', () => {
  test('values queue up while the pipeline is paused, and in the next life', async () => {
    let storage = new FaultyStorage({ seed: 1 });
    const gate = new Log<number>();
    const start = () => {
      const events = new Subject<number>();
      const checkpoints = new CheckpointSubject({ storage });
      const seen = observe(
        checkpoints.recover(
          journaled(events).pipe(
            uid('e'),
            concatMap((n) => (n === 0 ? gate.stream$.pipe(uid('gate')) : [n])),
            uid('one-by-one'),
          ),
        ),
      );
      return { events, checkpoints, seen };
    };
    const first = start();
    await settled();
    for (let n = 0; n < 10_000; n++) first.events.next(n);
    await settled();
    const { operators } = await first.checkpoints.checkpoint();
    const { offset } = operators.e!.position as { offset: number };
    expect(offset).toBeGreaterThan(1_000);
    expect(offset).toBeLessThan(2_000);
    storage = crashed(storage);
    gate.end();
    const second = start();
    await settled();
    second.events.next(10_000);
    await settled();
    expect(second.seen.values).toEqual(Array.from({ length: 10_000 }, (_, i) => i + 1));
  });
});

test('a completion that waits behind a pause is not subscribed to again', async () => {
  const storage = new FaultyStorage({ seed: 1 });
  const build = (source: Subject<number>) =>
    journaled(source).pipe(
      uid('e'),
      concatMap((n) => (n === 0 ? new Log<number>().stream$.pipe(uid('gate')) : [n])),
      uid('one-by-one'),
    );
  const events = new Subject<number>();
  observe(new CheckpointSubject({ storage }).recover(build(events)));
  await settled();
  for (let n = 0; n < 2_000; n++) events.next(n);
  events.complete();
  await settled();
  const later = new Subject<number>();
  observe(new CheckpointSubject({ storage: crashed(storage) }).recover(build(later)));
  await settled();
  expect(later.observed).toBe(false);
});

describe('the storage', () => {
  test('a failing write ends the pipeline, and what was not written is not emitted', async () => {
    const storage = new FaultyStorage({ seed: 1 });
    const events = new Subject<number>();
    const checkpoints = new CheckpointSubject({ storage });
    const pipeline$ = checkpoints.recover(journaled(events).pipe(uid('e'), scan(list, []), uid('list')));
    const first = observe(pipeline$);
    await settled();
    await tell(events, 1);
    storage.faults = { outage: ({ operation }) => operation === 'write', outageCalls: 1 };
    events.next(2);
    events.next(3);
    await settled();
    storage.faults = {};
    expect(first).toMatchObject({ values: [[1]], error: { code: 'storage-failed', operation: 'write' } });
    expect(String(first.error)).toContain('not handed on');
    expect(events.observed).toBe(false);
    const second = observe(pipeline$);
    await settled();
    await tell(events, 4);
    expect(second.last).toEqual([1, 4]);
  });

  test('keeps what the oldest retained checkpoint needs, and no more', async () => {
    const storage = memoryStorage();
    const events = new Subject<number>();
    const checkpoints = new CheckpointSubject({ storage, retained: 2 });
    observe(checkpoints.recover(journaled(events).pipe(uid('e'))));
    await settled();
    const counts: number[] = [];
    for (let n = 0; n < 5; n++) {
      await tell(events, n, n);
      await checkpoints.checkpoint();
      await settled();
      counts.push((await segments(storage)).length);
    }
    expect(counts).toEqual([0, 2, 2, 2, 2]);
    expect((await storage.list()).filter((name) => name.startsWith('checkpoint-'))).toHaveLength(2);
  });

  test('an older checkpoint, after the newest was damaged, finds its records', async () => {
    const storage = new FaultyStorage({ seed: 1 });
    const events = new Subject<number>();
    const build = (source: Subject<number>) => journaled(source).pipe(uid('e'), scan(list, []), uid('list'));
    const checkpoints = new CheckpointSubject({ storage });
    observe(checkpoints.recover(build(events)));
    await settled();
    for (let n = 1; n <= 6; n++) {
      await tell(events, n);
      await checkpoints.checkpoint();
    }
    await tell(events, 7);
    await settled();
    for (const newest of ['checkpoint-000000000006', 'checkpoint-000000000005']) storage.blobs.get(newest)![20]! ^= 1;
    const again = new CheckpointSubject({ storage: crashed(storage) });
    observe(again.failures$);
    const seen = observe(again.recover(build(new Subject())));
    await settled();
    expect(seen.last).toEqual([1, 2, 3, 4, 5, 6, 7]);
  });

  test('a removal that fails is tried again', async () => {
    const storage = new FaultyStorage({ seed: 1 });
    const events = new Subject<number>();
    const checkpoints = new CheckpointSubject({ storage, retained: 1 });
    const failures = observe(checkpoints.failures$);
    observe(checkpoints.recover(journaled(events).pipe(uid('e'))));
    await settled();
    await tell(events, 1);
    storage.faults = { outage: ({ operation }) => operation === 'remove', outageCalls: 1 };
    await checkpoints.checkpoint();
    await settled();
    expect(failures.values.map(({ reason }) => reason)).toEqual(['cleanup-failed']);
    expect(await segments(storage)).toHaveLength(1);
    storage.faults = {};
    await checkpoints.checkpoint();
    await settled();
    expect(await segments(storage)).toEqual([]);
  });

  test('a torn last segment is the end of the journal, which is told', async () => {
    const storage = new FaultyStorage({ seed: 1 });
    const events = new Subject<number>();
    observe(new CheckpointSubject({ storage }).recover(journaled(events).pipe(uid('e'))));
    await settled();
    await tell(events, 1, 2);
    storage.onCall = ({ operation, phase }) => {
      if (operation === 'write' && phase === 'torn') storage.crash();
    };
    await tell(events, 3);
    const restarted = storage.reopen();
    const after = new FaultyStorage({ seed: 2 });
    for (const [name, bytes] of restarted.blobs) after.blobs.set(name, bytes);
    const checkpoints = new CheckpointSubject({ storage: after });
    const failures = observe(checkpoints.failures$);
    const later = new Subject<number>();
    const seen = observe(checkpoints.recover(journaled(later).pipe(uid('e'))));
    await settled();
    expect(failures.values.map(({ reason }) => reason)).toEqual(['damaged-journal']);
    await tell(later, 4, 5);
    expect(seen.values).toEqual([1, 2, 4, 5]);
    const last = observe(new CheckpointSubject({ storage: crashed(after) }).recover(journaled(NEVER).pipe(uid('e'))));
    await settled();
    expect(last.values).toEqual([1, 2, 4, 5]);
  });

  test.each(['damaged', 'missing'])('one that is %s in the middle refuses the start', async (what) => {
    const storage = new FaultyStorage({ seed: 1 });
    const events = new Subject<number>();
    observe(new CheckpointSubject({ storage }).recover(journaled(events).pipe(uid('e'))));
    await settled();
    await tell(events, 1, 2, 3);
    const [, second] = await segments(storage);
    if (what === 'missing') storage.blobs.delete(second!);
    else storage.blobs.get(second!)![40]! ^= 1;
    const seen = observe(
      new CheckpointSubject({ storage: crashed(storage) }).recover(journaled(events).pipe(uid('e'))),
    );
    await settled();
    expect(seen).toMatchObject({ values: [], error: { code: 'damaged-journal', source: 'e' } });
  });

  test('a segment of a newer version refuses the start', async () => {
    const storage = new FaultyStorage({ seed: 1 });
    const events = new Subject<number>();
    observe(new CheckpointSubject({ storage }).recover(journaled(events)));
    await settled();
    await tell(events, 1);
    const [name] = await segments(storage);
    const bytes = storage.blobs.get(name!)!;
    bytes.set([2, 0, 0, 0], 8);
    new DataView(bytes.buffer, bytes.byteOffset).setUint32(12, checksum(bytes.subarray(0, 12)), true);
    const seen = observe(new CheckpointSubject({ storage: crashed(storage) }).recover(journaled(events)));
    await settled();
    expect(seen.error).toMatchObject({ code: 'newer-format', checkpoint: name });
  });

  test('a write of an earlier run that lands late changes nothing', async () => {
    jest.useFakeTimers({ doNotFake: ['setImmediate', 'queueMicrotask', 'nextTick'] });
    try {
      const storage = new FaultyStorage({ seed: 1 });
      const events = new Subject<number>();
      const checkpoints = new CheckpointSubject({ storage });
      const pipeline$ = checkpoints.recover(journaled(events).pipe(uid('e')));
      const first = observe(pipeline$);
      await settled();
      await tell(events, 1);
      storage.faults = { slow: ({ operation }) => operation === 'write' };
      events.next(2);
      await settled();
      storage.faults = {};
      first.unsubscribe();
      await jest.advanceTimersByTimeAsync(600_000);
      const second = observe(pipeline$);
      await settled();
      await tell(events, 3);
      expect(second.values).toEqual([1, 3]);
      storage.held[0]!.goOn();
      await settled();
      await tell(events, 4);
      const last = observe(
        new CheckpointSubject({ storage: crashed(storage) }).recover(journaled(NEVER).pipe(uid('e'))),
      );
      await settled();
      expect(last.values).toEqual([1, 3, 4]);
    } finally {
      jest.useRealTimers();
    }
  });

  test('what a completed pipeline left is nothing for another one with the same uid', async () => {
    const storage = new FaultyStorage({ seed: 1 });
    const events = new Subject<number>();
    const checkpoints = new CheckpointSubject({ storage });
    const two = observe(checkpoints.recover(journaled(events).pipe(uid('e'), take(2), uid('two')), { name: 'two' }));
    observe(checkpoints.recover(new Log().stream$.pipe(uid('other')), { name: 'other' }));
    await settled();
    await checkpoints.checkpoint();
    for (let n = 1; n <= 3; n++) events.next(n);
    await settled();
    expect(two).toMatchObject({ values: [1, 2], hasCompleted: true });
    const same = observe(checkpoints.recover(journaled(new Subject<number>()).pipe(uid('e')), { name: 'same' }));
    await settled();
    expect(same.values).toEqual([]);
    const again = new CheckpointSubject({ storage: crashed(storage) });
    const later = new Subject<number>();
    const seen = observe(again.recover(journaled(later).pipe(uid('e')), { name: 'third' }));
    await settled();
    await tell(later, 9);
    expect(seen.values).toEqual([9]);
  });

  test('a journal of a source that is not part of the pipeline any more goes', async () => {
    const storage = new FaultyStorage({ seed: 1 });
    const [a, b] = [new Subject<number>(), new Subject<number>()];
    observe(
      new CheckpointSubject({ storage }).recover(
        merge(journaled(a).pipe(uid('old')), journaled(b).pipe(uid('kept'))).pipe(uid('both')),
      ),
    );
    await settled();
    await tell(a, 1);
    await tell(b, 2);
    const after = crashed(storage);
    const checkpoints = new CheckpointSubject({ storage: after });
    const renamed$ = concat(journaled(NEVER).pipe(uid('new')), journaled(NEVER).pipe(uid('kept'))).pipe(uid('both'));
    const seen = observe(checkpoints.recover(renamed$));
    await settled();
    expect(seen.values).toEqual([]);
    expect(await segments(after)).toHaveLength(2);
    for (let i = 0; i < 4; i++) await checkpoints.checkpoint();
    await settled();
    // It has not been opened yet, and will be.
    expect(await segments(after)).toHaveLength(1);
  });

  test('a journal of a pipeline that has completed goes', async () => {
    const storage = memoryStorage();
    const checkpoints = new CheckpointSubject({ storage, retained: 1 });
    const events = new Subject<number>();
    const seen = observe(checkpoints.recover(journaled(events).pipe(uid('e'), take(2), uid('two'))));
    await settled();
    events.next(1);
    events.next(2);
    events.next(3);
    await settled();
    await settled();
    expect(seen).toMatchObject({ values: [1, 2], hasCompleted: true });
    expect(await segments(storage)).toEqual([]);
  });
});
