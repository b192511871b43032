// One process of `bench operators`: prints what it has found as JSON. Its arguments: which order, and which operators (none: all).
import { Presets, SingleBar } from 'cli-progress';

import { compare } from '../compare.js';
import { pollute } from '../pollute.js';
import { median } from '../spread.js';
import { collectYoung, Contest, missingFrom } from './run.js';
import { operatorOf, timedUses, uses } from './uses.js';

const ROUNDS = 5;
/** What has not run often is not optimised yet, ours later than theirs: there is more of it. */
const WARM_UPS = 6;

export interface Row {
  readonly name: string;
  /** Nanoseconds of RxJS's. */
  readonly theirs: number;
  /** How many times as fast as RxJS, round by round. */
  readonly outside: readonly number[];
  readonly inJob: readonly number[];
}

/** What one process has found. */
export interface Report {
  readonly rows: readonly Row[];
  readonly skipped: readonly string[];
  readonly failed: readonly string[];
}

const all = { ...uses, ...timedUses };

async function report(index: number, wanted: readonly string[]): Promise<Report> {
  const names = Object.keys(all).filter((name) => wanted.length === 0 || wanted.includes(operatorOf(name)));
  const rows: Row[] = [];
  const skipped: string[] = [];
  const failed: string[] = [];
  const bar = new SingleBar({ format: '{bar} {value}/{total} {name}', clearOnComplete: true }, Presets.shades_classic);
  bar.start(names.length, 0, { name: '' });
  for (const [i, name] of inOrder(names, index).entries()) {
    bar.increment({ name });
    if (!process.stderr.isTTY) console.error(`${i + 1}/${names.length} ${name}`);
    const missing = await missingFrom(all[name]!);
    if (missing.length > 0) skipped.push(`${name} (we have no ${missing.join(', ')})`);
    else {
      try {
        rows.push(await race(name));
      } catch (error) {
        failed.push(`${name} (${String(error)})`);
      }
    }
  }
  bar.stop();
  return { rows, skipped, failed };
}

/** By name, the other way round, and from the middle. */
function inOrder(names: readonly string[], index: number): string[] {
  const sorted = [...names].sort();
  const half = sorted.length >> 1;
  return [sorted, [...sorted].reverse(), [...sorted.slice(half), ...sorted.slice(0, half)]][index]!;
}

async function race(name: string): Promise<Row> {
  const contest = await Contest.of(name);
  await contest.checkEqual();
  const outside = await compare(contest.outside, contest.theirs, ROUNDS, WARM_UPS, collectYoung);
  const inJob = await compare(contest.inJob, contest.theirs, ROUNDS, WARM_UPS, collectYoung);
  const times = ({ ours, theirs }: typeof outside) => theirs.map((their, round) => their / ours[round]!);
  return { name, theirs: median(outside.theirs), outside: times(outside), inJob: times(inJob) };
}

const [order, ...operators] = process.argv.slice(2);
await pollute();
console.log(JSON.stringify(await report(Number(order), operators)));
