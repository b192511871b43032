import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { afterEach, describe, expect, it, test } from '@jest/globals';

import { buildPack } from '../../../src/checkpoint/store/buildPack.js';
import { checkpointName } from '../../../src/checkpoint/store/checkpointName.js';
import { checksum } from '../../../src/checkpoint/store/checksum.js';
import { compressPack, decompressPack } from '../../../src/checkpoint/store/compressedPack.js';
import { openPack } from '../../../src/checkpoint/store/openPack.js';
import {
  CheckpointSubject,
  CompressionUnavailableError,
  exportSavepoint,
  importSavepoint,
  memoryStorage,
  NewerFormatError,
  scan,
  uid,
} from '../../../src/index.js';
import { listCheckpoints, readSnapshot, verifyStorage } from '../../../src/inspect/index.js';
import { Log } from '../../support/Log.js';
import type { Observed } from '../../support/Observed.js';
import { observe, settled } from '../../support/Observed.js';
import { Run, snapshotOf, startedRun } from './checkpointing.js';
import { ScriptedStorage } from './ScriptedStorage.js';

const GZIP = { compression: 'gzip' } as const;

const text = new TextEncoder();
const pack = buildPack({
  ...{ id: 7, timestamp: 1, meta: null },
  entries: new Map([['words', text.encode('many words, '.repeat(40))]]),
}).bytes;

function formatVersion(bytes: Uint8Array): number {
  return new DataView(bytes.buffer, bytes.byteOffset).getUint32(8, true);
}

/** One whose length in the frame is another, all checksums right. */
function claiming(bytes: Uint8Array, length: number): Uint8Array {
  const copy = bytes.slice();
  const view = new DataView(copy.buffer);
  view.setUint32(24, length, true);
  view.setUint32(28, checksum(copy.subarray(16, 28)), true);
  return copy;
}

describe('a compressed pack', () => {
  it('is the pack again, wherever it lies in a buffer', async () => {
    const compressed = await compressPack(pack);
    expect(compressed.length).toBeLessThan(pack.length);
    expect(formatVersion(compressed)).toBe(2);
    const shifted = new Uint8Array(compressed.length + 3).subarray(3);
    shifted.set(compressed);
    expect(await decompressPack(shifted)).toEqual(pack);
  });

  it('is found damaged by whichever bit changed, wherever it is cut off, and with bytes behind it', async () => {
    const compressed = await compressPack(pack);
    const damaged: Uint8Array[] = [Uint8Array.of(...compressed, 0)];
    for (let at = 0; at < compressed.length; at++) {
      damaged.push(compressed.slice(0, at));
      for (let bit = 1; bit < 256; bit *= 2) {
        const bytes = compressed.slice();
        bytes[at]! ^= bit;
        damaged.push(bytes);
      }
    }
    for (const bytes of damaged) {
      const opened = openPack(await decompressPack(bytes));
      expect(opened).toEqual({ type: 'damaged', problem: expect.any(String) });
    }
  });

  it('is damaged if it has another length than it says', async () => {
    const compressed = await compressPack(pack);
    for (const length of [0, pack.length - 1, pack.length + 1, 2 ** 32 - 1]) {
      const opened = openPack(await decompressPack(claiming(compressed, length)));
      expect(opened).toEqual({ type: 'damaged', problem: 'is compressed, and cannot be decompressed' });
    }
    expect(await decompressPack(claiming(compressed, pack.length))).toEqual(pack);
  });

  it('is no compressed one, if that saves nothing', async () => {
    const small = buildPack({ id: 1, timestamp: 1, meta: null, entries: new Map() }).bytes;
    expect(await compressPack(small)).toBe(small);
    expect(await decompressPack(small)).toBe(small);
  });
});

describe('a store that compresses', () => {
  it('gives back what it was given, whatever is compressed and what is not', async () => {
    const storage = new ScriptedStorage();
    const entries = { a: snapshotOf('a', 5_000), b: snapshotOf('b', 5_000) };
    const first = await startedRun(storage, GZIP);
    const written = await first.take(entries);
    expect(written.sizeBytes).toBeGreaterThan(10_000);
    expect(written.writtenBytes).toBe(storage.blobs.get(checkpointName(1))!.length);
    expect(written.writtenBytes).toBeLessThan(1_000);

    // Refers into the compressed one, and is not compressed itself; then the other way round.
    for (const [id, options] of [
      [2, {}],
      [3, GZIP],
    ] as const) {
      const run = new Run(storage.reopened(), options);
      expect(await run.load()).toEqual({
        id: id - 1,
        entries: id === 2 ? entries : { ...entries, c: snapshotOf('c', 5_000) },
      });
      const loaded = new Map((await run.store.load())!.entries);
      await run.take({ ...Object.fromEntries(loaded), c: snapshotOf('c', 5_000) });
      expect(formatVersion(storage.blobs.get(checkpointName(id))!)).toBe(id === 2 ? 1 : 2);
    }
    const last = await new Run(storage.reopened()).load();
    expect(last).toEqual({ id: 3, entries: { ...entries, c: snapshotOf('c', 5_000) } });
  });

  it('goes back to the checkpoint before one that is damaged, and tells', async () => {
    const storage = new ScriptedStorage();
    const run = await startedRun(storage, GZIP);
    for (const value of ['x', 'y']) await run.take({ a: snapshotOf(value, 5_000) });
    storage.blobs.get(checkpointName(2))![60]! ^= 1;
    const next = new Run(storage.reopened());
    expect(await next.load()).toEqual({ id: 1, entries: { a: snapshotOf('x', 5_000) } });
    expect(next.damages).toEqual([
      { checkpointId: 2, name: checkpointName(2), problem: 'is compressed, and damaged (checksum)' },
    ]);
  });

  it('needs what a runtime compresses with, and says so rather than go back', async () => {
    const storage = new ScriptedStorage();
    await (await startedRun(storage, GZIP)).take({ a: snapshotOf('x', 5_000) });
    const { CompressionStream: original } = globalThis;
    Reflect.deleteProperty(globalThis, 'CompressionStream');
    try {
      await expect(new Run(storage.reopened()).load()).rejects.toThrow(CompressionUnavailableError);
      expect(() => new CheckpointSubject({ storage, ...GZIP })).toThrow(CompressionUnavailableError);
      expect(() => new CheckpointSubject({ storage })).not.toThrow();
    } finally {
      globalThis.CompressionStream = original;
    }
  });

  it('refuses what is newer', async () => {
    const storage = new ScriptedStorage();
    await (await startedRun(storage, GZIP)).take({ a: snapshotOf('x', 5_000) });
    const bytes = storage.blobs.get(checkpointName(1))!;
    const view = new DataView(bytes.buffer);
    view.setUint32(8, 3, true);
    view.setUint32(12, checksum(bytes.subarray(0, 12)), true);
    const error: unknown = await new Run(storage.reopened()).load().catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(NewerFormatError);
    expect(error).toMatchObject({ formatVersion: 3, supportedVersion: 2 });
  });

  it('still reads what was compressed when that was new', async () => {
    const storage = new ScriptedStorage();
    const golden = readFileSync(join(__dirname, 'golden', 'v2', checkpointName(1)));
    storage.blobs.set(checkpointName(1), new Uint8Array(golden));
    expect(await new Run(storage).load()).toEqual({ id: 1, entries: { total: snapshotOf(42, 1_000) } });
  });
});

describe('a job that compresses', () => {
  let stop: () => void = () => {};
  afterEach(() => stop());

  /** A text that grows, over a log. */
  async function running(storage: ReturnType<typeof memoryStorage>, log: Log<string>) {
    const checkpoints = new CheckpointSubject({ storage, ...GZIP });
    const text$ = log.stream$.pipe(
      uid('log'),
      scan((all, word) => all + word, ''),
      uid('text'),
    );
    const output = await new Promise<Observed<string>>((resolve) => {
      const observed = observe(checkpoints.recover(text$), () => resolve(observed));
    });
    stop = () => output.unsubscribe();
    return { checkpoints, output };
  }

  test('recovers, and its savepoints and checkpoints can be looked at', async () => {
    const storage = memoryStorage();
    const log = new Log(['word ']);
    const { checkpoints, output } = await running(storage, log);
    for (let i = 1; i < 300; i++) log.write('word ');
    const { writtenBytes, sizeBytes } = await checkpoints.checkpoint();
    expect(writtenBytes).toBeLessThan(sizeBytes);
    const { sizeBytes: savepointBytes } = await checkpoints.savepoint('before');
    log.write('lost');
    expect(output.values.at(-1)).toBe('word '.repeat(300) + 'lost');
    stop();
    await settled();

    expect(await listCheckpoints(storage)).toMatchObject([
      { reference: '2', status: 'intact' },
      { reference: '1', status: 'intact', writtenBytes },
      { reference: 'before', status: 'intact' },
    ]);
    expect(await verifyStorage(storage)).toMatchObject({ isIntact: true, damages: [], orphans: [] });
    expect(await readSnapshot(storage, 'before', 'text')).toMatchObject({ state: { value: 'word '.repeat(300) } });

    // What is exported is a pack that any version reads; what lies in the storage can be imported too.
    const exported = await exportSavepoint(storage, 'before');
    expect(formatVersion(exported)).toBe(1);
    const stored = (await storage.read('savepoint-before'))!;
    expect(formatVersion(stored)).toBe(2);
    expect(savepointBytes).toBe(stored.length);
    const elsewhere = memoryStorage();
    await importSavepoint(elsewhere, stored, { name: 'copied' });
    expect(await exportSavepoint(elsewhere, 'copied')).toEqual(exported);

    const next = await running(storage, log);
    expect(next.output.values).toEqual(['word '.repeat(300) + 'lost']);
  });
});
