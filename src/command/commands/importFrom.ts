import { importCheckpoint } from 'rxjs-checkpoint/inspect';

import { directoryToFill } from '../directory.js';
import type { Output } from '../Output.js';
import { readInput } from '../readInput.js';
import { writeJson } from '../writeJson.js';
import { writeSavepoint } from '../writeSavepoint.js';

export async function importFrom(
  output: Output,
  path: string,
  file: string,
  options: { readonly json?: boolean; readonly as: string },
): Promise<void> {
  const storage = await directoryToFill(path);
  const savepoint = await importCheckpoint(storage, await readInput(file), { name: options.as });
  if (options.json) return writeJson(output, { savepoint: { ...savepoint } });
  await writeSavepoint(output, savepoint);
}
