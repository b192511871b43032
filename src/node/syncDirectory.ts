import type { PosixFiles } from '../io/PosixFiles.js';
import { hasCode } from './ignoring.js';

/** Makes the names in a directory durable: files that were created there, renamed or removed. */
export async function syncDirectory(files: PosixFiles, path: string): Promise<void> {
  // Windows cannot open directories, and its file system keeps names in its journal.
  if (process.platform === 'win32') return;
  const handle = await files.open(path, 'r');
  try {
    await handle.sync();
  } catch (error) {
    if (!hasCode(error, 'EINVAL', 'ENOTSUP')) throw error; // a file system that has nothing to sync
  } finally {
    await handle.close();
  }
}
