import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { afterEach, expect, test } from '@jest/globals';

import { fileStorage } from '../../src/node/fileStorage.js';
import { random as randomFrom } from '../../src/testing/random.js';
import { temporaryDirectory } from '../node/temporaryDirectory.js';
import { Writer } from '../node/Writer.js';
import { caseCount, seed } from '../support/seed.js';
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
  const last = await Writer.started(directory);
  for (let n = 0; n < 6; n++) {
    last.send({ checkpoint: true });
    await last.next('completed');
  }
  await last.kill();
  // What the last one had locked is cleared away by whoever comes next.
  await (await fileStorage(directory).lock!()).release();
  const blobs = new Map<string, Uint8Array>();
  for (const name of await readdir(directory)) blobs.set(name, await readFile(join(directory, name)));
  checkStorage(blobs, { retained: 3, others, isQuiet: true });
  expect(blobs.size).toBeLessThanOrEqual(others.length + 3 + 32);
}, 120_000);

test('what is missing, and what is there for nothing, is noticed', () => {
  const expectation = { retained: 1, others: ['mine'], isQuiet: true };
  const mine = ['mine', Uint8Array.of()] as const;
  checkStorage(new Map([mine]), expectation);
  expect(() => checkStorage(new Map(), expectation)).toThrow('mine is missing');
  const name = 'checkpoint-000000000001';
  expect(() => checkStorage(new Map([mine, [name, Uint8Array.of()]]), expectation)).toThrow(`${name} is there`);
});
