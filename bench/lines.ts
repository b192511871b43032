import { createReadStream } from 'node:fs';
import { mkdtemp, open, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { pathToFileURL } from 'node:url';

import { nodeFiles } from '../src/node/nodeFiles.js';
import { FileReader } from '../src/sources/FileReader.js';
import { lines } from '../src/sources/lines.js';

export interface LinesBenchRow {
  readonly name: string;
  /** Megabytes for each second of CPU time, of all threads; the median of the rounds. */
  readonly megabytesPerSecond: number;
  /** How many times as fast as `node:readline` in the same round: median, lowest and highest. */
  readonly ratio: { readonly median: number; readonly lowest: number; readonly highest: number };
}

export interface LinesBenchOptions {
  readonly megabytes?: number;
  readonly rounds?: number;
}

/** How many lines, and how many characters: so that the contenders can be seen to have done the same work. */
interface Count {
  lines: number;
  characters: number;
}

type Contender = (path: string) => Promise<Count>;

const contenders: Readonly<Record<string, Contender>> = {
  'node:readline': withReadline,
  'rxjs-checkpoint': withFileReader,
};
const POSITION_EVERY = 10_000;

/** Lines with byte offsets against `node:readline` on('line'), round by round in one process. */
export async function benchLines(options: LinesBenchOptions = {}): Promise<LinesBenchRow[]> {
  const { megabytes = 300, rounds = 9 } = options;
  const directory = await mkdtemp(join(tmpdir(), 'rxjs-checkpoint-bench-'));
  try {
    const rows: LinesBenchRow[] = [];
    for (const [text, city] of Object.entries({ ASCII: 'Zurich - Tokyo', 'non-ASCII': 'Zürich – 東京' })) {
      const path = join(directory, `${text}.ndjson`);
      await writeRecords(path, city, megabytes);
      rows.push(...(await race(path, text, rounds)));
      await rm(path);
    }
    return rows;
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

/** NDJSON with lines of 80 to 240 bytes. */
async function writeRecords(path: string, city: string, megabytes: number): Promise<void> {
  const file = await open(path, 'w');
  try {
    for (let id = 0, written = 0; written < megabytes * 1e6;) {
      const records: string[] = [];
      for (const end = id + 5000; id < end; id++) {
        const amount = (id * 7919) % 100_000;
        records.push(JSON.stringify({ id, user: `user-${amount}`, city, amount, note: 'x'.repeat(amount % 160) }));
      }
      written += (await file.write(`${records.join('\n')}\n`)).bytesWritten;
    }
  } finally {
    await file.close();
  }
}

async function race(path: string, text: string, rounds: number): Promise<LinesBenchRow[]> {
  const { size } = await stat(path);
  const names = Object.keys(contenders);
  const speeds = new Map<string, number[]>(names.map((name) => [name, []]));
  let expected: Count | undefined;
  // The first round warms up.
  for (let round = 0; round <= rounds; round++) {
    for (const name of names) {
      const before = process.cpuUsage();
      const count = await contenders[name]!(path);
      const { user, system } = process.cpuUsage(before);
      expected ??= count;
      if (count.lines !== expected.lines || count.characters !== expected.characters) {
        throw new Error(`${name} read ${JSON.stringify(count)}, the first one ${JSON.stringify(expected)}`);
      }
      if (round > 0) speeds.get(name)!.push(size / (user + system));
    }
  }
  const baseline = speeds.get('node:readline')!;
  return names.map((name) => rowOf(`${name}, ${text}`, speeds.get(name)!, baseline));
}

function rowOf(name: string, speeds: readonly number[], baseline: readonly number[]): LinesBenchRow {
  const ratios = sorted(speeds.map((speed, round) => speed / baseline[round]!));
  return {
    name,
    megabytesPerSecond: middle(sorted(speeds)),
    ratio: { median: middle(ratios), lowest: ratios[0]!, highest: ratios.at(-1)! },
  };
}

const sorted = (values: readonly number[]): number[] => [...values].sort((a, b) => a - b);
const middle = (values: readonly number[]): number => values[values.length >> 1]!;

async function withFileReader(path: string): Promise<Count> {
  const count = { lines: 0, characters: 0 };
  const reader = await FileReader.open({ fileSystem: nodeFiles, path, format: lines() });
  do {
    while (reader.next()) {
      count.characters += reader.record.length;
      if (++count.lines % POSITION_EVERY === 0) reader.position();
    }
  } while (await reader.refill());
  await reader.close();
  return count;
}

function withReadline(path: string): Promise<Count> {
  return new Promise((resolve) => {
    const count = { lines: 0, characters: 0 };
    const input = createInterface({ input: createReadStream(path), crlfDelay: Infinity });
    input.on('line', (line) => {
      count.lines++;
      count.characters += line.length;
    });
    input.on('close', () => resolve(count));
  });
}

async function main(): Promise<void> {
  for (const { name, megabytesPerSecond, ratio } of await benchLines()) {
    const spread = `${ratio.lowest.toFixed(2)} to ${ratio.highest.toFixed(2)}`;
    console.log(
      `${name.padEnd(28)} ${megabytesPerSecond.toFixed(0).padStart(5)} MB per CPU second, ` +
        `${ratio.median.toFixed(2)} times readline (${spread})`,
    );
  }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) await main();
