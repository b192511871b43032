/**
 * Where checkpoints are kept: a flat space of named bytes.
 *
 * What every implementation promises, and the contract suite checks:
 * - `write` is atomic: a reader, also one that comes after a crash, sees the old bytes of that name or all of the new
 *   ones. When its promise resolves the bytes are as durable as the backend can make them.
 * - `write` has its own copy of `bytes` (or is done with them) when it returns its promise's result; `read` hands out
 *   bytes that the caller may keep, and change.
 * - `remove` of a name that is not there resolves.
 * - `list` gives every name whose `write` resolved and whose `remove` has not been asked for, in any order.
 */
export interface CheckpointStorage {
  /** For messages, e.g. `files in /var/lib/job/state`. */
  readonly description: string;

  /** The bytes under `name`, as a plain Uint8Array (no Buffer), or undefined when there are none. */
  read(name: string): Promise<Uint8Array | undefined>;

  /**
   * Replaces the bytes under `name`. Names are made of `a-z`, `0-9`, `-` and `.`, at most 64 characters, no leading dot;
   * a job gives no others, so what becomes of them is up to the storage.
   */
  write(name: string, bytes: Uint8Array): Promise<void>;

  remove(name: string): Promise<void>;

  list(): Promise<string[]>;

  /**
   * Claims the storage for one writer until the lock is released. Rejects with a `StorageLockedError` while a live
   * owner has it, unless the lock is to be stolen. A storage without `lock` leaves it to the user to start one job only.
   */
  lock?(options?: LockOptions): Promise<StorageLock>;

  /**
   * Tells what is under `name` from anything else that was or will be there, without reading it: an ETag, say.
   * Undefined when there is nothing. Only `cachedStorage` needs it, of the storage that it speeds up.
   */
  identify?(name: string): Promise<string | undefined>;
}

export interface LockOptions {
  /** Takes the claim from a live owner too, who loses it. Default: false. */
  readonly steal?: boolean;
}

/**
 * A claim on a storage. It can be lost: to somebody who steals it, or who found its owner dead when it only slept. All
 * but `release` is optional; the more of it there is, the less can happen then (docs/storage.md).
 */
export interface StorageLock {
  /** Gives the claim back; of no effect once it is lost, or was given back. */
  release(): Promise<void>;

  /** Aborted when the claim turns out to be lost; the reason is a `ClaimLostError`. */
  readonly lost?: AbortSignal;

  /**
   * Resolves when the claim still holds, and rejects with a `ClaimLostError` when it does not. Whatever was written
   * before the question, a later owner finds.
   */
  confirm?(): Promise<void>;

  /**
   * The storage's `write`, in one step with the question whether the claim holds: once somebody else has it, this
   * rejects with a `ClaimLostError`, and what it was to write is not there and never will be.
   */
  write?(name: string, bytes: Uint8Array): Promise<void>;

  /** The storage's `remove`, in the same way. */
  remove?(name: string): Promise<void>;

  /**
   * How many owners before, one after the other, may have writes that still land: they were alive perhaps, their writes
   * are not fenced, and none since has been settled. The ids of this one begin far above theirs.
   */
  readonly contested?: number;

  /** Told when a checkpoint of this claim is complete: later owners find its id, and begin above it. */
  settle?(): void;
}
