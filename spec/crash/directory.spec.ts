import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from '@jest/globals';

import { bundle } from '../support/bundle.js';
import { randomNumbers } from '../support/randomNumbers.js';
import { seed } from '../support/seed.js';
import { ChildRun } from './ChildRun.js';
import { delayed } from './pipelines/timed.js';
import { writeRecords } from './records.js';
import type { Report } from './report.js';
import { storedFiles } from './storedFiles.js';

let directory: string;
let storage: string;
const children: ChildRun[] = [];

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'rxjs-checkpoint-directory-'));
  await bundle(join(__dirname, 'program.ts'), join(directory, 'program.cjs'), { platform: 'node', format: 'cjs' });
  await mkdir(join(directory, 'files'));
  for (const [file, count] of Object.entries(delayed.files)) await writeRecords(join(directory, 'files'), file, count);
});

beforeEach(() => {
  storage = join(directory, 'storage');
});

afterEach(async () => {
  for (const child of children.splice(0)) {
    child.kill();
    await child.ended;
  }
  await rm(storage, { recursive: true, force: true });
});

afterAll(() => rm(directory, { recursive: true, force: true }));

function start(): ChildRun {
  const child = new ChildRun({
    program: join(directory, 'program.cjs'),
    pipeline: delayed.name,
    files: join(directory, 'files'),
    storage,
    checkpointEveryMs: 5,
  });
  children.push(child);
  return child;
}

/** Waits for the first report of a type. Rejects when the process ends without. */
function reported(child: ChildRun, type: Report['type']): Promise<void> {
  return new Promise((resolve, reject) => {
    child.onReport = () => child.has(type) && resolve();
    if (child.has(type)) resolve();
    void child.ended.then(() => reject(new Error(`It ended without '${type}'. ${JSON.stringify(child.reports)}`)));
  });
}

async function kill(child: ChildRun): Promise<void> {
  child.kill();
  await child.ended;
  expect(child.wasKilled).toBe(true);
}

it('a second process on the same directory is told who has it, and the first goes on undisturbed', async () => {
  const first = start();
  await reported(first, 'checkpoint');
  const second = start();
  await second.ended;
  expect(second.reports).toMatchObject([{ type: 'problem', code: 'storage-locked' }]);
  expect(second.all('problem')[0]!.message).toContain(`(files in ${storage}) is in use by process ${first.pid}: `);
  expect(first.has('complete')).toBe(false);
  await first.ended;
  expect(first.all('problem')).toEqual([]);
  expect(first.all('value')).toEqual([{ type: 'value', pipeline: 'main', value: delayed.expected.main }]);
}, 60_000);

it('a process takes over from a killed one as soon as that is gone', async () => {
  for (let kills = 0; kills < 10; kills++) {
    const child = start();
    await reported(child, 'checkpoint');
    await kill(child);
    expect((await storedFiles(storage, 3)).locks).toEqual(['.lock']);
  }
  const last = start();
  await last.ended;
  expect(last.all('problem')).toEqual([]);
  expect(last.has('complete')).toBe(true);
}, 60_000);

it('processes that are killed while they start change no checkpoint, and the next one clears up after them', async () => {
  const started = performance.now();
  const first = start();
  await reported(first, 'open');
  const startMs = performance.now() - started;
  await reported(first, 'checkpoint');
  await kill(first);
  const random = randomNumbers(seed);
  let kills = 0;
  while (kills < 15) {
    const [before, checkpoints] = [await storedFiles(storage, 3), await checkpointFiles()];
    const child = start();
    child.onReport = () => child.kill();
    const timer = setTimeout(() => child.kill(), random() * startMs);
    await child.ended;
    clearTimeout(timer);
    if (child.has('open')) continue;
    kills++;
    const after = await storedFiles(storage, 3);
    expect(after.newestId).toBe(before.newestId);
    expect(await checkpointFiles()).toEqual(checkpoints);
    expect(after.temporary.length).toBeLessThanOrEqual(1);
  }
  const stale = `.checkpoint-000000000001.${'0'.repeat(8)}.0.tmp`;
  await writeFile(join(storage, stale), 'cut off');
  await mkdir(join(storage, '.lock-of-nobody'));
  const next = start();
  await reported(next, 'open');
  const names = await readdir(storage);
  expect(names).not.toContain(stale);
  expect(names.filter((name) => name.startsWith('.lock'))).toEqual(['.lock']);
  await next.ended;
  expect(await storedFiles(storage, 3)).toMatchObject({ unneeded: [], temporary: [], locks: [], unknown: [] });
}, 60_000);

async function checkpointFiles(): Promise<string[]> {
  return (await readdir(storage)).filter((name) => name.startsWith('checkpoint-')).sort();
}
