import { renameOperator } from 'rxjs-checkpoint/inspect';

import { directoryToChange } from '../directory.js';
import type { Output } from '../Output.js';
import { writeJson } from '../writeJson.js';
import { writeSavepoint } from '../writeSavepoint.js';

export async function rename(
  output: Output,
  path: string,
  id: string,
  from: string,
  to: string,
  options: { readonly json?: boolean; readonly as: string },
): Promise<void> {
  const result = await renameOperator(await directoryToChange(path), id, { from, to, savepoint: options.as });
  if (options.json) return writeJson(output, result);
  for (const [old, young] of result.renamed) await output.line(`  ${old} -> ${young}`);
  await writeSavepoint(output, result.savepoint);
}
