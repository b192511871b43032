import { open, rename, rm, stat } from 'node:fs/promises';

import { exportCheckpoint } from 'rxjs-checkpoint/inspect';

import { directoryToRead } from '../directory.js';
import { formatBytes } from '../formatting.js';
import type { Output } from '../Output.js';
import { UsageError } from '../UsageError.js';

export async function exportTo(
  output: Output,
  path: string,
  id: string,
  file: string,
  options: { readonly force?: boolean },
): Promise<void> {
  if (file === '-' && output.isTerminal)
    throw new UsageError('These bytes are not for a terminal. Give a file, or pipe them on.');
  if (file !== '-' && options.force !== true && (await exists(file)))
    throw new Error(`${file} is there already. Choose another name, or overwrite it with --force.`);
  const bytes = await exportCheckpoint(await directoryToRead(path), id);
  if (file === '-') return output.write(bytes);
  await writeWhole(file, bytes);
  await output.line(`Wrote ${file} (${formatBytes(bytes.length)}).`);
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}

/** All of it or nothing, whenever the process is killed. */
async function writeWhole(path: string, bytes: Uint8Array): Promise<void> {
  const temporary = `${path}.${process.pid}.tmp`;
  try {
    const handle = await open(temporary, 'wx');
    try {
      await handle.writeFile(bytes);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}
