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
  private isSettled = false;

  private constructor(
    private readonly lock: NamedLock,
    private readonly record: ClaimRecord,
    private readonly onRecord: string,
    readonly contested: number,
  ) {
    const stolen = (): void => void this.losing(OTHER_JOB);
    lock.onStolen = stolen;
  }

  /** @param mayLive - whether whoever is on record may be alive. */
  static async enter(lock: NamedLock, record: ClaimRecord, mayLive: boolean): Promise<StoreClaim> {
    const token = Array.from(crypto.getRandomValues(new Uint32Array(4)), (n) => n.toString(36)).join('-');
    try {
      const before = await record.read();
      const left = typeof before === 'string' ? contestedIn(before) : 0;
      const contested = typeof before === 'string' && (mayLive || left > 0) ? left + 1 : 0;
      const onRecord = `${contested} ${token}`;
      await record.write(onRecord);
      return new StoreClaim(lock, record, onRecord, contested);
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
    const found = await attempt({ storage: description, operation: 'confirm' }, () => this.record.read());
    if (found !== this.onRecord) this.losing(typeof found === 'string' ? OTHER_JOB : undefined);
    this.lost.throwIfAborted();
  }

  settle(): void {
    this.isSettled = true;
  }

  async release(): Promise<void> {
    if (this.isReleased) return;
    this.isReleased = true;
    try {
      // Who has come after others and has settled nothing leaves the record for the next to know.
      const isClean = this.contested === 0 || this.isSettled;
      if (isClean && !this.lost.aborted) await this.leaveNoRecord();
    } finally {
      await this.lock.release();
    }
  }

  private leaveNoRecord(): Promise<void> {
    const { record, onRecord } = this;
    return attempt({ storage: record.description, operation: 'release' }, async () => {
      if ((await record.read()) === onRecord) await record.remove();
    });
  }

  private losing(owner: string | undefined): void {
    this.controller.abort(new ClaimLostError({ storage: this.record.description, owner }));
  }
}

function contestedIn(record: string): number {
  return Number(/^\d+(?= )/.exec(record)?.[0] ?? 0);
}
