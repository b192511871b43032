import { fileURLToPath } from 'node:url';

import { countLines } from './countLines.js';
import type { CrashTestResult } from './crashTest.js';
import { crashTest } from './crashTest.js';
import { differences } from './differences.js';
import { count } from './format.js';
import { Screen } from './Screen.js';
import { comparisonTable, killTable, stateTable } from './tables.js';

/**
 * Runs the bird strikes in processes that are killed, and shows whether that made a difference.
 *
 * @returns the exit code.
 */
export async function crashAndResume(seed: number): Promise<number> {
  const path = fileURLToPath(new URL('../data/birdstrikes.csv', import.meta.resolve('vega-datasets')));
  const stateDirectory = fileURLToPath(new URL('state/birdstrikes', import.meta.url));
  const records = (await countLines(path)) - 1;
  console.log(`
A pipeline of RxJS operators reads ${count(records)} bird strikes, about 1,000 a second,
and takes a checkpoint of all its state every half second. Its process is killed
with SIGKILL again and again; each new one goes on from the newest checkpoint.
Beside it the same pipeline runs in a process that is left alone.
In the end both must have the same result.

Random moments of seed ${seed}. The same ones again: npm start -- --seed ${seed}
`);
  const screen = new Screen();
  const result = await crashTest({ path, records, stateDirectory, seed, screen }).finally(() => screen.stop());
  return conclude(result, records);
}

function conclude({ restarted, uninterrupted, kills, handledByLast }: CrashTestResult, records: number): number {
  if (restarted === null || uninterrupted === null) throw new Error('A run ended without a result.');
  console.log(`
The states with the most bird strikes, as counted by the processes that were killed:
${stateTable(restarted)}

What was read and handled after a checkpoint is read and handled again, and yet
counts once. (Up to 1,000 records that were read wait for their turn: they are in
the checkpoint, and need not be read again.)
${killTable(kills)}

Both results, compared field by field:
${comparisonTable(restarted, uninterrupted)}
`);
  // A process that found no checkpoint started from nothing, and could have finished alone.
  const counted = kills.filter(({ restoredHandled }) => restoredHandled > 0).length;
  const { fields, paths } = differences(restarted, uninterrupted);
  if (counted === 0 || handledByLast >= records) {
    console.log('FAILED: no process went on from a checkpoint, so nothing was shown.');
    return 1;
  }
  if (paths.length > 0) {
    console.log(`FAILED: ${paths.length} of ${fields} fields differ.`);
    return 1;
  }
  console.log(`Killed ${counted} times. The last process handled only ${count(handledByLast)} of the ${count(records)} records itself; the
rest of the result comes from the checkpoints of those that were killed.
All ${fields} fields are equal to those of the run that was left alone.`);
  return 0;
}
