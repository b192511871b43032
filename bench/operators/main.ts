import Table from 'cli-table3';
import { Presets, SingleBar } from 'cli-progress';
import * as rxjs from 'rxjs';
// To know of all of them.
// eslint-disable-next-line rxjs-x/prefer-root-operators
import * as operators from 'rxjs/operators';

import { compare } from '../compare.js';
import { median, spread } from '../spread.js';
import { collectYoung, Contest, missingFrom } from './run.js';
import { timedUses, uses } from './uses.js';

const ROUNDS = 5;
/** What has not run often is not optimised yet, ours later than theirs: there is more of it. */
const WARM_UPS = 6;
const LEAST_MEDIAN = 1.5;
const GROUPS = 'groupBy(1000 keys) + scan + mergeMap';
const LEAST_GROUPS = 4;

interface Row {
  readonly name: string;
  /** Nanoseconds of RxJS's. */
  readonly theirs: number;
  /** How many times as fast as RxJS, round by round. */
  readonly outside: readonly number[];
  readonly inJob: readonly number[];
}

/**
 * Every operator that RxJS has, ours against RxJS's, outside of a job and in one.
 *
 * @param wanted - only those whose names are among these; all if it is empty.
 */
export async function benchOperators(wanted: readonly string[]): Promise<void> {
  const all = { ...uses, ...timedUses };
  const names = Object.keys(all).filter((name) => wanted.length === 0 || wanted.includes(operatorOf(name)));
  const rows: Row[] = [];
  const skipped: string[] = [];
  const failed: string[] = [];
  const bar = new SingleBar({ format: '{bar} {value}/{total} {name}', clearOnComplete: true }, Presets.shades_classic);
  bar.start(names.length, 0, { name: '' });
  for (const name of names.sort()) {
    bar.increment({ name });
    if (!process.stderr.isTTY) console.error(`${names.indexOf(name) + 1}/${names.length} ${name}`);
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
  print(rows);
  if (skipped.length > 0) console.log(`Skipped: ${skipped.join('; ')}.`);
  if (failed.length > 0) console.log(`Failed: ${failed.join('; ')}.`);
  const listed = Object.keys(all).map(operatorOf);
  const unlisted = Object.entries(operators).flatMap(([name, operator]) =>
    typeof operator === 'function' && name in rxjs && !listed.includes(name) ? [name] : [],
  );
  const isWhole = skipped.length + failed.length === 0 && unlisted.length === 0;
  if (wanted.length === 0) console.log(verdict('every operator of RxJS', isWhole, unlisted.join(', ')));
  judge(rows);
}

const operatorOf = (name: string): string => /^\w+/.exec(name)![0];

async function race(name: string): Promise<Row> {
  const contest = await Contest.of(name);
  await contest.checkEqual();
  const outside = await compare(contest.outside, contest.theirs, ROUNDS, WARM_UPS, collectYoung);
  const inJob = await compare(contest.inJob, contest.theirs, ROUNDS, WARM_UPS, collectYoung);
  const times = ({ ours, theirs }: typeof outside) => theirs.map((their, round) => their / ours[round]!);
  return { name, theirs: median(outside.theirs), outside: times(outside), inJob: times(inJob) };
}

function print(rows: readonly Row[]): void {
  const table = new Table({
    head: ['operator', 'RxJS, ns per value', 'times as fast, outside', 'times as fast, in a job'],
    style: { compact: true, head: [], border: [] },
  });
  for (const { name, theirs, outside, inJob } of rows) {
    table.push([name, theirs.toFixed(1), mark(outside), mark(inJob)]);
  }
  console.log(table.toString());
}

const isSlower = (times: readonly number[]): boolean => Math.max(...times) < 1;
const mark = (times: readonly number[]): string => spread(times) + (isSlower(times) ? ' SLOWER' : '');

function judge(rows: readonly Row[]): void {
  const slower = rows.flatMap(({ name, outside, inJob }) => [
    ...(isSlower(outside) ? [name] : []),
    ...(isSlower(inJob) ? [`${name}, in a job`] : []),
  ]);
  console.log(verdict('none slower with its whole spread', slower.length === 0, slower.join('; ')));
  for (const where of ['outside', 'inJob'] as const) {
    const middle = median(rows.map(({ [where]: times }) => median(times)));
    const label = where === 'inJob' ? 'in a job' : where;
    console.log(
      verdict(`median of all, ${label}, at least ${LEAST_MEDIAN}`, middle >= LEAST_MEDIAN, middle.toFixed(2)),
    );
    const groups = rows.find(({ name }) => name === GROUPS);
    if (groups === undefined) continue;
    const times = median(groups[where]);
    console.log(verdict(`${GROUPS}, ${label}, at least ${LEAST_GROUPS}`, times >= LEAST_GROUPS, times.toFixed(2)));
  }
}

const verdict = (what: string, isMet: boolean, figures: string): string =>
  `${what}: ${isMet ? 'met' : 'MISSED'}${figures === '' ? '' : ` (${figures})`}`;
