import { resolve } from 'node:path';

import { importCheckpoint } from 'rxjs-checkpoint/inspect';
import { fileStorage } from 'rxjs-checkpoint/node';

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
  const bytes = await readInput(file);
  // A new place to run in may not be there yet.
  const savepoint = await importCheckpoint(fileStorage(resolve(path)), bytes, { name: options.as });
  if (options.json) return writeJson(output, { savepoint: { ...savepoint } });
  await writeSavepoint(output, savepoint);
}
