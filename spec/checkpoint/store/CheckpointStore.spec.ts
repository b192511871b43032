import { describe, expect, it } from '@jest/globals';

import { checkpointName } from '../../../src/checkpoint/store/checkpointName.js';
import { NEWEST_FORMAT_VERSION } from '../../../src/checkpoint/store/packLayout.js';
import { checksum } from '../../../src/checkpoint/store/checksum.js';
import { DamagedCheckpointError } from '../../../src/errors/DamagedCheckpointError.js';
import { NewerFormatError } from '../../../src/errors/NewerFormatError.js';
import { StorageError } from '../../../src/errors/StorageError.js';
import { UnreadableSnapshotError } from '../../../src/errors/UnreadableSnapshotError.js';
import { UnstorableValueError } from '../../../src/errors/UnstorableValueError.js';
import { Run, snapshotOf, startedRun } from './checkpointing.js';
import { ScriptedStorage } from './ScriptedStorage.js';

const KIB = 1024;

describe('a checkpoint', () => {
  it('comes back as it was, with its id, timestamp and meta', async () => {
    const storage = new ScriptedStorage();
    const run = await startedRun(storage);
    const meta = { names: ['main'], nested: { ä: null } };
    const entries = new Map([
      ['sum', snapshotOf(new Map([['a', -0]]))],
      ['', {}],
      ['__proto__', { x: undefined }],
      ['"\n\ud800', []],
    ]);
    await run.store.prepare({ id: 4, timestamp: 123.5, meta, entries }).write();

    const loaded = (await new Run(storage.reopened()).store.load())!;
    expect(loaded).toMatchObject({ id: 4, timestamp: 123.5, meta });
    expect([...loaded.entries.keys()]).toEqual([...entries.keys()]);
    for (const [name, entry] of loaded.entries) expect(entry.decode()).toEqual(entries.get(name));
  });

  it('is one write, under a name that sorts', async () => {
    const storage = new ScriptedStorage();
    const run = await startedRun(storage);
    await run.take({ a: {}, b: {} });
    expect(storage.names()).toEqual(['checkpoint-000000000001']);
  });

  it('may be empty', async () => {
    const storage = new ScriptedStorage();
    await (await startedRun(storage)).take({});
    expect(await new Run(storage.reopened()).load()).toEqual({ id: 1, entries: {} });
  });

  it('tells its sizes', async () => {
    const storage = new ScriptedStorage();
    const run = await startedRun(storage);
    const big = snapshotOf(1, 5 * KIB);
    const first = await run.take({ big, small: {} });
    expect(first.writtenBytes).toBe(storage.sizeBytes());
    expect(first.sizeBytes).toBeLessThan(first.writtenBytes);
    expect(first.entrySizeBytes('small')).toBe('[{}]'.length);
    const second = await run.take({ big, small: { a: 1 } });
    expect(second.sizeBytes - first.sizeBytes).toBeGreaterThan(0);
    expect(second.sizeBytes - first.sizeBytes).toBeLessThan(50);
    expect(second.writtenBytes).toBeLessThan(KIB);
    expect(second.entrySizeBytes('big')).toBe(first.entrySizeBytes('big'));
    expect((await new Run(storage.reopened()).store.load())?.sizeBytes).toBe(second.sizeBytes);
  });

  it('of ten thousand operators takes no more than a moment', async () => {
    const storage = new ScriptedStorage();
    const run = await startedRun(storage);
    const entries = Object.fromEntries(Array.from({ length: 10_000 }, (_, i) => [`operator/${i}`, snapshotOf(i)]));
    const began = process.cpuUsage();
    await run.take(entries);
    for (let i = 0; i < 5; i++) await run.take({ ...entries, [`operator/${i}`]: snapshotOf(-i) });
    expect(Object.keys((await new Run(storage.reopened()).load())!.entries)).toHaveLength(10_000);
    expect(process.cpuUsage(began).user / 1e6).toBeLessThan(5);
  });

  it('that cannot be stored says which operator is why, and leaves the store as it was', async () => {
    const run = await startedRun(new ScriptedStorage());
    const attempt = (): unknown => run.prepare({ good: {}, bad: { state: { list: [() => 1] } } });
    expect(attempt).toThrow(UnstorableValueError);
    expect(attempt).toThrow(/^The state of operator 'bad' cannot be stored: state\.list\[0\] is the function/);
    expect((await run.take({ good: {} })).id).toBe(1);
  });
});

describe('a snapshot that did not change', () => {
  it('is not written again', async () => {
    const run = await startedRun(new ScriptedStorage());
    const still = snapshotOf('still', KIB);
    await run.take({ still, moving: snapshotOf(0, KIB) });
    for (let i = 1; i < 10; i++) {
      const { writtenBytes } = await run.take({ still, moving: snapshotOf(i, KIB) });
      expect(writtenBytes).toBeLessThan(1.5 * KIB);
    }
  });

  it('is not written again after a restart, when the decoded one is handed over', async () => {
    const storage = new ScriptedStorage();
    await (await startedRun(storage)).take({ still: snapshotOf(1, KIB) });
    const run = new Run(storage.reopened());
    const { entries } = (await run.load())!;
    expect((await run.take(entries)).writtenBytes).toBeLessThan(KIB);
    expect(await new Run(storage.reopened()).load()).toEqual({ id: 2, entries });
  });

  it('may be carried over without being decoded', async () => {
    const storage = new ScriptedStorage();
    await (await startedRun(storage)).take({ detached: snapshotOf('detached', KIB) });
    const run = new Run(storage.reopened());
    const carried = (await run.store.load())!.entries.get('detached')!;
    expect((await run.take({ carried })).writtenBytes).toBeLessThan(KIB);
    // Until its pack has to be written again: many others, long dead, are in the way.
    for (let i = 0; i < 40; i++) await run.take({ carried, moving: snapshotOf(i, 10 * KIB) });
    expect((await new Run(storage.reopened()).load())!.entries.carried).toEqual(snapshotOf('detached', KIB));
  });

  it('decodes to the same object every time', async () => {
    const storage = new ScriptedStorage();
    await (await startedRun(storage)).take({ a: { n: 1 } });
    const entry = (await new Run(storage.reopened()).store.load())!.entries.get('a')!;
    expect(entry.decode()).toBe(entry.decode());
  });

  it('is written again when the pack that it was in is gone: a state may toggle between two objects', async () => {
    const storage = new ScriptedStorage();
    const run = await startedRun(storage, { retained: 1 });
    const [on, off] = [snapshotOf('on', KIB), snapshotOf('off', KIB)];
    for (const toggle of [on, off, off, on, off, on]) {
      await run.take({ toggle });
      expect((await new Run(storage.reopened()).load())!.entries).toEqual({ toggle });
    }
  });

  it('is stored once when two names have it', async () => {
    const storage = new ScriptedStorage();
    const run = await startedRun(storage);
    const shared = snapshotOf('shared', KIB);
    expect((await run.take({ a: shared, b: shared })).writtenBytes).toBeLessThan(1.5 * KIB);
    expect((await run.take({ b: shared, c: shared })).writtenBytes).toBeLessThan(KIB);
    expect((await new Run(storage.reopened()).load())!.entries).toEqual({ b: shared, c: shared });
  });
});

describe('a damaged checkpoint', () => {
  /** Three checkpoints, of which the newest refers to the first. */
  async function threeCheckpoints(): Promise<ScriptedStorage> {
    const storage = new ScriptedStorage();
    const run = await startedRun(storage);
    const base = snapshotOf('base');
    for (let i = 1; i <= 3; i++) await run.take({ base, moving: snapshotOf(i) });
    return storage;
  }
  const [first, second, third] = [1, 2, 3].map(checkpointName) as [string, string, string];

  it('falls back to the one before, and is reported', async () => {
    const storage = await threeCheckpoints();
    storage.blobs.get(third)![100]! ^= 1;
    const run = new Run(storage.reopened());
    expect((await run.load())?.id).toBe(2);
    expect(run.damages).toEqual([{ checkpointId: 3, name: third, problem: expect.any(String) }]);
  });

  it('is never followed by one with its id', async () => {
    const storage = await threeCheckpoints();
    storage.blobs.set(third, new Uint8Array(0));
    storage.blobs.set(checkpointName(9), new Uint8Array(0));
    const run = await startedRun(storage.reopened());
    expect(run.store.highestId()).toBe(9);
    expect((await run.take({ a: {} })).id).toBe(10);
  });

  it('is found whichever byte of it changed', async () => {
    const storage = await threeCheckpoints();
    const intact = storage.blobs.get(third)!;
    for (let at = 0; at < intact.length; at++) {
      const mask = 1 << (at % 8);
      const changed = intact.slice();
      changed[at]! ^= mask;
      storage.blobs.set(third, changed);
      const run = new Run(storage.reopened());
      expect([at, (await run.load())?.id]).toEqual([at, 2]);
      expect(run.damages).toHaveLength(1);
    }
  });

  it('is found wherever it was cut off, and when something follows it', async () => {
    const storage = await threeCheckpoints();
    const intact = storage.blobs.get(third)!;
    for (let length = 0; length < intact.length; length++) {
      storage.blobs.set(third, intact.slice(0, length));
      expect([length, (await new Run(storage.reopened()).load())?.id]).toEqual([length, 2]);
    }
    storage.blobs.set(third, Uint8Array.of(...intact, 0));
    expect((await new Run(storage.reopened()).load())?.id).toBe(2);
  });

  it('is found when a chunk of an older one that it refers to changed, by any byte', async () => {
    const storage = await threeCheckpoints();
    const intact = storage.blobs.get(first)!;
    const base = new TextDecoder().decode(intact).indexOf('[{"state"');
    const end = new TextDecoder().decode(intact).indexOf(']', base) + 1;
    for (let at = base - 8; at < end; at++) {
      const changed = intact.slice();
      changed[at]! ^= 1 << (at % 8);
      storage.blobs.set(first, changed);
      await expect(new Run(storage.reopened()).load()).rejects.toThrow(DamagedCheckpointError);
    }
  });

  it('is found when an older one that it refers to is missing, or lost its bytes', async () => {
    const storage = await threeCheckpoints();
    storage.blobs.set(first, new Uint8Array(0));
    await expect(new Run(storage.reopened()).load()).rejects.toThrow(
      /needs the snapshot of 'base' in checkpoint-000000000001, which is outside of its pack/,
    );
    storage.blobs.delete(first);
    await expect(new Run(storage.reopened()).load()).rejects.toThrow(
      /needs the snapshot of 'base' in checkpoint-000000000001, which is missing/,
    );
  });

  it('is found when it has the name of another', async () => {
    const storage = await threeCheckpoints();
    storage.blobs.set(checkpointName(7), storage.blobs.get(second)!);
    const run = new Run(storage.reopened());
    expect((await run.load())?.id).toBe(3);
    expect(run.damages[0]?.problem).toBe('holds checkpoint 2: it was renamed');
  });

  it('is found when the storage lists it and has no bytes', async () => {
    const storage = await threeCheckpoints();
    storage.list = async () => [...storage.blobs.keys(), checkpointName(4)];
    const run = new Run(storage);
    expect((await run.load())?.id).toBe(3);
    expect(run.damages).toHaveLength(1);
  });

  it('that is the only one never lets a job start empty', async () => {
    for (const bytes of [[], [0], [...'RXJSCKPT'].map((c) => c.charCodeAt(0)), new Array<number>(500).fill(0)]) {
      const storage = new ScriptedStorage();
      storage.blobs.set(third, Uint8Array.from(bytes));
      const run = new Run(storage.reopened());
      await expect(run.load()).rejects.toThrow(DamagedCheckpointError);
    }
  });

  it('is listed with all the others when none is intact', async () => {
    const storage = await threeCheckpoints();
    for (const name of storage.names()) storage.blobs.get(name)![20]! ^= 255;
    const error: unknown = await new Run(storage.reopened()).load().catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(DamagedCheckpointError);
    expect((error as DamagedCheckpointError).damages.map((damage) => damage.checkpointId)).toEqual([3, 2, 1]);
    expect((error as DamagedCheckpointError).message).toMatch(
      /a scripted storage.*\n- checkpoint-000000000003 .*\n(.*\n)*.*backup/,
    );
  });

  it('stays until enough intact ones have come after it', async () => {
    const storage = await threeCheckpoints();
    storage.blobs.set(third, Uint8Array.of(1));
    const run = await startedRun(storage.reopened());
    for (let i = 0; i < 3; i++) {
      expect(storage.names()).toContain(third);
      await run.take({ moving: snapshotOf(i) });
    }
    expect(storage.names()).toEqual([4, 5, 6].map(checkpointName));
  });

  it('does not count as retained', async () => {
    const storage = await threeCheckpoints();
    storage.blobs.set(third, Uint8Array.of(1));
    const run = await startedRun(storage.reopened(), { retained: 2 });
    await run.take({ moving: {} });
    expect(storage.names()).toEqual([1, 2, 3, 4].map(checkpointName)); // 2 needs 1
  });

  it('cannot be written: what is damaged in memory is found before', async () => {
    const storage = new ScriptedStorage();
    const run = await startedRun(storage);
    const prepared = run.prepare({ a: snapshotOf('x') });
    const original: (from: ArrayLike<number>, at?: number) => void = Reflect.get(Uint8Array.prototype, 'set');
    await expect(prepared.write()).resolves.toBeUndefined();
    Uint8Array.prototype.set = function (this: Uint8Array, from: ArrayLike<number>, at?: number) {
      original.call(this, from, at);
      if (at === 24) this[30]! ^= 1; // the first chunk
    };
    try {
      expect(() => run.prepare({ a: snapshotOf('y') })).toThrow(/snapshot of 'a' is damaged/);
    } finally {
      Uint8Array.prototype.set = original;
    }
    expect(storage.names()).toEqual([first]);
  });
});

describe('a checkpoint of a newer format', () => {
  function newer(bytes: Uint8Array): Uint8Array {
    const copy = bytes.slice();
    const view = new DataView(copy.buffer);
    view.setUint32(8, NEWEST_FORMAT_VERSION + 1, true);
    view.setUint32(12, checksum(copy.subarray(0, 12)), true);
    return copy;
  }

  it('is refused, and not skipped for an older one', async () => {
    const storage = new ScriptedStorage();
    const run = await startedRun(storage);
    await run.take({});
    await run.take({});
    const name = checkpointName(2);
    storage.blobs.set(name, newer(storage.blobs.get(name)!));
    const error: unknown = await new Run(storage.reopened()).load().catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(NewerFormatError);
    expect(error).toMatchObject({ code: 'newer-format', checkpoint: name, formatVersion: 3, supportedVersion: 2 });
    // Whatever the rest of it looks like.
    storage.blobs.set(name, newer(storage.blobs.get(checkpointName(1))!.slice(0, 16)));
    await expect(new Run(storage.reopened()).load()).rejects.toThrow(NewerFormatError);
  });

  it('is not what a damaged version number looks like', async () => {
    const storage = new ScriptedStorage();
    await (await startedRun(storage)).take({});
    storage.blobs.get(checkpointName(1))![8] = 2;
    await expect(new Run(storage.reopened()).load()).rejects.toThrow(DamagedCheckpointError);
  });
});

describe('a storage that fails', () => {
  it('to list or to read is an error, not an empty start and not a fallback', async () => {
    const storage = new ScriptedStorage();
    const run = await startedRun(storage);
    await run.take({});
    storage.readFails = true;
    const error: unknown = await new Run(storage).load().catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(StorageError);
    expect(error).toMatchObject({ operation: 'read', target: checkpointName(1), storage: 'a scripted storage' });
    storage.list = () => Promise.reject(new Error('no such device'));
    await expect(new Run(storage).load()).rejects.toThrow(/could not list: no such device/);
  });

  it('to write fails that checkpoint only', async () => {
    const storage = new ScriptedStorage();
    const run = await startedRun(storage);
    const still = snapshotOf('still', KIB);
    storage.writeFate = 'fail';
    await expect(run.take({ still })).rejects.toThrow(/could not write 'checkpoint-000000000001': no space/);
    storage.writeFate = 'succeed';
    const second = await run.take({ still });
    expect(second.id).toBe(2);
    expect(second.writtenBytes).toBeGreaterThan(KIB); // not referred to where it is not
    expect((await new Run(storage.reopened()).load())!.entries).toEqual({ still });
  });

  it('to remove does not fail the checkpoint, is reported, and is tried again', async () => {
    const storage = new ScriptedStorage();
    const run = await startedRun(storage, { retained: 1 });
    await run.take({ a: {} });
    storage.removeFails = true;
    await run.take({ a: {} });
    expect(run.cleanupErrors).toEqual([
      expect.objectContaining({ code: 'storage-failed', operation: 'remove', target: checkpointName(1) }),
    ]);
    storage.removeFails = false;
    await run.take({ a: {} });
    expect(storage.names()).toEqual([checkpointName(3)]);
  });

  it('and lands the bytes all the same harms nothing', async () => {
    const storage = new ScriptedStorage();
    const run = await startedRun(storage, { retained: 2 });
    const still = snapshotOf('still', KIB);
    await run.take({ still });
    storage.writeFate = 'fail but land';
    await expect(run.take({ still, lost: snapshotOf('lost', KIB) })).rejects.toThrow(StorageError);
    // It may be what a restart finds newest: it is whole.
    expect((await new Run(storage.reopened()).load())!.id).toBe(2);
    storage.writeFate = 'succeed';
    for (let i = 0; i < 3; i++) await run.take({ still });
    expect(storage.names()).toEqual([1, 4, 5].map(checkpointName));
    expect((await new Run(storage.reopened()).load())!.entries).toEqual({ still });
  });
});

describe('a write that takes its time', () => {
  it('and lands after a later one leaves that one the newest', async () => {
    const storage = new ScriptedStorage();
    const run = await startedRun(storage, { retained: 1 });
    const still = snapshotOf('still', KIB);
    await run.take({ still });
    storage.writeFate = 'hold';
    const late = run.prepare({ still, n: snapshotOf(2, KIB) }).write();
    storage.writeFate = 'succeed';
    const gone = { n: snapshotOf(3) };
    await run.take(gone);
    expect(storage.names()).toContain(checkpointName(1)); // the late one needs it
    storage.land(checkpointName(2));
    await late;
    await run.store.idle();
    expect(await new Run(storage.reopened()).load()).toEqual({ id: 3, entries: gone });
    await run.take(gone);
    await run.take(gone);
    expect(storage.names()).toEqual([3, 5].map(checkpointName));
  });

  it('and resolves after a later one is not referred to for what both have', async () => {
    const storage = new ScriptedStorage();
    const run = await startedRun(storage, { retained: 1 });
    const still = snapshotOf('still', KIB);
    storage.writeFate = 'hold';
    const late = run.prepare({ still }).write();
    storage.writeFate = 'succeed';
    await run.take({ still });
    storage.land(checkpointName(1));
    await late;
    await run.take({ still });
    expect(storage.names()).toEqual([2, 3].map(checkpointName));
  });

  it('is not referred to before it resolves', async () => {
    const storage = new ScriptedStorage();
    const run = await startedRun(storage);
    const a = snapshotOf('a', KIB);
    storage.writeFate = 'hold';
    const late = run.prepare({ a }).write();
    storage.writeFate = 'succeed';
    expect((await run.take({ a })).writtenBytes).toBeGreaterThan(KIB);
    storage.fail(checkpointName(1));
    await expect(late).rejects.toThrow(StorageError);
    expect(await new Run(storage.reopened()).load()).toEqual({ id: 2, entries: { a } });
  });

  it('from the run before does not disturb the one that restored meanwhile', async () => {
    const storage = new ScriptedStorage();
    const run = await startedRun(storage, { retained: 1 });
    const still = snapshotOf('still', KIB);
    await run.take({ still });
    storage.writeFate = 'hold';
    const late = run.prepare({ other: snapshotOf('other', KIB) }).write();
    storage.writeFate = 'succeed';
    const { entries } = (await run.load())!;
    const next = run.prepare(entries);
    storage.land(checkpointName(2));
    await late;
    await run.store.idle();
    await next.write();
    await run.store.idle();
    expect(await new Run(storage.reopened()).load()).toEqual({ id: 3, entries: { still } });
    await run.take(entries);
    expect(await new Run(storage.reopened()).load()).toEqual({ id: 4, entries: { still } });
  });

  it('from the run before, whose id is not given again, lands beside the new ones', async () => {
    const storage = new ScriptedStorage();
    const before = await startedRun(storage, { retained: 1 });
    const still = snapshotOf('still', KIB);
    await before.take({ still });
    storage.writeFate = 'hold';
    const late = before.prepare({ other: snapshotOf('other', KIB) }).write();
    storage.writeFate = 'succeed';
    const run = new Run(storage, { retained: 1 });
    const { entries } = (await run.load())!;
    expect((await run.take(entries)).id).toBe(3);
    storage.land(checkpointName(2));
    await late;
    await run.store.idle();
    expect(await new Run(storage.reopened()).load()).toEqual({ id: 3, entries: { still } });
    await run.take(entries);
    expect(storage.names()).toEqual([1, 4].map(checkpointName));
    expect(await new Run(storage.reopened()).load()).toEqual({ id: 4, entries: { still } });
  });

  it('and resolves while a load reads removes nothing under it', async () => {
    const storage = new ScriptedStorage();
    const run = await startedRun(storage, { retained: 1 });
    const still = snapshotOf('still', KIB);
    await run.take({ still });
    storage.writeFate = 'hold';
    const late = run.prepare({ other: snapshotOf('other', KIB) }).write();
    const loading = run.load();
    await Promise.resolve();
    storage.land(checkpointName(2));
    const loaded = (await loading)!;
    await late;
    storage.writeFate = 'succeed';
    await run.take(loaded.entries);
    expect((await new Run(storage.reopened()).load())!.entries).toEqual(loaded.entries);
  });
});

describe('a removal that takes its time', () => {
  it('takes nothing from a checkpoint that is loaded meanwhile and needs it', async () => {
    const storage = new ScriptedStorage();
    const run = await startedRun(storage, { retained: 1 });
    const still = snapshotOf('still', KIB);
    await run.take({ still });
    storage.writeFate = 'hold';
    const late = run.prepare({ other: {} }).write();
    storage.writeFate = 'fail but land';
    await expect(run.take({ still })).rejects.toThrow(StorageError);
    let goOn!: () => void;
    storage.removalsHeld = new Promise((resolve) => (goOn = resolve));
    storage.land(checkpointName(2));
    await late; // and so checkpoint 1 is superfluous, which 3 needs
    storage.writeFate = 'succeed';
    const loaded = (await run.load())!;
    expect(loaded.id).toBe(3);
    await run.prepare(loaded.entries).write();
    goOn();
    await run.store.idle();
    expect(storage.removed).toContain(checkpointName(1));
    expect(await new Run(storage.reopened()).load()).toEqual({ id: 4, entries: { still } });
  });
});

describe('the rules of use', () => {
  it('a load comes before the first checkpoint, and ids ascend', async () => {
    const content = { timestamp: 0, meta: null, entries: new Map<string, object>() };
    const run = new Run(new ScriptedStorage());
    expect(() => run.store.prepare({ ...content, id: 1 })).toThrow(/invariant/);
    await run.load();
    await run.store.prepare({ ...content, id: 5 }).write();
    expect(() => run.store.prepare({ ...content, id: 5 })).toThrow(/invariant/);
    expect(() => run.store.prepare({ ...content, id: 10 ** 12 })).toThrow(/invariant/);
    expect(run.store.highestId()).toBe(5);
  });

  it('a checkpoint is written once', async () => {
    const prepared = (await startedRun(new ScriptedStorage())).prepare({});
    await prepared.write();
    await expect(prepared.write()).rejects.toThrow(/invariant/);
  });

  it('names that are none of ours are left alone', async () => {
    const storage = new ScriptedStorage();
    const others = [
      'notes',
      'checkpoint-1',
      'checkpoint-0000000000010',
      'savepoint-000000000001',
      'checkpoint-000000000001.bak',
    ];
    for (const name of others) storage.blobs.set(name, Uint8Array.of(1));
    const run = new Run(storage, { retained: 1 });
    expect(await run.load()).toBeUndefined();
    for (let i = 0; i < 4; i++) await run.take({ a: {} });
    expect(storage.removed).toEqual([1, 2, 3].map(checkpointName));
    expect(storage.names()).toEqual(expect.arrayContaining(others));
  });

  it('a snapshot that this job cannot decode names its operator', async () => {
    class Handle {}
    const types = {
      handle: { is: (value: unknown) => value instanceof Handle, encode: () => 1, decode: () => new Handle() },
    };
    const storage = new ScriptedStorage();
    await (await startedRun(storage, { types })).take({ groups: { state: new Handle() } });
    const error: unknown = await new Run(storage.reopened()).load().catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(UnreadableSnapshotError);
    expect(error).toMatchObject({ operator: 'groups' });
  });
});
