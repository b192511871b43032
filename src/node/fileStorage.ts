import { resolve } from 'node:path';

import type { CheckpointStorage } from '../storage/CheckpointStorage.js';
import { DirectoryStorage } from './DirectoryStorage.js';
import { nodePosixFiles } from './nodePosixFiles.js';

/**
 * Keeps checkpoints as files of one directory, which is created with its parents when it is first needed.
 *
 * A write is durable when it resolves, and whole or not there at all, whenever the process or the machine dies. The lock
 * is taken from an owner that was killed, at once, and never from one that runs.
 */
export function fileStorage(directory: string): CheckpointStorage {
  if (typeof directory !== 'string' || directory === '')
    throw new TypeError("fileStorage needs the path of a directory, e.g. fileStorage('./state').");
  return new DirectoryStorage(resolve(directory), nodePosixFiles);
}
