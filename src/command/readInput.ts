import { readFile } from 'node:fs/promises';
import { buffer } from 'node:stream/consumers';

import { UsageError } from './UsageError.js';

/** The bytes of a file, or of standard input for `-`. */
export async function readInput(path: string): Promise<Uint8Array> {
  if (path === '-') return new Uint8Array(await buffer(process.stdin));
  try {
    return new Uint8Array(await readFile(path));
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') throw new UsageError(`There is no file ${path}.`);
    if (code === 'EISDIR') throw new UsageError(`${path} is a directory. Give a file.`);
    throw error;
  }
}
