import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';

import { temporaryDirectory } from '../node/temporaryDirectory.js';
import { bundle } from '../support/bundle.js';
import { commandLine } from './commandLine.js';

const start = commandLine();
const folder = mkdtempSync(join(tmpdir(), 'rxjs-checkpoint-busy-'));
const program = join(folder, 'busyJob.mjs');
beforeAll(() => bundle('spec/command/busyJob.ts', program, { platform: 'node', format: 'esm' }));
afterAll(() => rmSync(folder, { recursive: true }));

let child: ChildProcess | undefined;
afterEach(() => void child?.kill('SIGKILL'));

/** Starts the job, and waits until it has taken so many checkpoints. */
async function startJob(directory: string, checkpoints: number): Promise<ChildProcess> {
  child = spawn(process.execPath, [program, directory], { stdio: ['ignore', 'pipe', 'inherit'] });
  let lines = 0;
  await new Promise<void>((resolve) => {
    child!.on('close', () => resolve());
    child!.stdout!.setEncoding('utf8').on('data', (text: string) => {
      lines += text.split('\n').length - 1;
      if (lines >= checkpoints) resolve();
    });
  });
  return child;
}

const looks = [
  ['ls', 'state', '--json'],
  ['show', 'state', 'latest', '--json'],
  ['cat', 'state', 'latest', 'shared'],
  ['diff', 'state', 'latest', 'latest', '--json'],
  ['verify', 'state', '--json'],
  ['gc', 'state', '--dry-run', '--json'],
  ['export', 'state', 'latest', 'out.savepoint', '--force'],
];

test('beside a job that writes and removes all the time, and after it was killed, nothing looks damaged', async () => {
  const cwd = await temporaryDirectory();
  const directory = join(cwd, 'state');
  for (let life = 0; life < 3; life++) {
    const job = await startJob(directory, 10 + 7 * life);
    for (const args of looks) {
      const { code, stdout, stderr } = await start(args, { cwd });
      expect([args, code, stderr, code === 0 ? '' : stdout]).toEqual([args, 0, '', '']);
      if (args[0] === 'show') expect(stdout).not.toMatch(/"problem": "/);
    }
    expect(job.exitCode).toBe(null);
    job.kill('SIGKILL');
    await once(job, 'close');
    const { code, stdout } = await start(['verify', 'state'], { cwd });
    expect([code, stdout]).toEqual([0, expect.stringContaining('No damage.')]);
  }
  // What the last kill left behind goes, and what is needed stays.
  expect((await start(['gc', 'state', '--retained', '1'], { cwd })).code).toBe(0);
  expect((await start(['verify', 'state', '--retained', '1'], { cwd })).stdout).toContain('No damage.');
  const job = await startJob(directory, 3);
  expect(job.exitCode).toBe(null);
  job.kill('SIGKILL');
  await once(job, 'close');
}, 120_000);
