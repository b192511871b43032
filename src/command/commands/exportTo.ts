import { open, rename, rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';

import { exportCheckpoint } from 'rxjs-checkpoint/inspect';

import { directoryToRead } from '../directory.js';
import { formatBytes } from '../formatting.js';
import type { Output } from '../Output.js';
import { UsageError } from '../UsageError.js';
import { writeJson } from '../writeJson.js';

export async function exportTo(
  output: Output,
  path: string,
  id: string,
  file: string,
  options: { readonly force?: boolean; readonly json?: boolean },
): Promise<void> {
  if (file === '-' && output.isTerminal)
    throw new UsageError('These bytes are not for a terminal. Give a file, or pipe them on.');
  if (file === '-' && options.json === true)
    throw new UsageError('The bytes and JSON cannot both go to standard output. Give a file, or leave out --json.');
  if (file !== '-' && options.force !== true && (await exists(file)))
    throw new Error(`${file} is there already. Choose another name, or overwrite it with --force.`);
  const bytes = await exportCheckpoint(await directoryToRead(path), id);
  if (file === '-') return output.write(bytes);
  await writeWhole(file, bytes);
  if (options.json) return writeJson(output, { file, sizeBytes: bytes.length });
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
    throw new Error(`${path} could not be written: ${explained(error as NodeJS.ErrnoException, path)}.`, {
      cause: error,
    });
  }
}

/** What is written is a file beside it, of which nobody knows. */
function explained({ code, message }: NodeJS.ErrnoException, path: string): string {
  if (code === 'ENOENT' || code === 'ENOTDIR') return `there is no directory ${dirname(path)}`;
  if (code === 'EISDIR') return 'it is a directory';
  return message.replace(/, \w+( '.*)?$/, '');
}
