import { expect, test } from '@jest/globals';
import { NEVER, startWith } from 'rxjs';

import { codecTypes } from '../../src/checkpoint/codecTypes.js';
import { segmentName, segmentNameOf } from '../../src/checkpoint/store/journalName.js';
import { encodeSegment, openSegment } from '../../src/checkpoint/store/journalSegment.js';
import { CheckpointSubject, journaled, memoryStorage, uid } from '../../src/index.js';
import type { CheckpointStorage } from '../../src/index.js';
import { observe, settled } from '../support/Observed.js';

/** What comes out of a process that has the storage, and is killed. @param sent - what its source emits. */
async function lifeOn(disk: CheckpointStorage, contested: number, ...sent: string[]): Promise<unknown[]> {
  const storage: CheckpointStorage = {
    description: 'a disk whose claim can be asked for only',
    read: (name) => disk.read(name),
    write: (name, bytes) => disk.write(name, bytes),
    remove: (name) => disk.remove(name),
    list: () => disk.list(),
    lock: () => Promise.resolve({ contested, confirm: () => Promise.resolve(), release: () => Promise.resolve() }),
  };
  const values: unknown[] = [];
  const source$ = journaled(NEVER.pipe(startWith(...sent))).pipe(uid('events'));
  observe(new CheckpointSubject({ storage }).recover(source$, { name: 'main' }), (value) => values.push(value));
  await settled();
  return values;
}

test('what a thief has handed on is not replaced by what an owner before it writes late', async () => {
  const disk = memoryStorage();
  expect(await lifeOn(disk, 0, 'a', 'b')).toEqual(['a', 'b']);
  const [name = ''] = await disk.list();
  const parts = segmentNameOf(name)!;
  const opened = openSegment((await disk.read(name))!, 0);
  if (opened.type !== 'intact') throw new Error(`${name} ${opened.type}`);
  // Two thieves: of the first one a write is still on its way when the second one looks.
  expect(await lifeOn(disk, 2)).toEqual(['a', 'b']);
  const late = encodeSegment({ ...opened.head, count: 1 }, ['x'], codecTypes);
  await disk.write(segmentName({ ...parts, generation: 1_001 }), late);
  expect(await lifeOn(disk, 0)).toEqual(['a', 'b']);
});
