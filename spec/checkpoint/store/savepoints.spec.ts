import { describe, expect, it } from '@jest/globals';

import { savepointName, savepointNameOf } from '../../../src/checkpoint/store/savepointName.js';
import { savepointOf } from '../../../src/checkpoint/store/savepointOf.js';
import { buildSavepoint, parseSavepoint } from '../../../src/checkpoint/store/savepointPack.js';
import {
  listSavepoints,
  readSavepoint,
  readSavepointBytes,
  removeSavepoint,
  writeSavepoint,
} from '../../../src/checkpoint/store/storedSavepoints.js';
import { DamagedSavepointError } from '../../../src/errors/DamagedSavepointError.js';
import { InvalidSavepointNameError } from '../../../src/errors/InvalidSavepointNameError.js';
import { NewerFormatError } from '../../../src/errors/NewerFormatError.js';
import { RestorePointNotFoundError } from '../../../src/errors/RestorePointNotFoundError.js';
import { SavepointExistsError } from '../../../src/errors/SavepointExistsError.js';
import { checksum } from '../../../src/checkpoint/store/checksum.js';
import { checkName } from '../../../src/storage/checkName.js';
import { Run, snapshotOf, startedRun } from './checkpointing.js';
import { ScriptedStorage } from './ScriptedStorage.js';

const content = {
  id: 7,
  timestamp: 1_700_000_000_007,
  meta: { pipelines: { main: 'running' } },
  entries: new Map([
    ['total', { state: new Map([['a', -0]]) }],
    ['', {}],
  ]),
  journals: new Map([['main:journaled', Uint8Array.of(1, 2, 3)]]),
};
const noJournals = { positions: new Map<string, number>(), origin: undefined, generation: 0 };
const bytes = buildSavepoint(content, {});

describe('the name of a savepoint', () => {
  it.each(['a', 'before-deploy', '2026-11-21', '1.2.3', 'latest-1', 'checkpoint-7', 'savepoint', 'x'.repeat(54)])(
    'may be %s',
    (name) => {
      expect(() => checkName(savepointName(name))).not.toThrow();
      expect(savepointNameOf(savepointName(name))).toBe(name);
    },
  );

  // To the command and in rxjs-checkpoint/inspect they mean others.
  it.each(['12', 'latest', 'checkpoint-000000000007', 'savepoint-a'])('cannot be %s', (name) => {
    expect(() => savepointName(name)).toThrow(InvalidSavepointNameError);
    expect(savepointNameOf(`savepoint-${name}`)).toBeUndefined();
  });

  it.each(['', 'A', 'a b', 'ä', '-a', 'a-', 'a.', '.a', '../a', 'x'.repeat(55), 'a\n', 7, undefined])(
    'cannot be %j',
    (name) => {
      expect(() => savepointName(name as string)).toThrow(InvalidSavepointNameError);
      expect(savepointNameOf(`savepoint-${String(name)}`)).toBe(name === undefined ? 'undefined' : undefined);
    },
  );
});

describe('a savepoint', () => {
  it('comes back as it was, with what journaled sources had still to emit', () => {
    const loaded = parseSavepoint(bytes, {}, 'It');
    expect(loaded).toMatchObject({ id: 7, timestamp: content.timestamp, meta: content.meta });
    expect([...loaded.entries].map(([name, entry]) => [name, entry.decode()])).toEqual([...content.entries]);
    expect(loaded.journals).toEqual(content.journals);
  });

  it('is the same bytes for the same content, and has another digest for any other', () => {
    expect(buildSavepoint(content, {})).toEqual(bytes);
    const digestOf = (changed: Partial<typeof content>): string =>
      parseSavepoint(buildSavepoint({ ...content, ...changed }, {}), {}, 'It').digest;
    const digests = [
      digestOf({}),
      digestOf({ id: 8 }),
      digestOf({ timestamp: 1 }),
      digestOf({ meta: {} as typeof content.meta }),
      digestOf({ entries: new Map([['total', {} as never]]) }),
    ];
    expect(new Set(digests).size).toBe(digests.length);
    expect(digestOf({})).toBe(digests[0]);
  });

  it('with any byte changed, or any part missing, is refused', () => {
    for (let i = 0; i < bytes.length; i++) {
      const changed = bytes.slice();
      changed[i]! ^= 0x10;
      expect(() => parseSavepoint(changed, {}, 'It')).toThrow(DamagedSavepointError);
      expect(() => parseSavepoint(bytes.subarray(0, i), {}, 'It')).toThrow(DamagedSavepointError);
    }
    expect(() => parseSavepoint(Uint8Array.of(...bytes, 0), {}, 'It')).toThrow(DamagedSavepointError);
  });

  it('of a newer format is told from a damaged one', () => {
    const newer = bytes.slice();
    new DataView(newer.buffer).setUint32(8, 3, true);
    new DataView(newer.buffer).setUint32(12, checksum(newer.subarray(0, 12)), true);
    expect(() => parseSavepoint(newer, {}, 'The exported file')).toThrow(NewerFormatError);
    expect(() => parseSavepoint(newer, {}, 'The exported file')).toThrow(/^The exported file has format version 3/);
  });

  it('of a checkpoint has all that this refers to, and says the same when it is gone', async () => {
    const storage = new ScriptedStorage();
    const run = await startedRun(storage, { retained: 1 });
    const big = snapshotOf(1, 100_000);
    await run.take({ big, small: { a: 1 } });
    await run.take({ big, small: { a: 2 } });
    const copy = await savepointOf(storage, 2, {}, () => noJournals);
    expect(() => parseSavepoint(storage.blobs.get('checkpoint-000000000002')!, {}, 'It')).toThrow(
      /refers to checkpoint 1 for the snapshot of 'big', so it is a checkpoint and not a savepoint/,
    );
    await writeSavepoint(storage, 'mine', copy);
    for (const name of storage.names()) if (name.startsWith('checkpoint')) storage.blobs.delete(name);
    const { entries, id } = await readSavepoint(storage, 'mine', {});
    expect(id).toBe(2);
    expect([...entries].map(([name, entry]) => [name, entry.decode()])).toEqual([
      ['big', big],
      ['small', { a: 2 }],
    ]);
  });

  it('of a checkpoint that is not there is an error that lists what is', async () => {
    const storage = new ScriptedStorage();
    await (await startedRun(storage)).take({});
    await writeSavepoint(storage, 'mine', bytes);
    await expect(savepointOf(storage, 5, {}, () => noJournals)).rejects.toMatchObject({
      ...{ code: 'restore-point-not-found', from: 5, savepoints: ['mine'], checkpoints: [1] },
    });
  });
});

describe('savepoints in a storage', () => {
  it('are listed, read and removed by name', async () => {
    const storage = new ScriptedStorage();
    await writeSavepoint(storage, 'b', bytes);
    await writeSavepoint(storage, 'a', bytes);
    storage.blobs.set('savepoint-NONE', bytes);
    expect(await listSavepoints(storage)).toEqual(['a', 'b']);
    expect(await readSavepointBytes(storage, 'a')).toEqual(bytes);
    await removeSavepoint(storage, 'a');
    await removeSavepoint(storage, 'a');
    expect(await listSavepoints(storage)).toEqual(['b']);
    await expect(readSavepoint(storage, 'a', {})).rejects.toThrow(RestorePointNotFoundError);
  });

  it('are never overwritten, not even by two that begin at once', async () => {
    const storage = new ScriptedStorage();
    const both = await Promise.allSettled([writeSavepoint(storage, 'a', bytes), writeSavepoint(storage, 'a', bytes)]);
    expect(both.map(({ status }) => status)).toEqual(['fulfilled', 'rejected']);
    await expect(writeSavepoint(storage, 'a', bytes)).rejects.toThrow(SavepointExistsError);
  });

  it('free their name when they cannot be written', async () => {
    const storage = new ScriptedStorage();
    storage.writeFate = 'fail';
    await expect(writeSavepoint(storage, 'a', bytes)).rejects.toThrow('no space');
    storage.writeFate = 'succeed';
    await writeSavepoint(storage, 'a', bytes);
    expect(await listSavepoints(storage)).toEqual(['a']);
  });

  it('are left alone by the retention of checkpoints', async () => {
    const storage = new ScriptedStorage();
    const run = await startedRun(storage, { retained: 1 });
    await writeSavepoint(storage, 'mine', bytes);
    for (let i = 0; i < 5; i++) await run.take({ a: { i } });
    await new Run(storage.reopened()).load();
    expect(storage.names()).toEqual(['checkpoint-000000000005', 'savepoint-mine']);
  });
});
