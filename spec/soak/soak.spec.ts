import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { afterEach, expect, test } from '@jest/globals';

import { fileStorage } from '../../src/node/fileStorage.js';
import { random as randomFrom } from '../../src/testing/random.js';
import { temporaryDirectory } from '../node/temporaryDirectory.js';
import { Writer } from '../node/Writer.js';
import { caseCount, seed } from '../support/seed.js';
import type { StorageExpectation } from './checkStorage.js';
import { checkStorage } from './checkStorage.js';
import { soak } from './soak.js';

afterEach(Writer.killAll);

test('after many checkpoints with crashes in between the storage holds what it should, and nothing else', async () => {
  const figures = await soak({ seed, checkpoints: caseCount(1_500) });
  expect(figures.completed).toBeGreaterThanOrEqual(caseCount(1_500));
  expect(figures.crashes).toBeGreaterThan(caseCount(5));
}, 120_000);

test('the same of real processes, killed with SIGKILL in the midst of their writes, and real files', async () => {
  const directory = await temporaryDirectory();
  const others = ['savepoint-mine', 'notes.txt'];
  for (const name of others) await writeFile(join(directory, name), 'x');
  const random = randomFrom(seed);
  let newestId = 0;
  for (let life = 0; life < caseCount(8); life++) {
    const writer = new Writer();
    writer.send({ start: { directory, isBusy: true } });
    for (let n = 1 + random.below(30); n > 0; n--) {
      const { id } = await writer.next('completed');
      expect(id).toBeGreaterThan(newestId);
      newestId = id;
    }
    await writer.kill();
    newestId = Math.max(newestId, ...writer.answers.flatMap((answer) => (answer.is === 'completed' ? answer.id : [])));
  }
  const expectation = { retained: 3, others, isQuiet: true };
  const last = await Writer.started(directory);
  for (let n = 1; ; n++) {
    last.send({ checkpoint: true });
    await last.next('completed');
    if (n < 6) continue;
    // What the last one has made unneeded may still be on its way out.
    if (n === 40 || isClean(await blobsIn(directory), expectation)) break;
  }
  await last.kill();
  // What the last one had locked is cleared away by whoever comes next.
  await (await fileStorage(directory).lock!()).release();
  const blobs = await blobsIn(directory);
  expect((await readdir(directory)).sort()).toEqual([...blobs.keys()].sort());
  checkStorage(blobs, expectation);
  expect(blobs.size).toBeLessThanOrEqual(others.length + 3 + 32);
}, 120_000);

function isClean(blobs: ReadonlyMap<string, Uint8Array>, expectation: StorageExpectation): boolean {
  try {
    checkStorage(blobs, expectation);
    return true;
  } catch {
    return false;
  }
}

/** Without what belongs to the lock. */
async function blobsIn(directory: string): Promise<Map<string, Uint8Array>> {
  const blobs = new Map<string, Uint8Array>();
  for (const name of await readdir(directory)) {
    if (name.startsWith('.')) continue;
    const bytes = await readFile(join(directory, name)).catch(() => null);
    if (bytes !== null) blobs.set(name, bytes);
  }
  return blobs;
}

test('what is missing, and what is there for nothing, is noticed', () => {
  const expectation = { retained: 1, others: ['mine'], isQuiet: true };
  const mine = ['mine', Uint8Array.of()] as const;
  checkStorage(new Map([mine]), expectation);
  expect(() => checkStorage(new Map(), expectation)).toThrow('mine is missing');
  const name = 'checkpoint-000000000001';
  expect(() => checkStorage(new Map([mine, [name, Uint8Array.of()]]), expectation)).toThrow(`${name} is there`);
});
