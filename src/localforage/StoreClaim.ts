import { ClaimLostError } from '../errors/ClaimLostError.js';
import { attempt } from '../storage/attempt.js';
import type { StorageLock } from '../storage/CheckpointStorage.js';
import type { NamedLock } from './lockByName.js';

/** What is needed of the store that is claimed. */
export interface ClaimRecord {
  readonly description: string;
  read(): Promise<unknown>;
  write(token: string): Promise<void>;
  remove(): Promise<void>;
}

export const OTHER_JOB = 'another job, in this or another tab or worker';

/**
 * A claim on a store: a lock, and a record of it in the store. Of a lock that was stolen one may hear late, or, where
 * there are no Web Locks, never. But what a database does is in order: whoever finds its own record there after a write
 * knows that a later owner, who writes his record before he reads, finds what was written.
 */
export class StoreClaim implements StorageLock {
  private readonly controller = new AbortController();
  private isReleased = false;

  private constructor(
    private readonly lock: NamedLock,
    private readonly record: ClaimRecord,
    private readonly token: string,
    readonly isContested: boolean,
  ) {
    lock.onStolen = () => void this.losing(OTHER_JOB);
  }

  /** @param wasTaken - whether whoever is on record may be alive. */
  static async enter(
    lock: NamedLock,
    record: ClaimRecord,
    wasTaken: (isOnRecord: boolean) => boolean,
  ): Promise<StoreClaim> {
    const token = Array.from(crypto.getRandomValues(new Uint32Array(4)), (n) => n.toString(36)).join('-');
    try {
      const isContested = wasTaken(typeof (await record.read()) === 'string');
      await record.write(token);
      return new StoreClaim(lock, record, token, isContested);
    } catch (error) {
      await lock.release();
      throw error;
    }
  }

  get lost(): AbortSignal {
    return this.controller.signal;
  }

  async confirm(): Promise<void> {
    this.lost.throwIfAborted();
    const { description } = this.record;
    const onRecord = await attempt({ storage: description, operation: 'confirm' }, () => this.record.read());
    if (onRecord !== this.token) this.losing(typeof onRecord === 'string' ? OTHER_JOB : undefined);
    this.lost.throwIfAborted();
  }

  async release(): Promise<void> {
    if (this.isReleased) return;
    this.isReleased = true;
    try {
      if (!this.lost.aborted && (await this.record.read()) === this.token) await this.record.remove();
    } finally {
      await this.lock.release();
    }
  }

  private losing(owner: string | undefined): void {
    this.controller.abort(new ClaimLostError({ storage: this.record.description, owner }));
  }
}
