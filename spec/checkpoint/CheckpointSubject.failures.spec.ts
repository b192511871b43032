import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import { Subject } from 'rxjs';

import type { CheckpointCommitter } from '../../src/checkpoint/CheckpointCommitter.js';
import type { CheckpointFailedError } from '../../src/index.js';
import { CheckpointSubject, journaled, scan, share, uid } from '../../src/index.js';
import { FaultyStorage } from '../../src/testing/FaultyStorage.js';
import { Log } from '../support/Log.js';
import type { Observed } from '../support/Observed.js';
import { observe, settled } from '../support/Observed.js';
import { ScriptedStorage } from './store/ScriptedStorage.js';

beforeEach(() => {
  jest.useFakeTimers({ doNotFake: ['setImmediate', 'queueMicrotask', 'nextTick'] });
});

afterEach(() => {
  jest.useRealTimers();
});

/** A job whose state is the newest record of a log. */
class Job {
  readonly storage = new ScriptedStorage();
  readonly log = new Log<unknown>(['first']);
  readonly committer: CheckpointCommitter = { commitCheckpoint: () => {}, isCheckpointCommitted: () => true };
  readonly checkpoints = new CheckpointSubject({ storage: this.storage, committers: [this.committer] });
  private pipeline: Observed<unknown> | null = null;

  async start(onNext?: (value: unknown) => void): Promise<void> {
    const newest$ = this.log.stream$.pipe(
      uid('log'),
      scan((_: unknown, value) => value, null),
      uid('newest'),
    );
    this.pipeline = observe(this.checkpoints.recover(newest$), onNext);
    await settled();
  }

  stop(): void {
    this.pipeline!.unsubscribe();
  }
}

const tooDeep = Array.from({ length: 1_500 }).reduce<unknown>((inside) => [inside], 1);

const scenarios: Record<CheckpointFailedError['reason'], (job: Job) => Promise<void> | void> = {
  'not-running': ({ checkpoints }) => checkpoints.next(),
  'too-many-pending': async (job) => {
    await job.start();
    job.checkpoints.next();
    job.checkpoints.next();
  },
  'region-broken': async ({ checkpoints }) => {
    const shared$ = new Log([1]).stream$.pipe(share(), uid('shared'));
    observe(checkpoints.recover(shared$, { name: 'left' }));
    const right = observe(checkpoints.recover(shared$, { name: 'right' }));
    await settled();
    right.unsubscribe();
    checkpoints.next();
  },
  declined: async (job) => {
    await job.start();
    job.log.write({ worker: new AbortController() });
    job.checkpoints.next();
  },
  'encoding-failed': async (job) => {
    await job.start();
    job.log.write(tooDeep);
    job.checkpoints.next();
  },
  'storage-failed': async (job) => {
    await job.start();
    job.storage.writeFate = 'fail';
    job.checkpoints.next();
  },
  'claim-lost': async (job) => {
    const locks = new FaultyStorage({ seed: 1, fenced: false });
    Object.assign(job.storage, { lock: () => locks.lock() });
    await job.start();
    await locks.lock({ steal: true });
    job.checkpoints.next();
  },
  expired: async (job) => {
    await job.start();
    job.storage.writeFate = 'hold';
    job.checkpoints.next();
    await jest.advanceTimersByTimeAsync(600_000);
  },
  cancelled: async (job) => {
    await job.start((value) => {
      if (value !== 'last') return;
      job.checkpoints.next();
      job.stop();
    });
    job.log.write('last');
  },
  'commit-failed': async (job) => {
    job.committer.commitCheckpoint = () => {
      throw new Error('connection refused');
    };
    await job.start();
    job.checkpoints.next();
  },
  'trigger-failed': ({ checkpoints }) => checkpoints.error(new Error('no signal')),
  'damaged-checkpoint': async (job) => {
    await job.start();
    await job.checkpoints.checkpoint();
    job.log.write('second');
    await job.checkpoints.checkpoint();
    job.stop();
    await settled();
    job.storage.blobs.get('checkpoint-000000000002')![30]! ^= 1;
    await job.start();
  },
  'damaged-journal': async ({ checkpoints, storage }) => {
    const events = new Subject<number>();
    const pipeline = observe(checkpoints.recover(journaled(events)));
    await settled();
    events.next(1);
    await settled();
    pipeline.unsubscribe();
    await settled();
    for (const bytes of storage.blobs.values()) bytes[30]! ^= 1;
    observe(checkpoints.recover(journaled(events)));
  },
  'cleanup-failed': async (job) => {
    await job.start();
    job.storage.removeFails = true;
    for (let n = 0; n < 4; n++) {
      job.log.write(n);
      await job.checkpoints.checkpoint();
    }
  },
};

test.each(Object.entries(scenarios))('%s', async (reason, happen) => {
  const job = new Job();
  const failures = observe(job.checkpoints.failures$);
  await happen(job);
  await settled();
  expect(failures.values.map((failure) => failure.reason)).toEqual([reason]);
  const [failure] = failures.values;
  expect(failure).toMatchObject({ name: 'CheckpointFailedError', code: 'checkpoint-failed' });
  expect(failure!.message).toMatchSnapshot();
  expect(failures).toMatchObject({ hasCompleted: false, error: undefined });
});
