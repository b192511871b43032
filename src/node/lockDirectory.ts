/**
 * One writer for a directory. The lock is a directory `.lock` with one file in it, whose name is unique and which tells
 * who the owner is. That makes every step conditional on what it is about, so that no interleaving of any number of
 * processes, killed anywhere, has two owners or none that can be:
 * - It is taken by renaming a complete directory to `.lock`, which fails unless that is absent or empty.
 * - A dead owner is evicted by removing *its* file: who comes late finds that gone and looks again.
 * - A kill leaves a complete lock of a dead owner, an empty `.lock`, or a directory that nobody minds.
 */
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';

import { StorageLockedError } from '../errors/StorageLockedError.js';
import type { PosixFiles } from '../io/PosixFiles.js';
import type { StorageLock } from '../storage/CheckpointStorage.js';
import { hasCode, ignoring } from './ignoring.js';
import { nodePosixFiles } from './nodePosixFiles.js';
import type { ProcessIdentity } from './ProcessIdentity.js';
import { livenessOf, ownIdentity, parseIdentity } from './ProcessIdentity.js';

const LOCK = '.lock';
const CANDIDATE = '.lock-';
/** What renaming to a directory that is in use fails with, on one system or another. ENOENT: the candidate was cleared away. */
const TAKEN = ['ENOTEMPTY', 'EEXIST', 'EPERM', 'EACCES', 'ENOTDIR', 'ENOENT'];
const MAX_ATTEMPTS = 20;

/**
 * Takes the lock, also from an owner that is dead.
 *
 * @throws StorageLockedError when a live process has it, this one included, or a process of another host
 */
export async function lockDirectory(
  directory: string,
  description: string,
  files: PosixFiles = nodePosixFiles,
): Promise<StorageLock> {
  const lock = join(directory, LOCK);
  const token = randomUUID();
  const candidate = join(directory, CANDIDATE + token);
  const identity = JSON.stringify(await ownIdentity());
  for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
    if (await enter(files, { candidate, lock, token, identity })) {
      await removeCandidates(files, directory);
      return { release: () => leave(files, lock, token) };
    }
    await evictDead(files, lock, description);
  }
  throw new Error(`${lock} cannot be replaced, although its owner is dead`);
}

/** @returns whether the lock is this process's now. */
async function enter(
  files: PosixFiles,
  paths: { candidate: string; lock: string; token: string; identity: string },
): Promise<boolean> {
  const { candidate, lock, token } = paths;
  try {
    if (!(await createCandidate(files, paths)) || !(await replaceEmpty(files, lock, candidate))) return false;
    // A new owner may have cleared the candidate away just before, all but the empty directory.
    return (await namesIn(files, lock)).includes(token);
  } finally {
    await files.rm(candidate, { recursive: true, force: true });
  }
}

async function createCandidate(
  files: PosixFiles,
  { candidate, token, identity }: { candidate: string; token: string; identity: string },
): Promise<boolean> {
  await files.mkdir(candidate);
  try {
    const file = await files.open(join(candidate, token), 'wx');
    try {
      await file.writeFile(identity);
      await file.sync();
    } finally {
      await file.close();
    }
    return true;
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return false;
    throw error;
  }
}

async function replaceEmpty(files: PosixFiles, lock: string, candidate: string): Promise<boolean> {
  // Windows does not rename to a directory that exists, even if it is empty.
  await ignoring(TAKEN, files.rmdir(lock));
  try {
    await files.rename(candidate, lock);
    return true;
  } catch (error) {
    if (hasCode(error, ...TAKEN)) return false;
    throw error;
  }
}

async function evictDead(files: PosixFiles, lock: string, description: string): Promise<void> {
  for (const name of await namesIn(files, lock)) {
    const owner = await readIdentity(files, join(lock, name));
    // What makes no sense was cut off by a power failure: a process that runs wrote all of it before it took the lock.
    const liveness = owner === undefined ? 'dead' : await livenessOf(owner);
    if (liveness !== 'dead') throw refusal(owner!, liveness === 'elsewhere', { lock, description });
    await ignoring(['ENOENT'], files.unlink(join(lock, name)));
  }
}

async function namesIn(files: PosixFiles, lock: string): Promise<string[]> {
  try {
    return await files.readdir(lock);
  } catch (error) {
    if (hasCode(error, 'ENOTDIR'))
      await files.unlink(lock); // a file of that name is none of ours
    else if (!hasCode(error, 'ENOENT')) throw error;
    return [];
  }
}

async function readIdentity(files: PosixFiles, path: string): Promise<ProcessIdentity | undefined> {
  try {
    return parseIdentity(await files.readFile(path, 'utf8'));
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return undefined;
    throw error;
  }
}

function refusal(
  { pid, host }: ProcessIdentity,
  isElsewhere: boolean,
  { lock, description }: { lock: string; description: string },
): StorageLockedError {
  if (isElsewhere) {
    const remedy = `Whether it still runs cannot be told from here. If that host or container is gone, remove ${lock}.`;
    return new StorageLockedError({ storage: description, owner: `process ${pid} of host '${host}'`, remedy });
  }
  const owner = pid === process.pid ? 'another job of this process' : `process ${pid}`;
  return new StorageLockedError({ storage: description, owner });
}

/** Leftovers of killed processes. One that belongs to a live process costs it another attempt, which finds the lock taken. */
async function removeCandidates(files: PosixFiles, directory: string): Promise<void> {
  for (const name of await files.readdir(directory)) {
    if (name.startsWith(CANDIDATE)) await files.rm(join(directory, name), { recursive: true, force: true });
  }
}

async function leave(files: PosixFiles, lock: string, token: string): Promise<void> {
  await ignoring(['ENOENT'], files.unlink(join(lock, token)));
  await ignoring(TAKEN, files.rmdir(lock));
}
