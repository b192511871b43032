import { describe, expect, test } from '@jest/globals';
import { filter as rxFilter, Subject, take as rxTake } from 'rxjs';

import { codecTypes } from '../../src/checkpoint/codecTypes.js';
import { segmentNameOf } from '../../src/checkpoint/store/journalName.js';
import { decodeEntries, openSegment } from '../../src/checkpoint/store/journalSegment.js';
import { CheckpointSubject, concatMap, journaled, map, mergeMap, retry, scan, uid } from '../../src/index.js';
import type { CheckpointedObservable } from '../../src/index.js';
import { FaultyStorage } from '../../src/testing/FaultyStorage.js';
import { random } from '../../src/testing/random.js';
import type { StorageCall, StorageFaults } from '../../src/testing/StorageFaults.js';
import { inFakeTime } from '../support/inFakeTime.js';
import type { Observed } from '../support/Observed.js';
import { observe, settled } from '../support/Observed.js';
import { caseCount, seed } from '../support/seed.js';

inFakeTime();

type Build = (events: Subject<number>) => CheckpointedObservable<readonly number[]>;

const list = (values: readonly number[], value: number): number[] => [...values, value];

const pipelines: Record<string, Build> = {
  'a source alone': (events) => journaled(events).pipe(uid('events'), scan(list, []), uid('list')),
  'below retry, with an error now and then': (events) =>
    journaled(events).pipe(
      uid('events'),
      map((n) => {
        if (n % 5 === 0) throw new Error('every fifth');
        return n;
      }),
      retry(),
      uid('retry'),
      scan(list, []),
      uid('list'),
    ),
  'of which each value opens another hot one': (events) =>
    journaled(events.pipe(rxFilter((n) => n % 4 === 0))).pipe(
      uid('outer'),
      concatMap(() =>
        journaled(
          events.pipe(
            rxFilter((n) => n % 4 !== 0),
            rxTake(2),
          ),
        ).pipe(uid('inner')),
      ),
      uid('all'),
      scan(list, []),
      uid('list'),
    ),
  'in the inner pipelines of another one': (events) =>
    journaled(events).pipe(
      uid('events'),
      mergeMap((n) => journaled([n]).pipe(uid('inner')), 1),
      uid('all'),
      scan(list, []),
      uid('list'),
    ),
};

/** A job that is killed and started again, over one disk. */
class Lives {
  storage: FaultyStorage;
  /** What came out, in all lives. */
  readonly seen: (readonly number[])[] = [];
  /** What the storage has confirmed, or was about to confirm. */
  readonly written = new Set<number>();
  calls = 0;
  readonly killedAt: StorageCall[] = [];
  private readonly torn = new Set<string>();
  private events = new Subject<number>();
  private checkpoints!: CheckpointSubject;
  private pipeline!: Observed<readonly number[]>;
  private next = 1;

  constructor(
    private readonly build: Build,
    private readonly killsAt: (call: StorageCall) => boolean,
    faults: StorageFaults = {},
  ) {
    this.storage = new FaultyStorage({ seed: 5, faults, onCall: (call) => this.called(call) });
    this.start();
  }

  private called(call: StorageCall): void {
    this.calls++;
    const { storage } = this;
    if (call.operation === 'write' && call.phase === 'after') this.note(call.name!);
    if (!this.killsAt(call)) return;
    if (call.phase === 'torn') {
      // That no checkpoint is intact is another story.
      if (call.name!.startsWith('checkpoint-') && !this.hasIntactCheckpoint) return;
      this.torn.add(call.name!);
    }
    this.killedAt.push(call);
    storage.crash();
  }

  private get hasIntactCheckpoint(): boolean {
    const names = [...this.storage.blobs.keys()].filter((name) => name.startsWith('checkpoint-'));
    // One of them is the one that is being written.
    return names.filter((name) => !this.torn.has(name)).length > 1;
  }

  private note(name: string): void {
    const parts = segmentNameOf(name);
    if (parts === undefined) return;
    const opened = openSegment(this.storage.blobs.get(name)!, parts.first);
    if (opened.type !== 'intact') throw new Error(`${name} ${opened.type}`);
    for (const entry of decodeEntries(opened.entries, codecTypes).values)
      if (typeof entry === 'number') this.written.add(entry);
  }

  private start(): void {
    const { storage } = this;
    this.events = new Subject();
    this.checkpoints = new CheckpointSubject({ storage, retained: 2 });
    observe(this.checkpoints.failures$);
    this.subscribe();
  }

  private subscribe(): void {
    const { storage } = this;
    this.pipeline = observe(this.checkpoints.recover(this.build(this.events)), (values) => {
      if (!storage.hasCrashed) this.seen.push(values);
    });
  }

  /** Starts again what has died, or ended with an error of the storage. */
  private revive(): void {
    if (this.storage.hasCrashed) {
      this.storage = this.storage.crash();
      this.start();
    } else if (this.pipeline.error !== undefined) {
      expect(this.pipeline.error).toMatchObject({ code: 'storage-failed' });
      this.subscribe();
    }
  }

  emit(count: number): void {
    for (let i = 0; i < count; i++) this.events.next(this.next++);
  }

  checkpoint(): void {
    this.checkpoints.next();
  }

  restart(): void {
    this.pipeline.unsubscribe();
    this.subscribe();
  }

  /** A few microtasks, so that things happen in the midst of others. */
  async wait(count: number): Promise<void> {
    for (let i = 0; i < count; i++) await Promise.resolve();
    this.revive();
  }

  async settle(): Promise<void> {
    await settled();
    this.revive();
    await settled();
  }

  /** Nothing goes wrong any more: what is the state in the end? */
  async finish(isDropped: (n: number) => boolean, isSometimes: boolean): Promise<readonly number[]> {
    this.storage.faults = {};
    for (let i = 0; i < 3; i++) await this.settle();
    const first = this.next;
    for (let i = 0; i < 8; i++) {
      this.emit(1);
      await this.settle();
    }
    const state = this.pipeline.last!;
    const last = Array.from({ length: 8 }, (_, i) => first + i).filter((n) => !isDropped(n));
    // Some of them may come to nobody, where the source is subscribed to now and then only.
    if (!isSometimes) expect(state.slice(-last.length)).toEqual(last);
    expect(state.some((n) => n >= first)).toBe(true);
    for (let i = 0; i < 4; i++) {
      await this.checkpoints.checkpoint();
      await this.settle();
    }
    return state;
  }
}

/** Each value counts once, in its order; what was seen or written is never lost. */
function check(lives: Lives, state: readonly number[], isDropped: (n: number) => boolean): void {
  expect([...state].sort((a, b) => a - b)).toEqual([...new Set(state)].sort((a, b) => a - b));
  expect([...state].sort((a, b) => a - b)).toEqual(state);
  for (const values of lives.seen) expect(state.slice(0, values.length)).toEqual(values);
  expect([...lives.written].filter((n) => !isDropped(n) && !state.includes(n))).toEqual([]);
  expect([...lives.storage.blobs.keys()].filter((name) => name.startsWith('journal-'))).toEqual([]);
}

async function script(lives: Lives): Promise<void> {
  await lives.settle();
  lives.emit(1);
  await lives.wait(3);
  lives.emit(2);
  await lives.settle();
  lives.checkpoint();
  lives.emit(1);
  await lives.settle();
  lives.emit(3);
  await lives.wait(2);
  lives.checkpoint();
  await lives.settle();
  lives.emit(1);
  await lives.settle();
  lives.checkpoint();
  await lives.settle();
  lives.emit(2);
  await lives.wait(4);
  lives.restart();
  await lives.settle();
  lives.emit(1);
  lives.checkpoint();
  await lives.settle();
}

describe.each(Object.entries(pipelines))('%s', (name, build) => {
  const isSometimes = name.includes('another hot one');
  const isDropped = (n: number): boolean => (name.includes('retry') && n % 5 === 0) || (isSometimes && n % 4 === 0);

  test('killed at each moment of each call of the storage', async () => {
    const calm = new Lives(build, () => false);
    await script(calm);
    const { calls } = calm;
    check(calm, await calm.finish(isDropped, isSometimes), isDropped);
    expect(calls).toBeGreaterThan(40);
    for (let at = 1; at <= calls; at++) {
      let count = 0;
      const lives = new Lives(build, () => ++count === at);
      try {
        await script(lives);
        check(lives, await lives.finish(isDropped, isSometimes), isDropped);
      } catch (error) {
        throw new Error(`killed at ${at}: ${JSON.stringify(lives.killedAt)}`, { cause: error });
      }
    }
  });

  test('random arrivals, checkpoints, restarts, faults and kills', async () => {
    for (let round = 0; round < caseCount(60); round++) {
      const choices = random(seed + round);
      const mode = choices.below(3);
      let isWild = true;
      const hits = (part: string, p: number) => (call: StorageCall) =>
        isWild && mode === 2 && call.name?.startsWith(part) === true && choices.chance(p);
      const faults: StorageFaults = {
        tornWrite: hits('journal-', 0.05),
        failedButDone: hits('', 0.05),
        outage: hits('', 0.03),
        outageCalls: 1,
      };
      const lives = new Lives(build, () => isWild && mode > 0 && choices.chance(0.03), faults);
      try {
        await lives.settle();
        for (let step = 0; step < 40; step++) {
          const choice = choices.below(10);
          if (choice < 4) lives.emit(1 + choices.below(4));
          else if (choice < 6) lives.checkpoint();
          else if (choice < 7) lives.restart();
          if (choices.chance(0.4)) await lives.settle();
          else await lives.wait(choices.below(12));
        }
        isWild = false;
        check(lives, await lives.finish(isDropped, isSometimes), isDropped);
      } catch (error) {
        throw new Error(`seed ${seed + round}: ${JSON.stringify(lives.killedAt)}`, { cause: error });
      }
    }
  });
});
