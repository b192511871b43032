import { spawn } from 'node:child_process';
import { chmodSync, closeSync, mkdtempSync, openSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll } from '@jest/globals';

import { bundle } from '../support/bundle.js';

export interface CommandResult {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface CommandOptions {
  readonly cwd: string;
  readonly input?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Who runs it. Default: whoever runs the spec. */
  readonly uid?: number | undefined;
  /** Stops reading what it writes after the first bytes, as `| head` does. */
  readonly closesOutput?: boolean;
  /** A file that takes what it writes. Default: it is returned. */
  readonly outputTo?: string;
}

/** The command as it is installed: one file, run as a process. */
export function commandLine(): (args: readonly string[], options: CommandOptions) => Promise<CommandResult> {
  const folder = mkdtempSync(join(tmpdir(), 'rxjs-checkpoint-command-'));
  chmodSync(folder, 0o755); // for other users, as whom it may be run
  const file = join(folder, 'command.mjs');
  beforeAll(async () => {
    await bundle('src/command/main.ts', file, {
      platform: 'node',
      format: 'esm',
      define: { VERSION: '"1.2.3"' },
      external: ['@colors/colors'],
      banner: { js: "import { createRequire } from 'node:module';const require = createRequire(import.meta.url);" },
    });
  });
  afterAll(() => rmSync(folder, { recursive: true }));
  return (args, { cwd, input, uid, env = {}, closesOutput = false, outputTo }) =>
    new Promise((resolve) => {
      const options = { cwd, env: { ...process.env, NO_COLOR: '', ...env }, ...(uid === undefined ? {} : { uid }) };
      const out = outputTo === undefined ? ('pipe' as const) : openSync(outputTo, 'w');
      const child = spawn(process.execPath, [file, ...args], { ...options, stdio: ['pipe', out, 'pipe'] });
      if (typeof out === 'number') closeSync(out);
      let [stdout, stderr] = ['', ''];
      child.stdout?.setEncoding('utf8').on('data', (text: string) => {
        stdout += text;
        if (closesOutput) child.stdout?.destroy();
      });
      child.stderr?.setEncoding('utf8').on('data', (text: string) => (stderr += text));
      child.on('close', (code) => resolve({ code, stdout, stderr }));
      child.stdin?.on('error', () => {}); // it may not read what it is given
      child.stdin?.end(input);
    });
}
