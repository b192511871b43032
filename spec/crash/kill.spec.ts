import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { bundle } from '../support/bundle.js';
import { randomNumbers } from '../support/randomNumbers.js';
import { seed } from '../support/seed.js';
import type { CrashPipeline } from './CrashPipeline.js';
import { Figures } from './Figures.js';
import { crashPipelines } from './pipelines/index.js';
import { writeRecords } from './records.js';
import type { KillBudget } from './Round.js';
import { Round } from './Round.js';

/** `KILLS=10000 npx jest spec/crash` for a longer run. */
const KILLS = Number(process.env.KILLS ?? 400);
const KILLS_PER_PIPELINE = Math.ceil(KILLS / crashPipelines.length);
/** How many processes at a time. */
const LANES = 3;

describe(`a process that is killed again and again, seed ${seed}`, () => {
  let directory: string;
  let program: string;
  const total = new Figures();
  const report: string[] = [];

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'rxjs-checkpoint-kill-'));
    program = join(directory, 'program.cjs');
    await bundle(join(__dirname, 'program.ts'), program, { platform: 'node', format: 'cjs' });
  });

  afterAll(async () => {
    process.stdout.write(`${[...report, `In all: ${total.summary()}`].join('\n')}\n`);
    await rm(directory, { recursive: true, force: true });
  });

  it.each(crashPipelines.map((pipeline) => [pipeline.name, pipeline] as const))(
    '%s: comes to the same as one that is not',
    async (name, pipeline) => {
      const index = crashPipelines.indexOf(pipeline);
      const files = join(directory, `files-${index}`);
      await writeFiles(files, pipeline);
      const figures = new Figures();
      let rounds = 0;
      const playRound = async (budget: KillBudget | null): Promise<void> => {
        const storage = join(directory, `storage-${index}-${rounds}`);
        const random = randomNumbers(seed * 1_000_003 + index * 1_009 + rounds++);
        await new Round({ program, pipeline, files, storage, random, figures, budget }).run();
        await rm(storage, { recursive: true });
      };
      const playLane = async (budget: KillBudget): Promise<void> => {
        while (budget.left > 0) await playRound(budget);
      };
      await playRound(null);
      while (figures.kills < KILLS_PER_PIPELINE) {
        const budget = { left: KILLS_PER_PIPELINE - figures.kills };
        const lanes = await Promise.allSettled(Array.from({ length: LANES }, () => playLane(budget)));
        for (const lane of lanes) if (lane.status === 'rejected') throw lane.reason;
      }
      report.push(`${name}: ${figures.summary()}`);
      total.add(figures);
      expect(figures.restores).toBeGreaterThan(0);
    },
    60_000 + KILLS_PER_PIPELINE * 2_000,
  );
});

async function writeFiles(directory: string, { files }: CrashPipeline): Promise<void> {
  await mkdir(directory);
  for (const [file, count] of Object.entries(files)) await writeRecords(directory, file, count);
}
