import { expect, jest, test } from '@jest/globals';
import { Subject } from 'rxjs';

import type { CheckpointCommitter, CheckpointFailedError, CheckpointSubjectOptions } from '../../src/index.js';
import { CheckpointSubject, journaled, scan, share, uid } from '../../src/index.js';
import { FaultyStorage } from '../../src/testing/FaultyStorage.js';
import { inFakeTime } from '../support/inFakeTime.js';
import { Log } from '../support/Log.js';
import type { Observed } from '../support/Observed.js';
import { observe, settled } from '../support/Observed.js';
import { Remote } from '../support/Remote.js';
import { ScriptedStorage } from './store/ScriptedStorage.js';

inFakeTime();

/** A job whose state is the newest record of a log. */
class Job {
  readonly storage = new ScriptedStorage();
  readonly log = new Log<unknown>(['first']);
  readonly checkpoints: CheckpointSubject;
  private pipeline: Observed<unknown> | null = null;

  readonly committer: CheckpointCommitter = { commitCheckpoint: () => {}, isCheckpointCommitted: () => true };

  constructor(policies: Partial<CheckpointSubjectOptions> = {}) {
    this.checkpoints = new CheckpointSubject({ storage: this.storage, committers: [this.committer], ...policies });
  }

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

interface Scenario {
  readonly policies?: Partial<CheckpointSubjectOptions>;
  happen(job: Job): Promise<void> | void;
  /** What the failure has besides its message. */
  readonly facts?: Partial<CheckpointFailedError>;
}

/** For each reason a cause as it occurs. A reason without a row is a type error. */
const scenarios: Record<CheckpointFailedError['reason'], Scenario> = {
  'not-running': { happen: ({ checkpoints }) => checkpoints.next() },
  finished: {
    async happen(job) {
      await job.start();
      job.log.end();
      await settled();
      job.checkpoints.next();
    },
  },
  'too-many-pending': {
    async happen(job) {
      await job.start();
      job.checkpoints.next();
      job.checkpoints.next();
    },
  },
  'claim-lost': {
    async happen(job) {
      const locks = new FaultyStorage({ seed: 1, fenced: false });
      Object.assign(job.storage, { lock: () => locks.lock() });
      await job.start();
      await locks.lock({ steal: true });
      job.checkpoints.next();
    },
  },
  'commit-failed': {
    async happen(job) {
      job.committer.commitCheckpoint = () => {
        throw new Error('connection refused');
      };
      await job.start();
      job.checkpoints.next();
    },
  },
  'min-pause': {
    policies: { minPauseMs: 1_000 },
    async happen(job) {
      await job.start();
      await job.checkpoints.checkpoint();
      await jest.advanceTimersByTimeAsync(400);
      job.checkpoints.next();
    },
    facts: { failure: expect.objectContaining({ remainingMs: 600 }) as never },
  },
  'region-broken': {
    async happen({ checkpoints }) {
      const shared$ = new Log([1]).stream$.pipe(share(), uid('shared'));
      observe(checkpoints.recover(shared$, { name: 'left' }));
      const right = observe(checkpoints.recover(shared$, { name: 'right' }));
      await settled();
      right.unsubscribe();
      checkpoints.next();
    },
  },
  declined: {
    async happen(job) {
      await job.start();
      job.log.write({ worker: new AbortController() });
      job.checkpoints.next();
    },
    facts: { checkpointId: 1, operator: 'newest', path: 'state.value.worker' },
  },
  'encoding-failed': {
    async happen(job) {
      await job.start();
      job.log.write(tooDeep);
      job.checkpoints.next();
    },
    facts: { checkpointId: 1, operator: 'newest', path: 'state.value[0][0][0]' },
  },
  'storage-failed': {
    async happen(job) {
      await job.start();
      job.storage.writeFate = 'fail';
      job.checkpoints.next();
    },
    facts: { checkpointId: 1, missing: [] },
  },
  expired: {
    policies: { timeoutMs: 5_000 },
    async happen({ checkpoints }) {
      const inputs = ['a', 'b', 'c'].map((name) => [name, new Remote()] as const);
      for (const [name, remote] of inputs) observe(checkpoints.recover(remote.stream$.pipe(uid(name)), { name }));
      await settled();
      checkpoints.next();
      inputs[1]![1].deliverBarrier();
      await jest.advanceTimersByTimeAsync(5_000);
    },
    facts: { checkpointId: 1, operator: 'a', missing: ['a', 'c'] },
  },
  subsumed: {
    policies: { maxConcurrent: 2 },
    async happen(job) {
      await job.start();
      job.storage.writeFate = 'hold';
      job.checkpoints.next();
      job.checkpoints.next();
      job.storage.land('checkpoint-000000000002');
    },
    facts: { checkpointId: 1, failure: expect.objectContaining({ by: 2 }) as never },
  },
  aborted: {
    async happen(job) {
      await job.start((value) => {
        if (value !== 'last') return;
        job.checkpoints.next();
        job.log.breakDown(new Error('no more records'));
      });
      job.log.write('last');
    },
  },
  cancelled: {
    async happen(job) {
      await job.start((value) => {
        if (value !== 'last') return;
        job.checkpoints.next();
        job.stop();
      });
      job.log.write('last');
    },
  },
  'trigger-failed': { happen: ({ checkpoints }) => checkpoints.error(new Error('no signal')) },
  'notification-failed': {
    async happen(job) {
      await job.start();
      job.log.onCompleted = (id) => {
        throw new Error(`no database to tell of checkpoint ${id}`);
      };
      await expect(job.checkpoints.checkpoint()).resolves.toMatchObject({ id: 1 });
    },
    facts: { checkpointId: 1, operator: 'log' },
  },
  'damaged-checkpoint': {
    async happen(job) {
      await job.start();
      await job.checkpoints.checkpoint();
      job.log.write('second');
      await job.checkpoints.checkpoint();
      job.stop();
      await settled();
      job.storage.blobs.get('checkpoint-000000000002')![30]! ^= 1;
      await job.start();
    },
    facts: { checkpointId: 2 },
  },
  'damaged-journal': {
    async happen({ checkpoints, storage }) {
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
  },
  'cleanup-failed': {
    async happen(job) {
      await job.start();
      job.storage.removeFails = true;
      for (let n = 0; n < 4; n++) {
        job.log.write(n);
        await job.checkpoints.checkpoint();
      }
    },
  },
};

test.each(Object.entries(scenarios))('%s', async (reason, { policies, happen, facts = {} }) => {
  const job = new Job(policies);
  const failures = observe(job.checkpoints.failures$);
  await happen(job);
  await settled();
  expect(failures.values.map((failure) => failure.reason)).toEqual([reason]);
  const [failure] = failures.values;
  expect(failure).toMatchObject({ name: 'CheckpointFailedError', code: 'checkpoint-failed', ...facts });
  expect(failure!.failure.reason).toBe(reason);
  expect(failure!.message).toMatchSnapshot();
  expect(failures).toMatchObject({ hasCompleted: false, error: undefined });
});
