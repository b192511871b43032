// `npm run simulate -- --seed N --crashes M`: kills random jobs at random moments until M are dead, and checks that
// each goes on as if nothing had happened. See docs/reliability.md.
import { parseArgs } from 'node:util';
import { Presets, SingleBar } from 'cli-progress';

import { Coverage } from './Coverage.js';
import { simulate } from './simulate.js';
import { MOST_OPERATORS } from './World.js';

const USAGE = `Usage: npm run simulate -- [--seed N] [--crashes M] [--operators K]

  --seed N      where the random sequence begins: a whole number from 0 to below 2^53 (default 1)
  --crashes M   how many lives to end by force (default 10000)
  --operators K small jobs: of K operators at most, over all of their pipelines; with 1, on short inputs (default ${MOST_OPERATORS}, the largest there are)

Exits with 0 if no invariant was violated; from ${Coverage.COMPLETE_FROM} crashes on, everything must have been tried too.
With --operators a failure is told with a seed that needs the same.`;

function wholeNumber(text: string, name: string): number {
  const number = Number(text);
  if (/^\d+$/.test(text) && Number.isSafeInteger(number)) return number;
  console.error(`--${name} ${text}: it has to be a whole number from 0 to below 2^53.\n\n${USAGE}`);
  process.exit(2);
}

function options(): { seed: number; crashes: number; operators: number } {
  try {
    const { values } = parseArgs({
      options: {
        ...{ seed: { type: 'string' }, crashes: { type: 'string' }, operators: { type: 'string' } },
        help: { type: 'boolean', short: 'h' },
      },
    });
    if (values.help === true) {
      console.log(USAGE);
      process.exit(0);
    }
    return {
      seed: wholeNumber(values.seed ?? '1', 'seed'),
      crashes: wholeNumber(values.crashes ?? '10000', 'crashes'),
      operators: Math.max(1, wholeNumber(values.operators ?? String(MOST_OPERATORS), 'operators')),
    };
  } catch (error) {
    console.error(`${(error as Error).message}\n\n${USAGE}`);
    process.exit(2);
  }
}

// Random callbacks throw all the time, and nobody reads where.
Error.stackTraceLimit = 0;

const { seed, crashes, operators } = options();
const coverage = new Coverage();
const startedAt = process.hrtime.bigint();
const seconds = (): number => Number(process.hrtime.bigint() - startedAt) / 1e9;
/** Of one core: others may want it too. */
const cpuSeconds = (): number => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
};
const speed = (): string => (coverage.crashes / seconds()).toFixed(0);
const failure = await simulate({ seed, crashes, operators, coverage, onProgress: progress() });

/** A bar on a terminal; elsewhere a line at each tenth. */
function progress(): () => void {
  const done = (): number => Math.min(crashes, coverage.crashes);
  if (!process.stderr.isTTY) {
    let tenths = 0;
    return () => {
      if (done() * 10 < (tenths + 1) * crashes) return;
      tenths = Math.floor((done() * 10) / crashes);
      console.error(`${tenths * 10} %: ${coverage.crashes} crashes, ${speed()} a second`);
    };
  }
  const format = '{bar} {percentage} %  {value} of {total} crashes, {speed} a second';
  const bar = new SingleBar({ format }, Presets.shades_classic);
  bar.start(crashes, 0, { speed: 0 });
  return () => {
    bar.update(done(), { speed: speed() });
    if (done() === crashes) bar.stop();
  };
}

console.log(String(coverage));
console.log(
  `\nSeed ${seed}: ${coverage.crashes} crashes and ${coverage.restores} restores in ${coverage.worlds} worlds, ${seconds().toFixed(1)} s, ${speed()} crashes a second; ${cpuSeconds().toFixed(1)} s of CPU time, ${(coverage.crashes / cpuSeconds()).toFixed(0)} crashes in each.`,
);
const missing = coverage.crashes >= Coverage.COMPLETE_FROM ? coverage.missing(operators) : [];
if (failure !== null) console.error(`\n${failure}`);
if (missing.length > 0) console.error(`\nNever tried: ${missing.join(', ')}.`);
if (failure === null && missing.length === 0) console.log('No invariant was violated.');
else process.exitCode = 1;
