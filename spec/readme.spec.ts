import type { ChildProcess } from 'node:child_process';
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { randomNumbers } from './support/randomNumbers.js';
import { seed } from './support/seed.js';

const root = resolve(__dirname, '..');
const dataPath = 'node_modules/vega-datasets/data/birdstrikes.csv';
const COST = 12;

/** How many records the code reads here; it takes a checkpoint about every 400. */
const RECORDS = 2_000;
const KILLS = 3;

describe(`the code in README.md, seed ${seed}`, () => {
  let directory: string;

  beforeAll(async () => {
    // Within the project, where the code finds its dependencies.
    await mkdir(join(root, 'temp'), { recursive: true });
    directory = await mkdtemp(join(root, 'temp/readme-'));
    await writeFile(join(directory, 'program.ts'), await codeUnder('## Twenty lines'));
    const config = { extends: join(root, 'tsconfig.json'), include: ['program.ts'] };
    await writeFile(join(directory, 'tsconfig.json'), JSON.stringify(config));
    await writeData(join(directory, dataPath));
  });
  afterAll(() => rm(directory, { recursive: true, force: true }));

  it('has the right types', async () => {
    const tsc = join(root, 'node_modules/.bin/tsc');
    await promisify(execFile)(tsc, ['-p', directory]).catch((error: { stdout: string }) => {
      throw new Error(error.stdout);
    });
  }, 60_000);

  it('is killed anywhere and goes on', async () => {
    const random = randomNumbers(seed);
    const runs: Run[] = [];
    for (let end: 'killed' | 'ended' | null = null; end !== 'ended';) {
      const run = new Run(directory);
      runs.push(run);
      end = await run.end(runs.length <= KILLS ? Math.round(200 * random()) : Infinity);
    }
    expect(runs.length).toBe(KILLS + 1);
    for (const run of runs) {
      expect(run.complaints).toBe('');
      // Nothing was left out and nothing came twice.
      expect(run.records).toEqual(run.records.map((_, i) => run.records[0]! + i));
    }
    expect(runs[0]!.records[0]).toBe(1);
    expect(runs[KILLS]!.records.slice(-1)).toEqual([RECORDS]);
    runs.slice(1).forEach((run, i) => {
      const before = runs[i]!.records;
      expect(run.records[0]).toBeGreaterThan(before[0]!);
      expect(run.records[0]).toBeLessThanOrEqual(before[before.length - 1]! + 1);
    });
  }, 180_000);

  it('comes to the total that is told', async () => {
    const costs = (await readLines(join(root, dataPath))).map((line) => Number(line.split(',')[COST]));
    const total = costs.reduce((sum, cost) => sum + cost, 0);
    expect(await readFile(join(root, 'README.md'), 'utf8')).toContain(`$${total}.`);
  });
});

async function codeUnder(heading: string): Promise<string> {
  const readme = await readFile(join(root, 'README.md'), 'utf8');
  const section = readme.split(`${heading}\n`)[1]!;
  return /```ts\n(.*?)```/s.exec(section)![1]!;
}

/** Without the header. */
async function readLines(path: string): Promise<string[]> {
  return (await readFile(path, 'utf8')).split('\r\n').slice(1);
}

/** The first bird strikes, with costs by whose sum the number of records is known: 1, 2, 3 … */
async function writeData(path: string): Promise<void> {
  const lines = (await readLines(join(root, dataPath))).slice(0, RECORDS);
  const withCosts = lines.map((line, i) => {
    const fields = line.split(',');
    fields[COST] = String(i + 1);
    return fields.join(',');
  });
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, ['header', ...withCosts].join('\r\n'));
}

/** One process. */
class Run {
  /** The numbers of the records, as told by the totals that it printed. */
  readonly records: number[] = [];
  /** What it wrote to stderr. */
  complaints = '';
  private readonly child: ChildProcess;

  constructor(directory: string) {
    this.child = spawn(process.execPath, ['--import', 'tsx', 'program.ts'], {
      cwd: directory,
      env: { ...process.env, TSX_TSCONFIG_PATH: join(directory, 'tsconfig.json') },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.child.stderr!.on('data', (text: Buffer) => (this.complaints += text.toString()));
  }

  /** @param killAfter - it is killed when it has handled so many records after its first checkpoint. */
  async end(killAfter: number): Promise<'killed' | 'ended'> {
    const exit = once(this.child, 'exit');
    let left = Infinity;
    for await (const line of createInterface({ input: this.child.stdout! })) {
      if (line.startsWith('checkpoint ')) left = Math.min(left, killAfter);
      if (line.startsWith('$')) {
        this.records.push(recordsIn(Number(line.slice(1))));
        left--;
      }
      if (left <= 0) this.child.kill('SIGKILL');
    }
    const [, signal] = (await exit) as [unknown, string | null];
    return signal === 'SIGKILL' ? 'killed' : 'ended';
  }
}

/** How many numbers from 1 on have this sum. */
function recordsIn(sum: number): number {
  const records = Math.floor(Math.sqrt(2 * sum));
  expect(records * (records + 1)).toBe(2 * sum);
  return records;
}
