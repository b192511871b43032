import { readdir, readFile, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';

import type { CheckpointStorage } from 'rxjs-checkpoint';
import { fileStorage } from 'rxjs-checkpoint/node';

import { UsageError } from './UsageError.js';

/**
 * The checkpoints in a directory, to look at: nothing is created, locked or written, so it may be read-only.
 *
 * @throws UsageError when there is no such directory
 */
export async function directoryToRead(path: string): Promise<CheckpointStorage> {
  const directory = await existing(path);
  const refuse = (): Promise<never> => Promise.reject(new Error('nothing is changed by looking'));
  return {
    description: `files in ${directory}`,
    read: async (name) => {
      try {
        return new Uint8Array(await readFile(join(directory, name)));
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
        throw error;
      }
    },
    list: async () => {
      const entries = await readdir(directory, { withFileTypes: true });
      return entries.filter((entry) => entry.isFile() && !entry.name.startsWith('.')).map((entry) => entry.name);
    },
    write: refuse,
    remove: refuse,
  };
}

/** @throws UsageError when there is no such directory */
export async function directoryToChange(path: string): Promise<CheckpointStorage> {
  return fileStorage(await existing(path));
}

/** The same, and it is created when something is put into it. @throws UsageError when it is a file */
export async function directoryToFill(path: string): Promise<CheckpointStorage> {
  const directory = resolve(path);
  await isThere(directory);
  return fileStorage(directory);
}

async function existing(path: string): Promise<string> {
  const directory = resolve(path);
  if (!(await isThere(directory)))
    throw new UsageError(`There is no directory ${directory}. Give the one that fileStorage() was given.`);
  return directory;
}

async function isThere(directory: string): Promise<boolean> {
  const found = await stat(directory).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return null;
    throw error;
  });
  if (found?.isDirectory() === false)
    throw new UsageError(
      `${directory} is a file. Give the directory of the checkpoints, the one that fileStorage() was given.`,
    );
  return found !== null;
}
