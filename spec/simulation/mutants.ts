// `npm run mutants [-- WORDS or FIRST-LAST]`: makes wrong changes to a copy of the library, one by one, and sees the simulation find
// each of them (or, where it does not reach, a spec). One that is not found shows a check that cannot fail.
import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import Table from 'cli-table3';

import { BUNDLE, SIMULATION, wrongChanges } from './wrongChanges.js';

const LONGEST_MS = 400_000;

const root = resolve(import.meta.dirname, '../..');
const copy = mkdtempSync(join(tmpdir(), 'rxjs-checkpoint-mutants-'));
for (const part of ['src', 'spec', 'package.json', 'tsconfig.json', 'jest.config.mjs'])
  cpSync(join(root, part), join(copy, part), { recursive: true });
symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'));

/** Runs what is to find it on the copy. */
function search(command: readonly string[]): { readonly found: string | undefined; readonly seconds: string } {
  if (command === SIMULATION)
    spawnSync(process.execPath, ['spec/simulation/build.mjs', BUNDLE], { cwd: copy, stdio: 'inherit' });
  const startedAt = Date.now();
  const { stderr } = spawnSync(process.execPath, command, {
    cwd: copy,
    timeout: LONGEST_MS,
    encoding: 'utf8',
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const found = /(?:Violated:|●) (.*)/.exec(stderr)?.[1];
  return { found, seconds: ((Date.now() - startedAt) / 1000).toFixed(1) };
}

const table = new Table({ head: ['wrong change', 'found after', 'by'], colWidths: [50, 13, 60], wordWrap: true });
const survivors: string[] = [];
const [, first, last] = process.argv[2]?.match(/^(\d+)(?:-(\d+))?$/) ?? [];
const chosen = (what: string, number: number): boolean =>
  first === undefined
    ? what.includes(process.argv[2] ?? '')
    : number >= Number(first) && number <= Number(last ?? first);
try {
  for (const [i, { what, file, from, to, by = SIMULATION }] of wrongChanges.entries()) {
    if (!chosen(what, i + 1)) continue;
    const path = join(copy, file);
    const original = readFileSync(path, 'utf8');
    if (original.split(from).length !== 2) throw new Error(`'${what}' does not fit ${file} any more`);
    writeFileSync(
      path,
      original.replace(from, () => to),
    );
    const { found, seconds } = search(by);
    writeFileSync(path, original);
    if (found === undefined) survivors.push(what);
    process.stderr.write(`${found === undefined ? 'NOT FOUND' : 'found'} in ${seconds} s: ${what}\n`);
    table.push([what, `${seconds} s`, found === undefined ? 'NOT FOUND' : found.slice(0, 110)]);
  }
  console.log(table.toString());
  console.log(`${table.length} wrong changes, ${table.length - survivors.length} found.`);
} finally {
  rmSync(copy, { recursive: true, force: true });
}
if (survivors.length > 0) process.exitCode = 1;
