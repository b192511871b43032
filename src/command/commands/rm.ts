import { removeCheckpoint } from 'rxjs-checkpoint/inspect';

import { directoryToChange } from '../directory.js';
import { formatBytes } from '../formatting.js';
import type { Output } from '../Output.js';
import { writeJson } from '../writeJson.js';

export async function rm(
  output: Output,
  path: string,
  id: string,
  options: { readonly json?: boolean; readonly force?: boolean },
): Promise<void> {
  const { force = false } = options;
  const removed = await removeCheckpoint(await directoryToChange(path), id, { force });
  if (options.json) return writeJson(output, { ...removed });
  await output.line(`Removed ${removed.name} (${formatBytes(removed.sizeBytes)}).`);
}
