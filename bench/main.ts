// `npm run bench`: what a value costs, ours against stock RxJS, and lines against node:readline. Each mode of the chain
// runs in a process of its own (`clean`: nothing ran before; `polluted`: the operators of both sides have run with many
// other functions), both sides interleaved, in CPU time. `npm run bench -- operators mergeMap scan` runs one part of it.
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import Table from 'cli-table3';
import { interval } from 'rxjs';

import { delays, inJob, outside, stockRxjs } from './chain.js';
import { compare } from './compare.js';
import { benchLines } from './lines.js';
import { benchOperators } from './operators/main.js';
import { pollute } from './pollute.js';
import { median, spread } from './spread.js';

/** Long enough for ten checkpoints at 100 ms each: each run goes over the array until it is. */
const RECORDS = 30_000_000;
const LEAST_CHECKPOINTS = 10;
const ROUNDS = 5;

async function benchChain(mode: 'clean' | 'polluted'): Promise<void> {
  if (mode === 'polluted') await pollute();
  const array = delays(RECORDS);
  const fewest = { checkpoints: Infinity };
  const theirs = {
    name: 'rxjs',
    run: async () => {
      stockRxjs(array);
      return RECORDS;
    },
  };
  const plain = { name: 'outside', run: async () => (await outside(array), RECORDS) };
  const between = { name: 'in a job, between checkpoints', run: async () => (await inJob(array), RECORDS) };
  const checkpointed = {
    name: 'in a job, a checkpoint each 100 ms',
    run: async () => {
      let checkpoints = 0;
      let runs = 0;
      while (checkpoints < LEAST_CHECKPOINTS) {
        await inJob(array, interval(100), () => checkpoints++);
        runs++;
      }
      fewest.checkpoints = Math.min(fewest.checkpoints, checkpoints);
      return runs * RECORDS;
    },
  };
  const table = new Table({ head: [`chain, ${mode}`, 'ns per value', 'against', 'ns per value', 'times', 'target'] });
  const row = async (ours: typeof plain, other: typeof plain, target: string, isMet: (times: number) => boolean) => {
    const result = await compare(ours, other, ROUNDS, 2);
    const times = result.theirs.map((their, i) => their / result.ours[i]!);
    const verdict = target === '' ? '' : `${target}: ${isMet(median(times)) ? 'met' : 'MISSED'}`;
    table.push([
      ours.name,
      median(result.ours).toFixed(1),
      other.name,
      median(result.theirs).toFixed(1),
      spread(times),
      verdict,
    ]);
  };
  const least = mode === 'clean' ? 5 : 1.8;
  await row(checkpointed, theirs, `at least ${least}`, (times) => times >= least);
  await row(plain, theirs, '', () => true);
  await row(between, plain, 'at least 0.95', (times) => times >= 0.95);
  console.log(table.toString());
  console.log(`Each timed run in a job had at least ${fewest.checkpoints} checkpoints (memoryStorage).\n`);
}

async function benchFiles(): Promise<void> {
  const table = new Table({ head: ['lines of a file', 'MB per CPU second', 'times node:readline'] });
  for (const { name, megabytesPerSecond, ratio } of await benchLines()) {
    const spread = `${ratio.median.toFixed(2)} (${ratio.lowest.toFixed(2)} to ${ratio.highest.toFixed(2)})`;
    table.push([name, megabytesPerSecond.toFixed(0), spread]);
  }
  console.log(table.toString());
  console.log('Target: at least 3 times, for ASCII.');
}

const [mode, ...names] = process.argv.slice(2);
if (globalThis.gc === undefined) {
  for (const each of mode === undefined ? ['clean', 'polluted', 'operators', 'lines'] : [mode]) {
    const args = ['--expose-gc', '--import', 'tsx', fileURLToPath(import.meta.url), each, ...names];
    execFileSync(process.execPath, args, { stdio: 'inherit' });
  }
} else if (mode === 'clean' || mode === 'polluted') await benchChain(mode);
else if (mode === 'lines') await benchFiles();
else benchOperators(names);
