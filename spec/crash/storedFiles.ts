import { readdir } from 'node:fs/promises';

import { checkpointIdOf } from '../../src/checkpoint/store/checkpointName.js';
import { findCheckpoints } from '../../src/checkpoint/store/findCheckpoints.js';
import { fileStorage } from '../../src/node/index.js';

/** What is in a storage directory whose owner is gone. */
export interface StoredFiles {
  /** Of the newest checkpoint; 0 when there is none. */
  readonly newestId: number;
  /** Checkpoints that cannot be read. */
  readonly damaged: readonly string[];
  /** Checkpoint files that no retained checkpoint refers to. */
  readonly unneeded: readonly string[];
  /** Of writes that were cut off. */
  readonly temporary: readonly string[];
  /** Of the lock. */
  readonly locks: readonly string[];
  /** Whatever else there is. */
  readonly unknown: readonly string[];
}

/** @param retained - how many checkpoints the job keeps. */
export async function storedFiles(directory: string, retained: number): Promise<StoredFiles> {
  const { intact, damages } = await findCheckpoints(fileStorage(directory), retained, () => false);
  const needed = new Set([...intact.values()].flatMap((packs) => [...packs]));
  const names = await readdir(directory);
  const isCheckpoint = (name: string): boolean => checkpointIdOf(name) !== undefined;
  const isTemporary = (name: string): boolean => /^\.checkpoint-.*\.tmp$/.test(name);
  const isLock = (name: string): boolean => name.startsWith('.lock');
  return {
    newestId: Math.max(0, ...intact.keys()),
    damaged: damages.map(({ name, problem }) => `${name} ${problem}`),
    unneeded: names.filter((name) => isCheckpoint(name) && !needed.has(checkpointIdOf(name)!)),
    temporary: names.filter(isTemporary),
    locks: names.filter(isLock),
    unknown: names.filter((name) => !isCheckpoint(name) && !isTemporary(name) && !isLock(name)),
  };
}
