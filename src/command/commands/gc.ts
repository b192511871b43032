import { collectGarbage } from 'rxjs-checkpoint/inspect';

import { directoryToChange, directoryToRead } from '../directory.js';
import { formatBytes, plural } from '../formatting.js';
import type { Output } from '../Output.js';
import { writeJson } from '../writeJson.js';
import { orphanLines } from './verify.js';

export async function gc(
  output: Output,
  path: string,
  options: { readonly json?: boolean; readonly dryRun?: boolean; readonly retained?: number },
): Promise<void> {
  const { dryRun = false, retained } = options;
  const storage = await (dryRun ? directoryToRead(path) : directoryToChange(path));
  const garbage = await collectGarbage(storage, retained === undefined ? { dryRun } : { dryRun, retained });
  if (options.json) return writeJson(output, garbage);
  const { removed, sizeBytes } = garbage;
  if (removed.length > 0) await output.line(`${orphanLines(output, removed)}\n`);
  const what = `${plural(removed.length, 'orphan')} (${formatBytes(sizeBytes)})`;
  await output.line(dryRun ? `Would remove ${what}.` : `Removed ${what}.`);
}
