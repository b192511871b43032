import { describe, expect, test } from '@jest/globals';
import { VirtualTimeScheduler } from 'rxjs';

import type { CheckpointCommitter, CheckpointStorage } from '../../src/index.js';
import { CheckpointSubject, scan, uid } from '../../src/index.js';
import { FaultyStorage } from '../../src/testing/FaultyStorage.js';
import { random as randomFrom } from '../../src/testing/random.js';
import { Log } from '../support/Log.js';
import { observe, settled } from '../support/Observed.js';
import { caseCount, seed } from '../support/seed.js';
import { ScriptedStorage } from './store/ScriptedStorage.js';

/** An external system: what it was told, and what it remembers. */
class External implements CheckpointCommitter {
  readonly calls: string[] = [];
  committed = 0;
  /** What fails, as long as it is in here. */
  readonly failing = new Set<string>();
  /** What calls wait for. */
  held: Promise<void> = Promise.resolve();

  constructor(readonly name?: string) {}

  open(): void {
    this.called('open');
  }

  close(): void {
    this.called('close');
  }

  async commitCheckpoint(id: number): Promise<void> {
    await this.held;
    this.called(`commit ${id}`);
    this.committed = Math.max(this.committed, id);
  }

  isCheckpointCommitted(id: number): boolean {
    this.called(`ask ${id}`);
    return this.committed >= id;
  }

  private called(call: string): void {
    this.calls.push(call);
    if (this.failing.has(call)) throw new Error(`${call} failed`);
  }

  take(): string[] {
    return this.calls.splice(0);
  }
}

async function started(storage: CheckpointStorage, ...committers: CheckpointCommitter[]) {
  const log = new Log([1]);
  const scheduler = new VirtualTimeScheduler();
  const checkpoints = new CheckpointSubject({ storage, committers, timeoutMs: 1_000, scheduler });
  const failures = observe(checkpoints.failures$);
  const pipeline = observe(
    checkpoints.recover(
      log.stream$.pipe(
        uid('log'),
        scan((sum, n) => sum + n, 0),
        uid('sum'),
      ),
    ),
  );
  await settled();
  return { checkpoints, failures, pipeline, scheduler };
}

describe('committers', () => {
  test('are told of each checkpoint in order, after it is durable', async () => {
    const storage = new ScriptedStorage();
    const external = new External();
    const { checkpoints, pipeline } = await started(storage, external);
    expect(external.take()).toEqual([]);
    storage.writeFate = 'hold';
    const first = checkpoints.checkpoint();
    await settled();
    expect(external.take()).toEqual([]);
    storage.land('checkpoint-000000000001');
    await first;
    await settled();
    storage.writeFate = 'succeed';
    await checkpoints.checkpoint();
    pipeline.unsubscribe();
    await settled();
    expect(external.take()).toEqual(['open', 'commit 1', 'commit 2', 'close']);
  });

  test('are not told of one that failed', async () => {
    const storage = new ScriptedStorage();
    const external = new External();
    const { checkpoints } = await started(storage, external);
    storage.writeFate = 'fail';
    await checkpoints.checkpoint().catch(() => {});
    storage.writeFate = 'succeed';
    await checkpoints.checkpoint();
    await settled();
    expect(external.take()).toEqual(['open', 'commit 2']);
  });

  test('are asked after a restart, and told again if they do not know', async () => {
    const storage = new ScriptedStorage();
    const external = new External();
    await (await started(storage, external)).checkpoints.checkpoint();
    await settled();
    external.take();
    await started(storage.reopened(), external);
    expect(external.take()).toEqual(['open', 'ask 1']);
    external.committed = 0;
    await started(storage.reopened(), external);
    expect(external.take()).toEqual(['open', 'ask 1', 'commit 1']);
  });

  test('that fail are reported, and told again with the next, in order; the others go on', async () => {
    const [broken, other] = [new External('the ledger'), new External()];
    const { checkpoints, failures, pipeline } = await started(new ScriptedStorage(), broken, other);
    broken.failing.add('commit 1');
    await checkpoints.checkpoint();
    await settled();
    expect(failures.values).toMatchObject([{ reason: 'commit-failed', checkpointId: 1 }]);
    expect(failures.values[0]!.message).toContain('The committer the ledger could not be told that checkpoint 1');
    await checkpoints.checkpoint();
    await settled();
    broken.failing.clear();
    await checkpoints.checkpoint();
    await settled();
    expect(broken.take()).toEqual(['open', 'commit 1', 'commit 1', 'commit 1', 'commit 2', 'commit 3']);
    expect(other.take()).toEqual(['open', 'commit 1', 'commit 2', 'commit 3']);
    expect(pipeline.error).toBeUndefined();
  });

  test('that cannot be opened are opened again with the next checkpoint, and not closed unless they are open', async () => {
    const external = new External();
    external.failing.add('open');
    const { checkpoints, failures, pipeline } = await started(new ScriptedStorage(), external);
    await checkpoints.checkpoint();
    await settled();
    expect(failures.values).toMatchObject([{ reason: 'commit-failed', checkpointId: 1 }]);
    external.failing.clear();
    await checkpoints.checkpoint();
    await settled();
    expect(external.take()).toEqual(['open', 'open', 'commit 1', 'commit 2']);
    external.failing.add('close');
    pipeline.unsubscribe();
    await settled();
    expect(external.take()).toEqual(['close']);
    expect(failures.values.at(-1)!.message).toBe('The committer number 1 could not be closed. close failed.');
  });

  test('that are slow keep no checkpoint waiting', async () => {
    const external = new External();
    let letGo!: () => void;
    external.held = new Promise((resolve) => (letGo = resolve));
    const { checkpoints } = await started(new ScriptedStorage(), external);
    for (let n = 1; n <= 3; n++) expect((await checkpoints.checkpoint()).id).toBe(n);
    expect(external.take()).toEqual(['open']);
    letGo();
    await settled();
    expect(external.take()).toEqual(['commit 1', 'commit 2', 'commit 3']);
  });

  test('that hang are reported after timeoutMs, and told in order of the rest once they answer', async () => {
    const external = new External('the ledger');
    let letGo!: () => void;
    external.held = new Promise((resolve) => (letGo = resolve));
    const { checkpoints, failures, pipeline, scheduler } = await started(new ScriptedStorage(), external);
    for (let n = 1; n <= 3; n++) await checkpoints.checkpoint();
    await settled();
    scheduler.maxFrames = 999;
    scheduler.flush();
    expect(failures.values).toEqual([]);
    scheduler.maxFrames = 1_000_000;
    scheduler.flush();
    expect(failures.values).toMatchObject([{ reason: 'commit-failed', checkpointId: 1 }]);
    expect(failures.values[0]!.message).toMatchInlineSnapshot(
      `"The committer the ledger hangs: it was to be told that checkpoint 1 is durable, and has not answered for 1000 ms. The checkpoint is complete. Until the committer answers, or the job is restarted, it is told of no later one."`,
    );
    letGo();
    await settled();
    expect(external.take()).toEqual(['open', 'commit 1', 'commit 2', 'commit 3']);
    scheduler.flush();
    expect(failures.values).toHaveLength(1);
    pipeline.unsubscribe();
    await settled();
    expect(external.take()).toEqual(['close']);
  });

  test('that hang when they are to close are reported, too', async () => {
    const external: CheckpointCommitter = {
      commitCheckpoint() {},
      isCheckpointCommitted: () => true,
      close: () => new Promise<void>(() => {}),
    };
    const { checkpoints, failures, pipeline, scheduler } = await started(new ScriptedStorage(), external);
    await checkpoints.checkpoint();
    await settled();
    pipeline.unsubscribe();
    await settled();
    scheduler.flush();
    expect(failures.values.map(({ message }) => message)).toEqual([
      'The committer number 1 hangs: it was asked to close, and has not answered for 1000 ms.',
    ]);
  });

  test('are never told of a checkpoint that a restart would not begin with, whenever it crashes', async () => {
    let commits = 0;
    for (let i = 0; i < caseCount(100); i++) {
      const random = randomFrom(seed * 10_000 + i);
      let storage = new FaultyStorage({ seed: i, faults: { failedButDone: 0.1, tornWrite: 0.1 } });
      const external = new External();
      let newest = 0;
      for (let life = 0; life < 4; life++) {
        const mine = storage.reopen();
        const dying = 5 + random.below(30);
        let calls = 0;
        mine.onCall = () => {
          if (++calls === dying) storage = mine.crash();
        };
        const { checkpoints, pipeline } = await started(mine, {
          commitCheckpoint: async (id) => {
            if (mine.hasCrashed) return;
            expect(mine.blobs.has(`checkpoint-${String(id).padStart(12, '0')}`)).toBe(true);
            expect(id).toBeGreaterThanOrEqual(newest);
            newest = id;
            commits++;
            await external.commitCheckpoint(id);
          },
          isCheckpointCommitted: (id) => external.committed >= id,
        });
        for (let n = 0; n < 12 && !mine.hasCrashed; n++) {
          checkpoints.next();
          await settled();
        }
        pipeline.unsubscribe();
        await settled();
      }
    }
    expect(commits).toBeGreaterThan(caseCount(100));
  }, 30_000);
});
