import { beforeEach, describe, expect, jest, test } from '@jest/globals';
import { Subject, throwError } from 'rxjs';

import type { CheckpointFailedError } from '../../src/index.js';
import { CheckpointSubject, scan, share, uid } from '../../src/index.js';
import { Log } from '../support/Log.js';
import { observe, settled } from '../support/Observed.js';
import { ScriptedStorage } from './store/ScriptedStorage.js';

beforeEach(() => {
  jest.useFakeTimers({ doNotFake: ['setImmediate', 'queueMicrotask', 'nextTick'] });
});

type Part = Readonly<{ checkpoints: CheckpointSubject; storage: ScriptedStorage; log: Log<unknown>; unsubscribe(): void }>;

/** Every reason of a failed checkpoint, and how it comes about. */
const scenarios: Record<CheckpointFailedError['reason'], (part: Part) => Promise<void> | void> = {
  'not-running': ({ checkpoints, unsubscribe }) => {
    unsubscribe();
    checkpoints.next();
  },
  'too-many-pending': ({ checkpoints }) => {
    checkpoints.next();
    checkpoints.next();
  },
  'region-broken': async ({ checkpoints }) => {
    const shared$ = new Log([1]).stream$.pipe(share(), uid('shared'));
    observe(checkpoints.recover(shared$, { name: 'left' }));
    const right = observe(checkpoints.recover(shared$, { name: 'right' }));
    await settled();
    right.unsubscribe();
    checkpoints.next();
  },
  declined: ({ checkpoints, log }) => {
    log.write({ worker: new AbortController() });
    checkpoints.next();
  },
  'encoding-failed': ({ checkpoints, log }) => {
    let deep: unknown = 1;
    for (let i = 0; i < 1_500; i++) deep = [deep];
    log.write(deep);
    checkpoints.next();
  },
  'storage-failed': ({ checkpoints, storage }) => {
    storage.writeFate = 'fail';
    checkpoints.next();
  },
  expired: async ({ checkpoints, storage }) => {
    storage.writeFate = 'hold';
    checkpoints.next();
    await jest.advanceTimersByTimeAsync(600_000);
  },
  cancelled: async ({ checkpoints, log, unsubscribe }) => {
    checkpoints.subscribe();
    log.write('stop');
    unsubscribe();
    await settled();
  },
  'trigger-failed': async ({ storage }) => {
    void storage;
  },
  'damaged-checkpoint': async ({ checkpoints, storage, unsubscribe }) => {
    await checkpoints.checkpoint();
    await checkpoints.checkpoint();
    unsubscribe();
    await settled();
    storage.blobs.get('checkpoint-000000000002')![30]! ^= 1;
    observe(checkpoints.recover(new Log().stream$.pipe(uid('log'), scan((_, value) => value), uid('newest'))));
    await settled();
  },
  'cleanup-failed': async ({ checkpoints, storage, log }) => {
    storage.removeFails = true;
    for (let n = 0; n < 4; n++) {
      log.write(n);
      await checkpoints.checkpoint();
    }
  },
};

test.todo('x');
void [throwError, Subject, describe, expect, scenarios];
