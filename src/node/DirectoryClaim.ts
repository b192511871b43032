import { randomUUID } from 'node:crypto';
import { join } from 'node:path';

import type { ClaimLostError } from '../errors/ClaimLostError.js';
import type { PosixFiles } from '../io/PosixFiles.js';
import { attempt } from '../storage/attempt.js';
import { checkName } from '../storage/checkName.js';
import type { StorageLock } from '../storage/CheckpointStorage.js';
import { ignoring } from './ignoring.js';
import type { DirectoryLock } from './lockDirectory.js';
import { writeDurably } from './writeDurably.js';

export interface DirectoryClaimOptions {
  readonly description: string;
  readonly directory: string;
  readonly files: PosixFiles;
  /** Told of each write. */
  readonly underWay: (write: Promise<void>) => Promise<void>;
  readonly release: () => Promise<void>;
}

/**
 * Writes to a directory as long as its lock is held: what is written comes out of the claim, and what is removed goes
 * into it, by a rename that finds no claim when it is lost. So asking and doing are one system call.
 */
export class DirectoryClaim implements StorageLock {
  private readonly controller = new AbortController();
  private isReleased = false;

  constructor(
    private readonly lock: DirectoryLock,
    private readonly options: DirectoryClaimOptions,
  ) {}

  get lost(): AbortSignal {
    return this.controller.signal;
  }

  async confirm(): Promise<void> {
    const { description } = this.options;
    const loss = await attempt({ storage: description, operation: 'confirm' }, () => this.lock.loss());
    if (loss !== undefined) throw this.losing(loss);
  }

  write(name: string, bytes: Uint8Array): Promise<void> {
    return this.attempt('write', name, (path) => {
      const { files, underWay } = this.options;
      return underWay(writeDurably(files, { path, bytes, temporaryPath: this.unique() }));
    });
  }

  remove(name: string): Promise<void> {
    return this.attempt('remove', name, async (path) => {
      const { files } = this.options;
      const removed = this.unique();
      await ignoring(['ENOENT'], files.rename(path, removed));
      // Where there is nothing, it was not there, or the claim is not.
      await ignoring(['ENOENT'], files.unlink(removed));
      await this.confirm();
    });
  }

  async release(): Promise<void> {
    if (this.isReleased) return;
    this.isReleased = true;
    await this.options.release();
  }

  private unique(): string {
    return join(this.lock.claim, randomUUID());
  }

  private attempt(operation: 'write' | 'remove', target: string, work: (path: string) => Promise<void>): Promise<void> {
    const { description, directory } = this.options;
    return attempt({ storage: description, operation, target }, async () => {
      checkName(target);
      this.lost.throwIfAborted();
      try {
        await work(join(directory, target));
      } catch (error) {
        await this.explain();
        throw error;
      }
    });
  }

  /** Whatever has failed, a lost claim is the better explanation. */
  private async explain(): Promise<void> {
    const loss = await this.lock.loss().catch(() => undefined);
    if (loss !== undefined) throw this.losing(loss);
  }

  private losing(loss: ClaimLostError): unknown {
    this.controller.abort(loss);
    return this.lost.reason;
  }
}
