import { describe, expect, test } from '@jest/globals';
import { NEVER, Observable, Subject } from 'rxjs';

import { journalId, segmentName } from '../../src/checkpoint/store/journalName.js';
import type { CheckpointedObservable, CheckpointStorage } from '../../src/index.js';
import {
  CheckpointSubject,
  concatMap,
  fromObservable,
  journaled,
  map,
  memoryStorage,
  merge,
  retry,
  scan,
  switchMap,
  take,
  uid,
} from '../../src/index.js';
import { renameOperator } from '../../src/inspect/index.js';
import { FaultyStorage } from '../../src/testing/FaultyStorage.js';
import type { StorageCall } from '../../src/testing/StorageFaults.js';
import { asked } from '../support/askedStorage.js';
import { observe, settled } from '../support/Observed.js';

const list = (all: readonly string[], text: string): string[] => [...all, text];

/** `merge(journaled(a), journaled(b))`, and what it has shown. */
function start(storage: CheckpointStorage, { from, names = ['a', 'b'] }: { from?: string; names?: string[] } = {}) {
  const [a, b] = [new Subject<string>(), new Subject<string>()];
  const checkpoints = new CheckpointSubject({ storage, retained: 3 });
  observe(checkpoints.failures$);
  const sources = [a, b].map((subject, i) => journaled(subject).pipe(uid(names[i]!)));
  const both$ = merge(...sources).pipe(uid('both'), scan(list, []), uid('list'));
  const seen = observe(checkpoints.recover(both$, { from, name: 'main' }));
  return { a, b, checkpoints, seen };
}

/** Many wait for a gate, beside others: a program whose first source is paused. */
function gated(storage: CheckpointStorage, from?: string) {
  const [many, gate, other] = [new Subject<string>(), new Subject<string>(), new Subject<string>()];
  const pipeline$ = merge(
    journaled(many).pipe(
      uid('many'),
      concatMap((text) => (text === '0' ? journaled(gate).pipe(uid('gate'), take(1)) : [text])),
      uid('one by one'),
    ),
    journaled(other).pipe(uid('other')),
  ).pipe(uid('all'));
  const checkpoints = new CheckpointSubject({ storage });
  const seen = observe(checkpoints.recover(pipeline$, { from, name: 'main' }));
  return { many, gate, other, checkpoints, seen };
}

async function tell(...calls: [Subject<string>, string][]): Promise<void> {
  for (const [subject, text] of calls) {
    subject.next(text);
    await settled();
  }
}

const isSegmentOf =
  (source: string, operation = 'write') =>
  (call: StorageCall): boolean =>
    call.operation === operation && call.name?.startsWith(`journal-${journalId(source)}`) === true;

describe('while it runs', () => {
  test('a value waits for one of another journal that came before, and is still being written', async () => {
    const storage = new FaultyStorage({ seed: 1, faults: { slow: isSegmentOf('a') } });
    const { a, b, seen } = start(storage);
    await settled();
    await tell([b, 'b1'], [a, 'a1'], [b, 'b2'], [b, 'b3']);
    expect(seen.last).toEqual(['b1']);
    storage.held[0]!.goOn();
    await settled();
    expect(seen.last).toEqual(['b1', 'a1', 'b2', 'b3']);
    const again = start(storage.crash());
    await settled();
    expect(again.seen.last).toEqual(['b1', 'a1', 'b2', 'b3']);
  });

  test('not for one whose write fails', async () => {
    const storage = new FaultyStorage({ seed: 1, faults: { slow: isSegmentOf('a'), outage: isSegmentOf('a') } });
    const [a, b] = [new Subject<string>(), new Subject<string>()];
    const pipeline$ = merge(journaled(a).pipe(uid('a'), retry(), uid('again')), journaled(b).pipe(uid('b'))).pipe(
      uid('both'),
    );
    const seen = observe(new CheckpointSubject({ storage }).recover(pipeline$));
    await settled();
    await tell([a, 'a1'], [b, 'b1']);
    expect(seen.values).toEqual([]);
    storage.held[0]!.goOn();
    await settled();
    expect(seen).toMatchObject({ values: ['b1'], error: undefined });
    expect(a.observed).toBe(true);
  });

  test('not for one whose source was left', async () => {
    const storage = new FaultyStorage({ seed: 1, faults: { slow: isSegmentOf('a') } });
    const [a, b] = [new Subject<string>(), new Subject<string>()];
    const checkpoints = new CheckpointSubject({ storage });
    const left = observe(checkpoints.recover(journaled(a).pipe(uid('a')), { name: 'left' }));
    const seen = observe(checkpoints.recover(journaled(b).pipe(uid('b')), { name: 'right' }));
    await settled();
    await tell([a, 'a1'], [b, 'b1']);
    expect(seen.values).toEqual([]);
    left.unsubscribe();
    await settled();
    expect(seen.values).toEqual(['b1']);
  });

  test('not for one that is paused by what another source says', async () => {
    const storage = new FaultyStorage({ seed: 1, faults: { slow: isSegmentOf('a') } });
    const [a, b, plain] = [new Subject<string>(), new Subject<string>(), new Subject<string>()];
    const checkpoints = new CheckpointSubject({ storage });
    const one$ = merge(journaled(a).pipe(uid('a')), fromObservable(plain, { hot: true }).pipe(uid('plain'))).pipe(
      uid('both'),
      concatMap(() => NEVER),
    );
    observe(checkpoints.recover(one$, { name: 'one' }));
    const other = observe(checkpoints.recover(journaled(b).pipe(uid('b')), { name: 'other' }));
    await settled();
    await tell([a, 'a1'], [b, 'b1']);
    expect(other.values).toEqual([]);
    for (let n = 0; n < 2_000; n++) plain.next(String(n));
    await settled();
    expect(other.values).toEqual(['b1']);
  });

  test('not for one whose pipeline is paused; what it had still to say comes when it goes on', async () => {
    const storage = new FaultyStorage({ seed: 1 });
    const first = gated(storage);
    await settled();
    for (let n = 0; n < 3_000; n++) first.many.next(String(n));
    await tell([first.other, 'other 1']);
    for (let n = 3_000; n < 6_000; n++) first.many.next(String(n));
    await tell([first.other, 'other 2']);
    expect(first.seen.values).toEqual(['other 1', 'other 2']);
    first.gate.next('gate');
    first.other.next('other 3');
    first.many.next('the last');
    await settled();
    expect(first.seen.values).toHaveLength(6_004);
    expect(first.seen.values.slice(0, 4)).toEqual(['other 1', 'other 2', 'gate', '1']);
    expect(first.seen.values.slice(-2)).toEqual(['other 3', 'the last']);
    const second = gated(storage.crash());
    await settled();
    expect(second.seen.values).toEqual(first.seen.values);
  });
});

describe('a restart', () => {
  test('opens all sources before any of them has its values, and subscribes behind those', async () => {
    const storage = new FaultyStorage({ seed: 1 });
    const events: string[] = [];
    const life = (over: CheckpointStorage) => {
      const [a, b] = [new Subject<string>(), new Subject<string>()];
      const noted = (name: string, source: Subject<string>): Observable<string> =>
        new Observable((subscriber) => {
          events.push(`subscribed ${name}`);
          return source.subscribe(subscriber);
        });
      const pipeline$ = merge(
        journaled(noted('a', a)).pipe(uid('a'), take(2), uid('two')),
        journaled(noted('b', b)).pipe(uid('b')),
      ).pipe(uid('both'));
      observe(new CheckpointSubject({ storage: over }).recover(pipeline$), (text) => events.push(text));
      return [a, b] as const;
    };
    const [a, b] = life(storage);
    await settled();
    await tell([b, 'b1'], [a, 'a1'], [b, 'b2'], [a, 'a2'], [b, 'b3']);
    const first = events.splice(0);
    expect(first).toEqual(['subscribed a', 'subscribed b', 'b1', 'a1', 'b2', 'a2', 'b3']);
    life(storage.crash());
    await settled();
    expect(events).toEqual(['b1', 'a1', 'b2', 'a2', 'b3', 'subscribed b']);
  });

  test('goes on above all serials that are in the storage, also those that only an older checkpoint needs', async () => {
    const storage = new FaultyStorage({ seed: 1 });
    const first = start(storage);
    await settled();
    await first.checkpoints.checkpoint();
    await tell([first.a, 'a1'], [first.b, 'b1'], [first.a, 'a2']);
    await first.checkpoints.checkpoint();
    const second = start(storage.crash());
    await settled();
    await tell([second.b, 'b2'], [second.a, 'a3']);
    const third = storage.crash().crash();
    third.blobs.get('checkpoint-000000000002')![20]! ^= 1;
    const { seen } = start(third);
    await settled();
    expect(seen.last).toEqual(['a1', 'b1', 'a2', 'b2', 'a3']);
  });

  test('of a restored inner pipeline and of what switches it away', async () => {
    const storage = new FaultyStorage({ seed: 1 });
    const life = (over: CheckpointStorage) => {
      const [login, click] = [new Subject<string>(), new Subject<string>()];
      const checkpoints = new CheckpointSubject({ storage: over });
      const pipeline$ = journaled(login).pipe(
        uid('login'),
        switchMap((user) => journaled(click).pipe(map((n) => user + n))),
        uid('latest'),
        scan(list, []),
        uid('list'),
      );
      return { login, click, checkpoints, seen: observe(checkpoints.recover(pipeline$)) };
    };
    const { login, click, checkpoints, seen } = life(storage);
    await settled();
    await tell([login, 'ann']);
    await checkpoints.checkpoint();
    await tell([click, '1'], [click, '2'], [login, 'bob'], [click, '3']);
    expect(seen.last).toEqual(['ann1', 'ann2', 'bob3']);
    const again = life(storage.crash());
    await settled();
    expect(again.seen.last).toEqual(['ann1', 'ann2', 'bob3']);
  });

  test('of one of two pipelines: the other one goes on meanwhile', async () => {
    const storage = memoryStorage();
    const checkpoints = new CheckpointSubject({ storage });
    const [a, b, c] = [new Subject<string>(), new Subject<string>(), new Subject<string>()];
    const both$ = merge(journaled(a).pipe(uid('a')), journaled(b).pipe(uid('b'))).pipe(uid('both'));
    const other = observe(checkpoints.recover(journaled(c).pipe(uid('c')), { name: 'other' }));
    const first = observe(checkpoints.recover(both$, { name: 'both' }));
    await settled();
    await tell([a, 'a1'], [c, 'c1'], [b, 'b1'], [c, 'c2'], [a, 'a2']);
    first.unsubscribe();
    await tell([c, 'c3']);
    const second = observe(checkpoints.recover(both$, { name: 'both' }));
    await settled();
    await tell([b, 'b2'], [c, 'c4'], [a, 'a3']);
    expect(second.values).toEqual(['a1', 'b1', 'a2', 'b2', 'a3']);
    expect(other.values).toEqual(['c1', 'c2', 'c3', 'c4']);
  });

  test('of what was written before entries had serials: one journal after the other, and before what has one', async () => {
    const storage = new FaultyStorage({ seed: 1 });
    const segments = {
      a: 'UlhKU0pSTkwBAAAAzUtVt0EAAADcMucteyJzb3VyY2UiOiJhIiwicGlwZWxpbmVzIjpbIm1haW4iXSwic2luY2UiOjAsImZpcnN0IjowLCJjb3VudCI6Mn0UAAAAlbOJiltbMSw0XSxbMiwzXSwxLDIsW11d',
      b: 'UlhKU0pSTkwBAAAAzUtVt0EAAADFmyQEeyJzb3VyY2UiOiJiIiwicGlwZWxpbmVzIjpbIm1haW4iXSwic2luY2UiOjAsImZpcnN0IjowLCJjb3VudCI6MX0QAAAARfF1x1tbMSwzXSxbMl0sMyxbXV0=',
    };
    for (const [source, bytes] of Object.entries(segments)) {
      const name = segmentName({ journal: journalId(source), first: 0, generation: source === 'a' ? 1 : 2 });
      storage.blobs.set(name, Uint8Array.from(Buffer.from(bytes, 'base64')));
    }
    const first = start(storage);
    await settled();
    expect(first.seen.last).toEqual([1, 2, 3]);
    await tell([first.b, 'b'], [first.a, 'a']);
    const second = start(storage.crash());
    await settled();
    expect(second.seen.last).toEqual([1, 2, 3, 'b', 'a']);
  });
});

describe('the order is kept', () => {
  async function interleaved(storage: CheckpointStorage) {
    const life = start(storage);
    await settled();
    await life.checkpoints.checkpoint();
    await tell([life.a, 'a1'], [life.b, 'b1'], [life.b, 'b2'], [life.a, 'a2'], [life.b, 'b3']);
    return life;
  }
  const expected = ['a1', 'b1', 'b2', 'a2', 'b3'];

  /** What is written by the time of the savepoint below. */
  const written = ['b1', 'a1'];

  /** A savepoint whose sources had still all of that to emit. */
  async function savepoint(storage: FaultyStorage, name: string): Promise<void> {
    const { a, b, checkpoints } = start(storage);
    await settled();
    storage.faults = { slow: ({ operation, name: target }) => operation === 'write' && target!.startsWith('journal-') };
    for (const [subject, text] of [
      [b, 'b1'],
      [a, 'a1'],
    ] as const)
      subject.next(text);
    await settled();
    const taken = checkpoints.stop({ savepoint: name });
    await settled();
    storage.faults = {};
    while (storage.held.length > 0) {
      storage.held[0]!.goOn();
      await settled();
    }
    await taken;
  }

  test('by a savepoint, in another storage', async () => {
    const storage = new FaultyStorage({ seed: 1 });
    await savepoint(storage, 'before');
    const other = new FaultyStorage({ seed: 2 });
    other.blobs.set('savepoint-before', storage.blobs.get('savepoint-before')!);
    const { seen, a, b, checkpoints } = start(other, { from: 'before' });
    await settled();
    expect(seen.last).toEqual(written);
    await checkpoints.checkpoint();
    await tell([b, 'b9'], [a, 'a9']);
    const again = start(other.crash(), { from: 'before' });
    await settled();
    expect(again.seen.last).toEqual([...written, 'b9', 'a9']);
  });

  test('by a savepoint of what was paused: what comes then goes behind it', async () => {
    const storage = new FaultyStorage({ seed: 1 });
    const first = gated(storage);
    await settled();
    for (let n = 0; n < 3_000; n++) first.many.next(String(n));
    await settled();
    await first.checkpoints.savepoint('before');
    const other = new FaultyStorage({ seed: 2 });
    other.blobs.set('savepoint-before', storage.blobs.get('savepoint-before')!);
    const second = gated(other, 'before');
    await settled();
    await second.checkpoints.checkpoint();
    await tell([second.gate, 'gate'], [second.other, 'other']);
    expect(second.seen.values.slice(-2)).toEqual(['2999', 'other']);
    const third = gated(other.crash(), 'before');
    await settled();
    expect(third.seen.values).toEqual(second.seen.values);
  });

  test('by a savepoint in which a source was renamed', async () => {
    const storage = new FaultyStorage({ seed: 1 });
    await savepoint(storage, 'before');
    await renameOperator(storage, 'before', { from: 'b', to: 'beta', savepoint: 'renamed' });
    const { seen } = start(storage, { from: 'renamed', names: ['a', 'beta'] });
    await settled();
    expect(seen.last).toEqual(written);
  });

  test('by a return to an older checkpoint', async () => {
    const storage = new FaultyStorage({ seed: 1 });
    const { checkpoints } = await interleaved(storage);
    await checkpoints.checkpoint();
    const again = new CheckpointSubject({ storage: storage.crash() });
    const both$ = merge(journaled<string>(NEVER).pipe(uid('a')), journaled<string>(NEVER).pipe(uid('b'))).pipe(
      uid('both'),
    );
    const pipeline$: CheckpointedObservable<string[]> = both$.pipe(scan(list, []), uid('list'));
    const seen = observe(again.recover(pipeline$, { from: 1, name: 'main' }));
    await settled();
    expect(seen.last).toEqual(expected);
  });

  test('by a thief, who writes again what was there', async () => {
    const disk = memoryStorage();
    await interleaved(asked(disk, 0));
    for (const contested of [2, 0, 3]) {
      const { seen } = start(asked(disk, contested));
      await settled();
      expect(seen.last).toEqual(expected);
    }
  });

  test('by a drain: what has come is emitted first', async () => {
    const storage = new FaultyStorage({ seed: 1, faults: { slow: isSegmentOf('a') } });
    const { a, b, checkpoints, seen } = start(storage);
    await settled();
    await tell([a, 'a1'], [b, 'b1'], [a, 'a2'], [b, 'b2']);
    expect(seen.values).toEqual([]);
    const drained = checkpoints.stop({ drain: true });
    await settled();
    while (storage.held.length > 0) {
      storage.held[0]!.goOn();
      await settled();
    }
    await drained;
    expect(seen).toMatchObject({ hasCompleted: true, error: undefined });
    expect(seen.last).toEqual(['a1', 'b1', 'a2', 'b2']);
  });
});

describe('a source that fails while it is emitted', () => {
  const life = (failing: (sources: readonly Subject<string>[]) => Subject<string>) => {
    const sources = [new Subject<string>(), new Subject<string>()];
    const [a, b] = sources.map((source, i) =>
      journaled(source).pipe(
        uid('ab'[i]!),
        map((text) => {
          if (text === 'fail') failing(sources).error(new Error('failed'));
          return text;
        }),
      ),
    );
    const seen = observe(new CheckpointSubject({ storage: memoryStorage() }).recover(merge(a!, b!).pipe(uid('both'))));
    return { a: sources[0]!, b: sources[1]!, seen };
  };

  test.each([
    ['itself: behind that', 0, ['a1', 'b1', 'fail']],
    ['what another one says: at once', 1, ['a1', 'b1']],
  ])('%s', async (_what, which, values) => {
    const { a, b, seen } = life((sources) => sources[which]!);
    await settled();
    a.next('a1');
    b.next('b1');
    a.next('fail');
    await settled();
    expect(seen).toMatchObject({ values, error: { message: 'failed' } });
  });
});
