import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import Table from 'cli-table3';
import * as rxjs from 'rxjs';
// To know of all of them.
// eslint-disable-next-line rxjs-x/prefer-root-operators
import * as operators from 'rxjs/operators';

import { median, spread } from '../spread.js';
import type { Report, Row } from './report.js';
import { operatorOf, timedUses, uses } from './uses.js';

/** What V8 makes of code depends on all that ran before: in each process the uses come in another order (decision 0305). */
const PROCESSES = 3;
const LEAST_MEDIAN = 1.5;
const GROUPS = 'groupBy(1000 keys) + scan + mergeMap';
const LEAST_GROUPS = 4;

/**
 * Every operator that RxJS has, ours against RxJS's, outside of a job and in one.
 *
 * @param wanted - only those whose names are among these; all if it is empty.
 */
export function benchOperators(wanted: readonly string[]): void {
  const reports = Array.from({ length: PROCESSES }, (_, index) => reportOf(index, wanted));
  const rows = pooled(reports);
  print(rows);
  const skipped = distinct(reports.flatMap((report) => report.skipped));
  const failed = distinct(reports.flatMap((report) => report.failed));
  if (skipped.length > 0) console.log(`Skipped: ${skipped.join('; ')}.`);
  if (failed.length > 0) console.log(`Failed: ${failed.join('; ')}.`);
  const listed = Object.keys({ ...uses, ...timedUses }).map(operatorOf);
  const unlisted = Object.entries(operators).flatMap(([name, operator]) =>
    typeof operator === 'function' && name in rxjs && !listed.includes(name) ? [name] : [],
  );
  const isWhole = skipped.length + failed.length === 0 && unlisted.length === 0;
  if (wanted.length === 0) console.log(verdict('every operator of RxJS', isWhole, unlisted.join(', ')));
  judge(rows);
}

const distinct = (texts: readonly string[]): string[] => [...new Set(texts)];

function reportOf(index: number, wanted: readonly string[]): Report {
  const args = [
    '--expose-gc',
    '--import',
    'tsx',
    fileURLToPath(new URL('report.ts', import.meta.url)),
    String(index),
    ...wanted,
  ];
  console.error(`operators, process ${index + 1} of ${PROCESSES}`);
  const text = execFileSync(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'], encoding: 'utf8' });
  return JSON.parse(text) as Report;
}

/** The rounds of all processes, by name. */
function pooled(reports: readonly Report[]): Row[] {
  const all = reports.flatMap(({ rows }) => rows);
  return distinct(all.map(({ name }) => name))
    .sort()
    .map((name) => {
      const rows = all.filter((row) => row.name === name);
      return {
        name,
        theirs: median(rows.map(({ theirs }) => theirs)),
        outside: rows.flatMap(({ outside }) => outside),
        inJob: rows.flatMap(({ inJob }) => inJob),
      };
    });
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
    const below = rows.filter(({ [where]: times }) => median(times) < 1);
    const figures = below.map(({ name, [where]: times }) => `${name} ${median(times).toFixed(2)}`).join('; ');
    console.log(`median below 1, ${whereOf(where)}: ${below.length} of ${rows.length}${figures && ` (${figures})`}`);
  }
  for (const where of ['outside', 'inJob'] as const) {
    const middle = median(rows.map(({ [where]: times }) => median(times)));
    const label = whereOf(where);
    console.log(
      verdict(`median of all, ${label}, at least ${LEAST_MEDIAN}`, middle >= LEAST_MEDIAN, middle.toFixed(2)),
    );
    const groups = rows.find(({ name }) => name === GROUPS);
    if (groups === undefined) continue;
    const times = median(groups[where]);
    console.log(verdict(`${GROUPS}, ${label}, at least ${LEAST_GROUPS}`, times >= LEAST_GROUPS, times.toFixed(2)));
  }
}

const whereOf = (where: 'outside' | 'inJob'): string => (where === 'inJob' ? 'in a job' : where);

const verdict = (what: string, isMet: boolean, figures: string): string =>
  `${what}: ${isMet ? 'met' : 'MISSED'}${figures === '' ? '' : ` (${figures})`}`;
