import fc from 'fast-check';

import { Coverage } from './Coverage.js';
import { random as randomFrom } from '../../src/testing/random.js';
import { runWorld } from './runWorld.js';
import { VirtualTime } from '../../src/testing/VirtualTime.js';
import type { World } from './World.js';
import { describeWorld, MOST_OPERATORS, worldsOf } from './World.js';

const WORLDS_PER_BATCH = 40;
const LINES_OF_TRACE = 60;

export interface SimulationOptions {
  /** A whole number below 2^53. */
  readonly seed: number;
  readonly crashes: number;
  /** The most that a job has, over all of its pipelines; at least 1. Default: as many as there may be. */
  readonly operators?: number;
  readonly coverage: Coverage;
  onProgress?(): void;
}

/**
 * Lives through random worlds until so many crashes have happened.
 *
 * @returns null, or the first failure: its seed, what was violated, the smallest world that shows it, and what happened there.
 */
export async function simulate({
  seed,
  crashes,
  operators = MOST_OPERATORS,
  coverage,
  onProgress,
}: SimulationOptions): Promise<string | null> {
  const worlds = worldsOf(operators);
  for (let batch = 0; coverage.crashes < crashes; batch++) {
    const failure = await runBatch(worlds, (seed + batch) % Number.MAX_SAFE_INTEGER, coverage);
    if (failure !== null) return operators === MOST_OPERATORS ? failure : `${failure} --operators ${operators}`;
    onProgress?.();
  }
  return null;
}

async function runBatch(worlds: fc.Arbitrary<World>, seed: number, coverage: Coverage): Promise<string | null> {
  const property = fc.asyncProperty(worlds, (world) => runWorld(world, coverage));
  const uninstall = VirtualTime.install();
  try {
    const result = await fc.check(property, { seed: randomFrom(seed).below(2 ** 32) | 0, numRuns: WORLDS_PER_BATCH });
    return result.failed ? await describeFailure(seed, result.counterexample![0], result.errorInstance) : null;
  } finally {
    uninstall();
  }
}

async function describeFailure(seed: number, world: World, error: unknown): Promise<string> {
  const trace: string[] = [];
  await runWorld(world, new Coverage(), (line) => trace.push(line)).catch(() => {});
  const history = trace.slice(trace.lastIndexOf('a new disk'));
  const left = history.length > LINES_OF_TRACE ? [`… ${history.length - LINES_OF_TRACE} lines before`] : [];
  return [
    `Violated: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`,
    `\nThe smallest world that shows it:\n${describeWorld(world)}`,
    `\nWhat happened in it:\n  ${[...left, ...history.slice(-LINES_OF_TRACE)].join('\n  ')}`,
    `\nAgain: npm run simulate -- --seed ${seed} --crashes 1`,
  ].join('\n');
}
