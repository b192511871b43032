import { expect, test } from '@jest/globals';
import { NEVER, startWith, Subject } from 'rxjs';

import { codecTypes } from '../../src/checkpoint/codecTypes.js';
import { JobJournals } from '../../src/checkpoint/JobJournals.js';
import { segmentName, segmentNameOf } from '../../src/checkpoint/store/journalName.js';
import { encodeSegment, openSegment } from '../../src/checkpoint/store/journalSegment.js';
import { CheckpointSubject, DamagedJournalError, journaled, memoryStorage, uid } from '../../src/index.js';
import type { CheckpointStorage } from '../../src/index.js';
import { asked } from '../support/askedStorage.js';
import { observe, settled } from '../support/Observed.js';

/** What comes out of a process that has the storage, and is killed. @param sent - what its source emits. */
async function lifeOn(disk: CheckpointStorage, contested: number, ...sent: string[]): Promise<unknown[]> {
  const storage = asked(disk, contested);
  const values: unknown[] = [];
  const source$ = journaled(NEVER.pipe(startWith(...sent))).pipe(uid('events'));
  observe(new CheckpointSubject({ storage }).recover(source$, { name: 'main' }), (value) => values.push(value));
  await settled();
  return values;
}

/** The first segment that is there, to write others after its pattern. */
async function segmentOn(disk: CheckpointStorage) {
  const [name = ''] = (await disk.list()).filter((stored) => stored.startsWith('journal-'));
  const opened = openSegment((await disk.read(name))!, 0);
  if (opened.type !== 'intact') throw new Error(`${name} ${opened.type}`);
  const { head } = opened;
  const parts = segmentNameOf(name)!;
  const writeLate = (value: string, first: number, generation: number): Promise<void> => {
    const bytes = encodeSegment({ ...head, first, count: 1 }, { values: [value], serials: [first] }, codecTypes);
    return disk.write(segmentName({ ...parts, first, generation }), bytes);
  };
  return { generation: parts.generation, writeLate };
}

test('what a thief has handed on is not replaced by what an owner before it writes late', async () => {
  const disk = memoryStorage();
  expect(await lifeOn(disk, 0, 'a', 'b')).toEqual(['a', 'b']);
  const { writeLate } = await segmentOn(disk);
  // Two thieves: of the first one a write is still on its way when the second one looks.
  expect(await lifeOn(disk, 2)).toEqual(['a', 'b']);
  await writeLate('x', 0, 1_001);
  expect(await lifeOn(disk, 0)).toEqual(['a', 'b']);
});

test('a journal that is damaged in its midst is not made whole by a thief, up to the damage', async () => {
  const disk = memoryStorage();
  const live = new Subject<string>();
  const job = new CheckpointSubject({ storage: asked(disk, 0) });
  observe(job.recover(journaled(live).pipe(uid('events')), { name: 'main' }));
  await settled();
  for (const value of ['a', 'b', 'c']) {
    live.next(value);
    await settled();
  }
  const name = (await disk.list()).sort()[1]!;
  const bytes = (await disk.read(name))!;
  await disk.write(name, bytes.slice(0, -5));
  for (const contested of [2, 0]) {
    const next = new CheckpointSubject({ storage: asked(disk, contested) });
    const seen = observe(next.recover(journaled(NEVER).pipe(uid('events')), { name: 'main' }));
    await settled();
    expect([seen.values, seen.error]).toEqual([[], expect.any(DamagedJournalError)]);
  }
});

test('nor is it, if that owner was a thief itself', async () => {
  const disk = memoryStorage();
  expect(await lifeOn(disk, 1, 'a')).toEqual(['a']);
  const { generation, writeLate } = await segmentOn(disk);
  // What it had still under way has settled when its own thief looks, but for this: of a later opening than those that are found.
  expect(await lifeOn(disk, 1, 'b')).toEqual(['a', 'b']);
  await writeLate('x', 1, generation + 3);
  expect(await lifeOn(disk, 0)).toEqual(['a', 'b']);
});

test('nor is it, if of what that owner has journaled nothing is left to be found', async () => {
  const disk = memoryStorage();
  const live = new Subject<string>();
  const job = new CheckpointSubject({ storage: asked(disk, 1), retained: 1 });
  observe(job.recover(journaled(live).pipe(uid('events')), { name: 'main' }));
  await settled();
  live.next('a');
  await settled();
  const { generation, writeLate } = await segmentOn(disk);
  await job.checkpoint();
  await settled();
  expect((await disk.list()).filter((stored) => stored.startsWith('journal-'))).toEqual([]);
  expect(await lifeOn(disk, 1, 'b')).toEqual(['b']);
  await writeLate('x', 1, generation);
  expect(await lifeOn(disk, 0)).toEqual(['b']);
});

test('programs without journals hand on what checkpoints remember', async () => {
  const journals = new JobJournals({
    storage: memoryStorage(),
    types: codecTypes,
    newestId: () => 5,
    participants: () => [],
    onDamaged: () => {},
    onCleanupFailed: () => {},
  });
  await journals.load([], new Map(), { id: 5, positions: new Map(), origin: undefined, generation: 7 });
  const cut = () => journals.cut({ isRunning: () => true, isOver: () => false, mayHave: () => true });
  expect(cut().generation).toBe(7);
  // Nor is it forgotten when a checkpoint completes.
  journals.completed(6, [6], false);
  expect(cut().generation).toBe(7);
});
