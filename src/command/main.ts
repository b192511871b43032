/** The command `rxjs-checkpoint`. It uses what the package exports, as any program could. */
import { readFileSync } from 'node:fs';

import { CommanderError } from 'commander';
import { InvalidSavepointNameError } from 'rxjs-checkpoint';

import { explain } from './explain.js';
import { Output } from './Output.js';
import { createProgram } from './program.js';
import { UsageError } from './UsageError.js';

declare const VERSION: string;

const output = new Output(process.stdout, process.stderr);
const program = createProgram(output, typeof VERSION === 'string' ? VERSION : versionInSources());
for (const command of [program, ...program.commands]) command.exitOverride();

try {
  await program.parseAsync();
} catch (error) {
  process.exitCode = exitCodeOf(error);
}

function exitCodeOf(error: unknown): number {
  // Commander has written what there is to say.
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
  output.fail(explain(error));
  return error instanceof UsageError || error instanceof InvalidSavepointNameError ? 2 : 1;
}

function versionInSources(): string {
  return (JSON.parse(readFileSync('package.json', 'utf8')) as { version: string }).version;
}
