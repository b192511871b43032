import { dirname } from 'node:path';

import type { PosixFiles } from '../io/PosixFiles.js';
import { ignoring } from './ignoring.js';
import { syncDirectory } from './syncDirectory.js';

/**
 * Creates a directory and its missing parents, durably: a file in it is lost with any of them. Those that are there are
 * synced as well, since who created them may have been killed before they were durable.
 */
export async function createDirectory(files: PosixFiles, path: string): Promise<void> {
  const first = await files.mkdir(path, { recursive: true });
  const isCreated = (directory: string): boolean => first !== undefined && directory.length >= first.length;
  for (let directory = path, parent = dirname(path); parent !== directory; parent = dirname(directory)) {
    const synced = syncDirectory(files, parent);
    // Who may not read an older parent cannot sync it, and has created nothing in it.
    await (isCreated(directory) ? synced : ignoring(['EACCES', 'EPERM'], synced));
    directory = parent;
  }
}
