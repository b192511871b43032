import { describe, expect, it } from '@jest/globals';

import { checkpointName } from '../../../src/checkpoint/store/checkpointName.js';
import type { ClaimMode } from '../../../src/checkpoint/store/ReturnPoint.js';
import { ReturnPoint } from '../../../src/checkpoint/store/ReturnPoint.js';
import { DamagedCheckpointError } from '../../../src/errors/DamagedCheckpointError.js';
import { Run, snapshotOf, startedRun } from './checkpointing.js';
import { ScriptedStorage } from './ScriptedStorage.js';

const KIB = 1024;
const big = snapshotOf('big', 8 * KIB);

/** Five checkpoints, of which the third to fifth are retained; all refer to a chunk in the first. */
async function fiveTaken(): Promise<ScriptedStorage> {
  const storage = new ScriptedStorage();
  const run = await startedRun(storage);
  for (let n = 1; n <= 5; n++) await run.take({ big, n: { n } });
  expect(names(storage)).toEqual([1, 3, 4, 5]);
  return storage.reopened();
}

function names(storage: ScriptedStorage): (number | string)[] {
  return storage.names().map((name) => (/^checkpoint-\d+$/.test(name) ? Number(name.slice(11)) : name));
}

async function restored(storage: ScriptedStorage, id: number, claim: ClaimMode): Promise<Run & { big: object }> {
  const run = new Run(storage);
  await run.store.load({ mayBeDamaged: true });
  const loaded = (await run.store.load({ from: new ReturnPoint(id, claim) }))!;
  expect(loaded.id).toBe(id);
  expect(loaded.entries.get('n')!.decode()).toEqual({ n: id });
  return Object.assign(run, { big: loaded.entries.get('big')! });
}

describe('a checkpoint that is restored without a claim', () => {
  it('is not referred to: the first one after it is full', async () => {
    const storage = await fiveTaken();
    const run = await restored(storage, 3, 'no-claim');
    const first = await run.take({ big: run.big, n: { n: 6 } });
    expect(first.id).toBe(6);
    expect(first.writtenBytes).toBeGreaterThan(8 * KIB);
    expect((await run.take({ big: run.big, n: { n: 7 } })).writtenBytes).toBeLessThan(KIB);
  });

  it('stays, with all that it refers to, also after restarts; what else was there goes in time', async () => {
    const storage = await fiveTaken();
    let run: Run = await restored(storage, 3, 'no-claim');
    for (let n = 6; n <= 12; n++) {
      await run.take({ big: snapshotOf(n), n: { n } });
      run = new Run(storage.reopened());
      expect((await run.load())!.id).toBe(n);
    }
    expect(names(storage)).toEqual([1, 3, 10, 11, 12]);
    await restored(storage.reopened(), 3, 'claim');
  });

  it('stays when somebody restores one from before it was restored, or with a claim another one', async () => {
    const storage = await fiveTaken();
    await (await restored(storage, 5, 'no-claim')).take({ n: { n: 6 } });
    await (await restored(storage.reopened(), 4, 'claim')).take({ n: { n: 7 } });
    await (await restored(storage.reopened(), 3, 'no-claim')).take({ n: { n: 8 } });
    const run = await startedRun(storage.reopened());
    for (let n = 9; n <= 11; n++) await run.take({ n: { n } });
    expect(names(storage)).toEqual([1, 3, 5, 9, 10, 11]);
  });

  it('goes in time once it is restored with a claim', async () => {
    const storage = await fiveTaken();
    await (await restored(storage, 3, 'no-claim')).take({ n: { n: 6 } });
    const run = await restored(storage.reopened(), 3, 'claim');
    for (let n = 7; n <= 9; n++) await run.take({ n: { n } });
    expect(names(storage)).toEqual([7, 8, 9]);
  });

  it('stays when it cannot be read for once: the job does not start then', async () => {
    const storage = await fiveTaken();
    await (await restored(storage, 3, 'no-claim')).take({ n: { n: 6 } });
    const flaky = storage.reopened();
    const read = flaky.read.bind(flaky);
    flaky.read = (name) => (name === checkpointName(3) ? Promise.reject(new Error('EIO')) : read(name));
    await expect(new Run(flaky).load()).rejects.toThrow(/EIO/);
  });

  it('is forgotten when its owner has removed it', async () => {
    const storage = await fiveTaken();
    let run: Run = await restored(storage, 3, 'no-claim');
    for (let n = 6; n <= 9; n++) await run.take({ n: { n } });
    storage.blobs.delete(checkpointName(3));
    run = await startedRun(storage.reopened());
    await run.take({ n: { n: 10 } });
    expect(names(storage)).toEqual([8, 9, 10]);
  });
});

describe('a checkpoint that is restored with a claim', () => {
  it('is built upon, and goes in time', async () => {
    const storage = await fiveTaken();
    const run = await restored(storage, 3, 'claim');
    expect((await run.take({ big: run.big, n: { n: 6 } })).writtenBytes).toBeLessThan(KIB);
    for (let n = 7; n <= 9; n++) await run.take({ n: { n } });
    expect(names(storage)).toEqual([7, 8, 9]);
  });
});

describe.each<ClaimMode>(['claim', 'no-claim'])('the checkpoints after one that is restored, %s,', (claim) => {
  it('are of a line that was left: nobody falls back to them, nor counts them', async () => {
    const storage = await fiveTaken();
    let run: Run = await restored(storage, 3, claim);
    await run.take({ n: { n: 6 } });
    run = new Run(storage.reopened());
    expect((await run.load())!.id).toBe(6);
    await run.take({ n: { n: 7 } });
    expect(run.store.retainedIds()).toEqual(claim === 'claim' ? [7, 6, 3] : [7, 6, 1]);
    // The one before the newest is its own.
    storage.blobs.get(checkpointName(7))![30]! ^= 1;
    run = new Run(storage.reopened());
    expect((await run.load())!.entries).toEqual({ n: { n: 6 } });
    await run.take({ n: { n: 8 } });
    await run.take({ n: { n: 9 } });
    // Three of its own are there, and the damaged one among them goes when it is older.
    expect(names(storage)).toEqual(claim === 'claim' ? [6, 7, 8, 9] : [1, 3, 6, 7, 8, 9]);
    await run.take({ n: { n: 10 } });
    expect(names(storage)).toEqual(claim === 'claim' ? [8, 9, 10] : [1, 3, 8, 9, 10]);
  });
});

describe('what there is to remember of a restore', () => {
  it('is not in the manifest when there is nothing, nor any longer than it matters', async () => {
    const storage = await fiveTaken();
    const text = (id: number): string => Buffer.from(storage.blobs.get(checkpointName(id))!).toString('latin1');
    expect(text(5)).not.toContain('lineage');
    const run = await restored(storage, 3, 'claim');
    for (let n = 6; n <= 9; n++) await run.take({ n: { n } });
    expect(text(8)).toContain('"lineage":{"foreign":[],"left":[[3,6]],"claimed":[]}');
    expect(text(9)).not.toContain('lineage');
  });

  it('is nothing for a checkpoint that is not there, or damaged: both are refused', async () => {
    const storage = await fiveTaken();
    await expect(new Run(storage).store.load({ from: new ReturnPoint(2, 'claim') })).rejects.toThrow(
      DamagedCheckpointError,
    );
    storage.blobs.get(checkpointName(4))![30]! ^= 1;
    await expect(new Run(storage).store.load({ from: new ReturnPoint(4, 'no-claim') })).rejects.toThrow(
      DamagedCheckpointError,
    );
    expect(await new Run(storage).load()).toMatchObject({ id: 5 });
  });
});

describe('another name that was claimed, a savepoint', () => {
  it('goes when as many checkpoints are there as are retained, also after a restart; others stay', async () => {
    const storage = new ScriptedStorage();
    storage.blobs.set('savepoint-mine', Uint8Array.of(1));
    storage.blobs.set('savepoint-theirs', Uint8Array.of(2));
    let run = await startedRun(storage);
    await run.store.claim('savepoint-mine');
    await run.take({ n: { n: 1 } });
    await run.take({ n: { n: 2 } });
    run = await startedRun(storage.reopened());
    expect(names(storage)).toEqual([1, 2, 'savepoint-mine', 'savepoint-theirs']);
    await run.take({ n: { n: 3 } });
    expect(names(storage)).toEqual([1, 2, 3, 'savepoint-theirs']);
    await run.take({ n: { n: 4 } });
    const text = Buffer.from(storage.blobs.get(checkpointName(4))!).toString('latin1');
    expect(text).not.toContain('lineage');
    expect(names(storage)).toEqual([2, 3, 4, 'savepoint-theirs']);
  });

  it('that cannot be removed is tried again', async () => {
    const storage = new ScriptedStorage();
    storage.blobs.set('savepoint-mine', Uint8Array.of(1));
    const run = await startedRun(storage, { retained: 1 });
    await run.store.claim('savepoint-mine');
    storage.removeFails = true;
    await run.take({ n: { n: 1 } });
    expect(run.cleanupErrors).toHaveLength(1);
    storage.removeFails = false;
    await run.take({ n: { n: 2 } });
    expect(names(storage)).toEqual([2]);
  });

  it.each([
    ['as long as it is claimed', false, 2],
    ['after it went, as far as is known', true, 1],
  ])('stays when it was given to something else %s', async (_when, isGone, value) => {
    const storage = new ScriptedStorage();
    storage.blobs.set('savepoint-mine', Uint8Array.of(1));
    let run = await startedRun(storage, { retained: isGone ? 1 : 2 });
    await run.store.claim('savepoint-mine');
    await run.take({ n: { n: 1 } });
    expect(storage.blobs.has('savepoint-mine')).toBe(!isGone);
    run = await startedRun(storage.reopened(), { retained: 2 });
    storage.blobs.set('savepoint-mine', Uint8Array.of(value));
    for (let n = 2; n <= 4; n++) await run.take({ n: { n } });
    expect(names(storage)).toContain('savepoint-mine');
    const text = Buffer.from(storage.blobs.get(checkpointName(4))!).toString('latin1');
    expect(text).not.toContain('lineage');
  });

  it('stays claimed when somebody goes back to a checkpoint of before, and no more than that', async () => {
    const storage = await fiveTaken();
    storage.blobs.set('savepoint-mine', Uint8Array.of(1));
    let run = await startedRun(storage);
    await run.store.claim('savepoint-mine');
    await run.take({ n: { n: 6 } });
    run = await restored(storage.reopened(), 4, 'claim');
    for (let n = 7; n <= 10; n++) await run.take({ n: { n } });
    expect(names(storage)).toEqual([8, 9, 10]);
    // This one has it as claimed, and it has gone since.
    storage.blobs.set('savepoint-mine', Uint8Array.of(1));
    run = await restored(storage.reopened(), 8, 'claim');
    for (let n = 11; n <= 14; n++) await run.take({ n: { n } });
    expect(names(storage)).toContain('savepoint-mine');
  });
});
