import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { describe, expect, it } from '@jest/globals';

import { checkpointName } from '../../../src/checkpoint/store/checkpointName.js';
import { writeGolden } from './goldenRun.js';
import { dumpOf } from './dumpOf.js';
import { goldenEntries, goldenMeta, goldenTypes } from './goldenContent.js';
import { graphOf } from './graphOf.js';
import { Run } from './checkpointing.js';
import { ScriptedStorage } from './ScriptedStorage.js';

const golden = (id: number): Uint8Array =>
  new Uint8Array(readFileSync(join(__dirname, 'golden', 'v1', checkpointName(id))));

describe('format version 1', () => {
  it.each([1, 2])('stays readable: golden checkpoint %d', async (newest) => {
    const storage = new ScriptedStorage();
    for (let id = 1; id <= newest; id++) storage.blobs.set(checkpointName(id), golden(id));
    const loaded = (await new Run(storage, { types: goldenTypes }).store.load())!;
    expect(loaded).toMatchObject({ id: newest, timestamp: 1_700_000_000_000 + newest, meta: goldenMeta });
    expect([...loaded.entries.keys()]).toEqual(['flights', 'total']);
    for (const [name, entry] of loaded.entries) {
      expect(graphOf(entry.decode())).toBe(graphOf(goldenEntries[newest]!.get(name)));
    }
  });

  it('is what is written: the same content gives the same bytes', async () => {
    const storage = await writeGolden();
    for (const id of [1, 2]) expect(storage.blobs.get(checkpointName(id))).toEqual(golden(id));
  });

  it('is what docs/format.md shows, byte by byte', () => {
    const bytes = golden(2);
    const end = bytes.length - 28;
    const manifest = new DataView(bytes.buffer).getUint32(end, true);
    const parts = [
      { at: 0, what: 'header: magic "RXJSCKPT"' },
      { at: 8, what: 'header: format version 1, checksum of the 12 bytes before' },
      { at: 16, what: "chunk of 'total': length 16, checksum of the 16 bytes after" },
      { at: 24, what: 'chunk: the encoded snapshot' },
      { at: manifest, what: 'manifest' },
      { at: end, what: 'trailer: offset, length and checksum of the manifest, length of the pack' },
      { at: end + 16, what: 'trailer: checksum of the 16 bytes before' },
      { at: end + 20, what: 'trailer: magic "CKPT-END"' },
    ];
    const page = readFileSync(join(__dirname, '../../../docs/format.md'), 'utf8');
    expect(page).toContain('```\n' + dumpOf(bytes, parts) + '\n```');
  });
});
