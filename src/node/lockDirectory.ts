/**
 * One writer for a directory. The lock is a directory `.lock` with one directory in it, the claim: its name is unique,
 * and it has a file that tells who the owner is. That makes every step conditional on what it is about, so that no
 * interleaving of any number of processes, killed or stopped anywhere, has two owners that can write, or none that can be:
 * - It is taken by renaming a complete directory to `.lock`, which fails unless that is absent or empty.
 * - A dead owner is evicted by renaming *its* claim away: who comes late finds that gone and looks again.
 * - What the owner writes comes into being within its claim, and is renamed out of there. Whoever takes the lock has
 *   removed all other claims first, so that a rename of an owner that was only thought to be dead fails by itself.
 * - A kill leaves a complete lock of a dead owner, an empty `.lock`, or a directory that nobody minds.
 */
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';

import { ClaimLostError } from '../errors/ClaimLostError.js';
import { StorageLockedError } from '../errors/StorageLockedError.js';
import type { PosixFiles } from '../io/PosixFiles.js';
import type { LockOptions } from '../storage/CheckpointStorage.js';
import { hasCode, ignoring } from './ignoring.js';
import { nodePosixFiles } from './nodePosixFiles.js';
import type { ProcessIdentity } from './ProcessIdentity.js';
import { livenessOf, ownIdentity, parseIdentity } from './ProcessIdentity.js';

const LOCK = '.lock';
/** Claims on their way in or out. */
const CANDIDATE = '.lock-';
const OWNER = 'owner';
/** What renaming to a directory that is in use fails with, on one system or another. ENOENT: the candidate was cleared away. */
const TAKEN = ['ENOTEMPTY', 'EEXIST', 'EPERM', 'EACCES', 'ENOTDIR', 'ENOENT'];
const MAX_ATTEMPTS = 20;

export interface DirectoryLock {
  /** A directory for files on their way in and out. It is gone with the claim, and so is what is in it. */
  readonly claim: string;
  /** What has become of the claim; undefined while it holds. */
  loss(): Promise<ClaimLostError | undefined>;
  release(): Promise<void>;
}

export interface LockDirectoryOptions extends LockOptions {
  readonly files?: PosixFiles;
}

/**
 * Takes the lock, also from an owner that is dead.
 *
 * @throws StorageLockedError when a live process has it, this one included, or a process of another host
 */
export async function lockDirectory(
  directory: string,
  description: string,
  { files = nodePosixFiles, steal = false }: LockDirectoryOptions = {},
): Promise<DirectoryLock> {
  const lock = join(directory, LOCK);
  const token = randomUUID();
  const identity = JSON.stringify(await ownIdentity());
  const place: Place = { files, directory, lock, claim: join(lock, token), description };
  // Not from whoever comes meanwhile: two thieves would take it from each other for ever.
  const robbed = new Set(steal ? await namesIn(files, lock) : []);
  for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
    if (await enter(place, { token, identity })) {
      await removeCandidates(place);
      const loss = await lossOf(place); // Somebody may have been faster in removing this one.
      if (loss === undefined) return { claim: place.claim, loss: () => lossOf(place), release: () => leave(place) };
    }
    await evict(place, robbed);
  }
  // Several who take it at the same time, and evict each other over and over: one of them has it in the end.
  if (steal) throw new StorageLockedError({ storage: description, owner: 'somebody who takes it at the same time' });
  throw new Error(`${lock} cannot be replaced, although its owner is dead`);
}

interface Place {
  readonly files: PosixFiles;
  readonly directory: string;
  readonly lock: string;
  readonly claim: string;
  readonly description: string;
}

/** @returns whether the lock is this process's now. */
async function enter(
  { files, directory, lock, claim }: Place,
  { token, identity }: { token: string; identity: string },
): Promise<boolean> {
  const candidate = join(directory, CANDIDATE + token);
  try {
    if (!(await createCandidate(files, join(candidate, token), identity))) return false;
    if (!(await replaceEmpty(files, lock, candidate))) return false;
    // A new owner may have cleared the candidate away just before, all but its directories.
    return (await readIdentity(files, claim)) !== undefined;
  } finally {
    await files.rm(candidate, { recursive: true, force: true });
  }
}

async function createCandidate(files: PosixFiles, claim: string, identity: string): Promise<boolean> {
  try {
    await files.mkdir(claim, { recursive: true });
    const file = await files.open(join(claim, OWNER), 'wx');
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

async function evict(place: Place, robbed: ReadonlySet<string>): Promise<void> {
  const { files, directory, lock } = place;
  for (const name of await namesIn(files, lock)) {
    if (!robbed.has(name)) await refuseLive(place, await readIdentity(files, join(lock, name)));
    await ignoring(['ENOENT'], files.rename(join(lock, name), join(directory, CANDIDATE + randomUUID())));
  }
}

async function refuseLive(place: Place, owner: ProcessIdentity | undefined): Promise<void> {
  // What makes no sense was cut off by a power failure: a process that runs wrote all of it before it took the lock.
  if (owner === undefined) return;
  const liveness = await livenessOf(owner);
  if (liveness !== 'dead') throw refusal(owner, liveness === 'elsewhere', place);
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

async function readIdentity(files: PosixFiles, claim: string): Promise<ProcessIdentity | undefined> {
  try {
    return parseIdentity(await files.readFile(join(claim, OWNER), 'utf8'));
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return undefined;
    // Before it became a directory, a claim was the owner's file.
    if (hasCode(error, 'ENOTDIR')) return readOldIdentity(files, claim);
    throw error;
  }
}

async function readOldIdentity(files: PosixFiles, claim: string): Promise<ProcessIdentity | undefined> {
  try {
    return parseIdentity(await files.readFile(claim, 'utf8'));
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return undefined;
    throw error;
  }
}

async function lossOf({ files, lock, claim, description }: Place): Promise<ClaimLostError | undefined> {
  if ((await readIdentity(files, claim)) !== undefined) return undefined;
  const [name] = await namesIn(files, lock);
  const owner = name === undefined ? undefined : await readIdentity(files, join(lock, name));
  return new ClaimLostError({ storage: description, owner: owner && nameOf(owner) });
}

function nameOf({ pid, host }: ProcessIdentity): string {
  return pid === process.pid ? 'another job of this process' : `process ${pid} of host '${host}'`;
}

function refusal(owner: ProcessIdentity, isElsewhere: boolean, { lock, description }: Place): StorageLockedError {
  if (isElsewhere) {
    const remedy = `Whether it still runs cannot be told from here. If that host or container is gone, remove ${lock}.`;
    return new StorageLockedError({ storage: description, owner: nameOf(owner), remedy });
  }
  const name = owner.pid === process.pid ? nameOf(owner) : `process ${owner.pid}`;
  return new StorageLockedError({ storage: description, owner: name });
}

/**
 * Claims of killed processes and of those that were evicted. It is the end of them: not until a directory is removed can
 * nothing be renamed out of it by somebody who has found it before it was moved. A candidate of a live process costs
 * that one another attempt, which finds the lock taken.
 */
async function removeCandidates({ files, directory }: Place): Promise<void> {
  for (const name of await files.readdir(directory))
    if (name.startsWith(CANDIDATE)) await removeAll(files, join(directory, name));
}

async function removeAll(files: PosixFiles, path: string): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await files.rm(path, { recursive: true, force: true });
    } catch (error) {
      // Its owner, evicted, has just begun another file in it.
      if (attempt === MAX_ATTEMPTS || !hasCode(error, 'ENOTEMPTY')) throw error;
    }
  }
}

async function leave({ files, lock, claim }: Place): Promise<void> {
  await removeAll(files, claim);
  await ignoring(TAKEN, files.rmdir(lock));
}
