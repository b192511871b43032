import type { Savepoint } from 'rxjs-checkpoint';

import { formatBytes } from './formatting.js';
import type { Output } from './Output.js';

/** Tells of a savepoint that was written, and what to do with it. */
export async function writeSavepoint(output: Output, savepoint: Savepoint): Promise<void> {
  const { name, checkpointId, sizeBytes } = savepoint;
  await output.line(
    `Wrote savepoint ${output.style('bold', name)} of checkpoint ${checkpointId} (${formatBytes(sizeBytes)}).`,
  );
  output.say(`A job begins with it when it is told to: recover(pipeline$, { from: '${name}' }).`);
}
