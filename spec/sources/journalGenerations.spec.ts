import { expect, test } from '@jest/globals';
import { Subject } from 'rxjs';

import type { CheckpointStorage } from '../../src/index.js';
import { CheckpointSubject, journaled, scan, uid } from '../../src/index.js';
import { FaultyStorage } from '../../src/testing/FaultyStorage.js';
import { observe, settled } from '../support/Observed.js';

async function running(storage: CheckpointStorage, from?: string) {
  const events = new Subject<number>();
  const checkpoints = new CheckpointSubject({ storage, retained: 1 });
  const sums$ = journaled(events).pipe(
    uid('events'),
    scan((sum, n) => sum + n, 0),
    uid('sum'),
  );
  const sums = observe(checkpoints.recover(sums$, { from }));
  await settled();
  const tell = async (value: number) => (events.next(value), settled());
  const checkpoint = async () => (await checkpoints.checkpoint(), settled());
  return { checkpoints, sums, tell, checkpoint };
}

test('what is written in another process, long after a return to a savepoint, is not taken for what was left behind', async () => {
  let storage = new FaultyStorage({ seed: 1 });
  const first = await running(storage);
  await first.tell(1);
  await first.checkpoint();
  await first.checkpoints.savepoint('before');
  await first.tell(10);
  storage = storage.crash();
  const back = await running(storage, 'before');
  await back.checkpoint();
  await back.checkpoint();
  expect((await storage.list()).filter((name) => name.startsWith('journal-'))).toEqual([]);
  storage = storage.crash();
  const later = await running(storage);
  await later.tell(100);
  expect(later.sums.last).toBe(101);
  storage = storage.crash();
  const last = await running(storage);
  expect(last.sums.values).toEqual([101]);
});
