import { dirname } from 'node:path';

import type { PosixFiles } from '../io/PosixFiles.js';
import { syncDirectory } from './syncDirectory.js';

/**
 * Replaces a file, so that a reader sees the old bytes or the new ones, also after a crash between any two of these
 * steps: the bytes are durable before they get the name, and the name is durable before this resolves.
 */
export async function writeDurably(
  files: PosixFiles,
  { path, bytes, temporaryPath }: { path: string; bytes: Uint8Array; temporaryPath: string },
): Promise<void> {
  try {
    const handle = await files.open(temporaryPath, 'wx');
    try {
      await handle.writeFile(bytes);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await files.rename(temporaryPath, path);
  } catch (error) {
    await files.rm(temporaryPath, { force: true }).catch(() => undefined); // the first error is the one to tell
    throw error;
  }
  await syncDirectory(files, dirname(path));
}
