import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

import { expect, it } from '@jest/globals';
import { Subject } from 'rxjs';

import { CheckpointSubject } from '../../src/checkpoint/CheckpointSubject.js';
import { scan } from '../../src/operators/scan.js';
import { uid } from '../../src/operators/uid.js';
import { fromArray } from '../../src/sources/fromArray.js';
import { memoryStorage } from '../../src/storage/memoryStorage.js';

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as (options: { readonly type: 'minor' }) => void;

/** What is on the heap once young objects that nothing refers to are gone. */
function heapInUse(): number {
  collect({ type: 'minor' });
  return process.memoryUsage().heapUsed;
}

const JOBS = 100;
const SLOTS = 10_000;
/** What the array of a job takes there, which only the job refers to. */
const BYTES = SLOTS * 8;

/** Restores and runs a job, takes a checkpoint, and stops. */
async function liveOnce(storage = memoryStorage()): Promise<void> {
  const ballast = new Array<number>(SLOTS).fill(0);
  const trigger = new Subject<void>();
  const checkpoints = new CheckpointSubject({ storage, trigger });
  const count$ = fromArray([1, 2, 3]).pipe(
    uid('numbers'),
    scan((count) => count + ballast.length, 0),
    uid('count'),
  );
  await new Promise<void>((done) => {
    const subscription = checkpoints.recover(count$).subscribe();
    checkpoints.checkpoint().then(
      () => {
        subscription.unsubscribe();
        done();
      },
      () => done(),
    );
  });
}

// What old objects refer to stays until the next full collection, which thousands of short jobs would wait for. See decision 0190.
it('goes with the next young collection when it is over', async () => {
  for (let i = 0; i < JOBS; i++) await liveOnce();
  let kept = 0;
  for (let i = 0, before = heapInUse(); i < JOBS; i++) {
    await liveOnce();
    const now = heapInUse();
    if (now - before > BYTES / 2) kept++;
    before = now;
  }
  // A test runner keeps one now and then.
  expect(kept).toBeLessThan(JOBS / 4);
});
