/**
 * Where checkpoints are kept: a flat space of named bytes.
 *
 * What every implementation promises, and the contract suite checks:
 * - `write` is atomic: a reader, also one that comes after a crash, sees the old bytes of that name or all of the new
 *   ones. When its promise resolves the bytes are as durable as the backend can make them.
 * - `write` has its own copy of `bytes` (or is done with them) when it returns its promise's result; `read` hands out
 *   bytes that the caller may keep.
 * - `remove` of a name that is not there resolves.
 * - `list` gives every name whose `write` resolved and whose `remove` has not been asked for, in any order.
 */
export interface CheckpointStorage {
  /** For messages, e.g. `files in /var/lib/job/state`. */
  readonly description: string;

  /** The bytes under `name`, or undefined when there are none. */
  read(name: string): Promise<Uint8Array | undefined>;

  /** Replaces the bytes under `name`. Names are made of `a-z`, `0-9`, `-` and `.`, at most 64 characters, no leading dot. */
  write(name: string, bytes: Uint8Array): Promise<void>;

  remove(name: string): Promise<void>;

  list(): Promise<string[]>;

  /**
   * Claims the storage for one writer until the lock is released. Rejects with a `StorageLockedError` while a live
   * owner has it. A storage without `lock` leaves it to the user to start one job only.
   */
  lock?(): Promise<StorageLock>;
}

export interface StorageLock {
  release(): Promise<void>;
}
