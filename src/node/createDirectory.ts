import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';

import { syncDirectory } from './syncDirectory.js';

/** Creates a directory and its missing parents, durably: a file in it is lost with any of them. */
export async function createDirectory(path: string): Promise<void> {
  const first = await mkdir(path, { recursive: true });
  if (first === undefined) return;
  for (let created = path; created.length >= first.length; created = dirname(created)) {
    await syncDirectory(dirname(created));
  }
}
