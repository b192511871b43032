import { expect, jest, test } from '@jest/globals';
import { Subject } from 'rxjs';

import type { CheckpointedOperator, CheckpointStorage } from '../../src/index.js';
import {
  CheckpointSubject,
  delay,
  memoryStorage,
  multicast,
  publish,
  refCount,
  repeat,
  share,
  shareReplay,
  take,
  uid,
} from '../../src/index.js';
import { inFakeTime } from '../support/inFakeTime.js';
import { Log } from '../support/Log.js';
import type { Observed } from '../support/Observed.js';
import { observe, settled } from '../support/Observed.js';

inFakeTime();

type Sharing = CheckpointedOperator<number, number>;

const ways: Readonly<Record<string, () => readonly [Sharing, Sharing]>> = {
  publish: () => [publish(), refCount()],
  'multicast(factory)': () => [multicast(() => new Subject<number>()), refCount()],
  share: () => [share(), take(Infinity)],
  'shareReplay({ refCount })': () => [shareReplay({ bufferSize: 1, refCount: true }), take(Infinity)],
};

/** What is overdue at a restore comes before anything opens. */
async function start(storage: CheckpointStorage, log: Log<number>, sharing: () => readonly [Sharing, Sharing]) {
  const job = new CheckpointSubject({ storage, takeOver: true });
  const [shared, counted] = sharing();
  const late$ = log.stream$.pipe(uid('log'), delay(1_000), uid('late'), shared, uid('shared'), counted, uid('counted'));
  const left$ = late$.pipe(take(2), uid('two'), repeat({ count: 2, delay: 60_000 }), uid('again'));
  const left = observe(job.recover(left$, { name: 'left' }));
  // Keeps the job running.
  const other: Observed<number> = observe(job.recover(new Log<number>().stream$, { name: 'other' }));
  await settled();
  return { job, left, other };
}

test.each(Object.entries(ways))(
  'who leaves %s by what was overdue at a restore is gone for good',
  async (_, sharing) => {
    const [storage, log] = [memoryStorage(), new Log([1, 2, 3])];
    log.end();
    const { job } = await start(storage, log, sharing);
    await job.checkpoint();
    const now = Date.now();
    jest.clearAllTimers();
    jest.setSystemTime(now + 10_000);
    const { left } = await start(storage, log, sharing);
    // Nobody is there to hear that its source has ended too.
    expect([left.values, log.readerCount]).toEqual([[1, 2], 0]);
    jest.advanceTimersByTime(120_000);
    expect([left.values, left.hasCompleted, log.readerCount]).toEqual([[1, 2, 1, 2], true, 0]);
  },
);
