import { randomUUID } from 'node:crypto';
import { join } from 'node:path';

import type { PosixFiles } from '../io/PosixFiles.js';
import { attempt } from '../storage/attempt.js';
import { checkName, isName } from '../storage/checkName.js';
import type { CheckpointStorage, LockOptions, StorageLock } from '../storage/CheckpointStorage.js';
import { createDirectory } from './createDirectory.js';
import { DirectoryClaim } from './DirectoryClaim.js';
import { hasCode } from './ignoring.js';
import type { DirectoryLock } from './lockDirectory.js';
import { lockDirectory } from './lockDirectory.js';
import { syncDirectory } from './syncDirectory.js';
import { writeDurably } from './writeDurably.js';

/** A reason of a StorageError, which says what could not be done. */
class NoDirectoryError extends Error {
  constructor(cause: unknown) {
    super('there is a file where this directory, or one above it, has to be', { cause });
  }
}

/** Tells this process's temporary files from those of dead ones. */
const processToken = randomUUID();
let temporaryFiles = 0;

/** Checkpoints as files of one directory, which is created with its parents when it is first needed. */
export class DirectoryStorage implements CheckpointStorage {
  readonly description: string;
  private readonly writes = new Set<Promise<void>>();
  private created: Promise<void> | undefined;
  /** Given back, but not yet free. */
  private lingering: DirectoryLock | undefined;

  /** @param directory - an absolute path. */
  constructor(
    private readonly directory: string,
    private readonly files: PosixFiles,
  ) {
    this.description = `files in ${directory}`;
  }

  read(name: string): Promise<Uint8Array | undefined> {
    return this.attempt('read', name, async (path) => {
      try {
        const { buffer, byteOffset, length } = await this.files.readFile(path);
        return new Uint8Array(buffer, byteOffset, length);
      } catch (error) {
        if (hasCode(error, 'ENOENT')) return undefined;
        throw error;
      }
    });
  }

  write(name: string, bytes: Uint8Array): Promise<void> {
    const written = this.attempt('write', name, async (path) => {
      await this.create();
      const temporaryPath = join(this.directory, `.${name}.${processToken}.${temporaryFiles++}.tmp`);
      await writeDurably(this.files, { path, bytes, temporaryPath });
    });
    return this.underWay(written);
  }

  remove(name: string): Promise<void> {
    return this.attempt('remove', name, (path) => this.files.rm(path, { force: true }));
  }

  async list(): Promise<string[]> {
    return attempt({ storage: this.description, operation: 'list' }, async () => {
      await this.create();
      const entries = await this.files.readdir(this.directory, { withFileTypes: true });
      return entries.filter((entry) => entry.isFile() && isName(entry.name)).map((entry) => entry.name);
    });
  }

  identify(name: string): Promise<string | undefined> {
    return this.attempt('read', name, async (path) => {
      try {
        const { ino, size, mtimeNs, ctimeNs } = await this.files.stat(path, { bigint: true });
        return [ino, size, mtimeNs, ctimeNs].join();
      } catch (error) {
        if (hasCode(error, 'ENOENT')) return undefined;
        throw error;
      }
    });
  }

  async lock({ steal = false }: LockOptions = {}): Promise<StorageLock> {
    return attempt({ storage: this.description, operation: 'lock' }, async () => {
      await this.create();
      const lock = (await this.takeLingering()) ?? (await this.takeLock(steal));
      const { description, directory, files } = this;
      try {
        await this.removeStaleFiles();
        // A file whose writer was killed before this has a name that a power failure may still take away, after it was read.
        await syncDirectory(files, directory);
      } catch (error) {
        // Whoever tries again has to find it free.
        await this.release(lock).catch(() => {});
        throw error;
      }
      return new DirectoryClaim(lock, {
        description,
        directory,
        files,
        underWay: (write) => this.underWay(write),
        release: () => this.release(lock),
      });
    });
  }

  private takeLock(steal: boolean): Promise<DirectoryLock> {
    return lockDirectory(this.directory, this.description, { files: this.files, steal });
  }

  /** Unless it was taken away meanwhile. */
  private async takeLingering(): Promise<DirectoryLock | undefined> {
    const lock = this.lingering;
    this.lingering = undefined;
    return lock === undefined || (await lock.loss()) !== undefined ? undefined : lock;
  }

  private async underWay(write: Promise<void>): Promise<void> {
    this.writes.add(write);
    try {
      await write;
    } finally {
      this.writes.delete(write);
    }
  }

  /**
   * A write that somebody gave up waiting for may still land. Until then other processes are kept out; whoever has this
   * object may lock it again.
   */
  private async release(lock: DirectoryLock): Promise<void> {
    if (this.writes.size === 0) return lock.release();
    this.lingering = lock;
    void Promise.allSettled(this.writes).then(async () => {
      if (this.lingering !== lock) return;
      this.lingering = undefined;
      await lock.release().catch(() => undefined); // it goes with the process at the latest
    });
  }

  /** Once only: a directory that vanishes later took checkpoints with it, and must not be replaced by an empty one. */
  private create(): Promise<void> {
    this.created ??= createDirectory(this.files, this.directory).catch((error: unknown) => {
      this.created = undefined;
      throw hasCode(error, 'EEXIST', 'ENOTDIR') ? new NoDirectoryError(error) : error;
    });
    return this.created;
  }

  /** What dead processes had begun to write; nobody else writes while this process has the lock. */
  private async removeStaleFiles(): Promise<void> {
    for (const name of await this.files.readdir(this.directory)) {
      const isStale = name.startsWith('.') && name.endsWith('.tmp') && !name.includes(processToken);
      if (isStale) await this.files.rm(join(this.directory, name), { force: true });
    }
  }

  private attempt<R>(
    operation: 'read' | 'write' | 'remove',
    target: string,
    work: (path: string) => Promise<R>,
  ): Promise<R> {
    return attempt({ storage: this.description, operation, target }, () => {
      checkName(target);
      return work(join(this.directory, target));
    });
  }
}
