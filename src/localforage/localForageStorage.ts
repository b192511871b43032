import localforage from 'localforage';

import { StorageLockedError } from '../errors/StorageLockedError.js';
import { attempt } from '../storage/attempt.js';
import { checkName, isName } from '../storage/checkName.js';
import type { CheckpointStorage, LockOptions, StorageLock } from '../storage/CheckpointStorage.js';
import { coversOrigin, lockByName } from './lockByName.js';
import type { ClaimRecord } from './StoreClaim.js';
import { OTHER_JOB, StoreClaim } from './StoreClaim.js';

/** What is needed of a localforage instance. */
export interface LocalForageInstance {
  getItem(key: string): Promise<unknown>;
  setItem(key: string, value: unknown): Promise<unknown>;
  removeItem(key: string): Promise<void>;
  keys(): Promise<string[]>;
  ready(): Promise<void>;
  driver(): string;
  config(): LocalForageOptions;
}

/** The options of `localforage.createInstance`. */
export interface LocalForageOptions {
  readonly name?: string;
  readonly storeName?: string;
  readonly driver?: string | string[];
  readonly size?: number;
  readonly version?: number;
  readonly description?: string;
}

/** Keeps other data in the same instance apart from ours. */
const PREFIX = 'rxjs-checkpoint/';
/** Who has claimed the instance; the dot keeps it apart from names. */
const CLAIM = `${PREFIX}.claim`;

/**
 * Keeps checkpoints in a localforage instance: IndexedDB in browsers, or whatever driver it has. The instance may hold
 * other data too.
 *
 * A write is one transaction, as durable as the driver makes it. The lock is a Web Lock where there are such: it covers
 * all tabs and workers of the origin, and goes with the tab that has it. Elsewhere (without HTTPS, for example) it covers
 * this realm only: of two tabs the one that started last goes on, and the other finds out at its next checkpoint.
 *
 * @param instanceOrOptions - an instance, or the options to create one with.
 */
export function localForageStorage(instanceOrOptions: LocalForageInstance | LocalForageOptions): CheckpointStorage {
  return new LocalForageStorage(isInstance(instanceOrOptions) ? instanceOrOptions : create(instanceOrOptions));
}

function isInstance(candidate: LocalForageInstance | LocalForageOptions): candidate is LocalForageInstance {
  return 'getItem' in candidate;
}

function create(options: LocalForageOptions): LocalForageInstance {
  return localforage.createInstance({ ...options });
}

class LocalForageStorage implements CheckpointStorage {
  readonly description: string;

  constructor(private readonly instance: LocalForageInstance) {
    const { name, storeName } = instance.config();
    this.description = `localforage ${name}/${storeName}`;
  }

  read(name: string): Promise<Uint8Array | undefined> {
    return this.attempt('read', name, async (key) => bytesOf(await this.instance.getItem(key)));
  }

  write(name: string, bytes: Uint8Array): Promise<void> {
    return this.attempt('write', name, async (key) => {
      // A copy, since a view would be stored with all of the buffer behind it.
      await this.instance.setItem(key, new Uint8Array(bytes));
    });
  }

  remove(name: string): Promise<void> {
    return this.attempt('remove', name, (key) => this.instance.removeItem(key));
  }

  list(): Promise<string[]> {
    return attempt({ storage: this.description, operation: 'list' }, async () => {
      const keys = await this.instance.keys();
      return keys
        .filter((key) => key.startsWith(PREFIX))
        .map((key) => key.slice(PREFIX.length))
        .filter(isName);
    });
  }

  lock({ steal = false }: LockOptions = {}): Promise<StorageLock> {
    return attempt({ storage: this.description, operation: 'lock' }, async () => {
      await this.instance.ready();
      const { name, storeName } = this.instance.config();
      const isCovered = coversOrigin();
      const lock = await lockByName(PREFIX + JSON.stringify([this.instance.driver(), name, storeName]), steal);
      if (lock === undefined) throw new StorageLockedError({ storage: this.description, owner: OTHER_JOB });
      return StoreClaim.enter(lock, this.claimRecord(), steal || !isCovered);
    });
  }

  private claimRecord(): ClaimRecord {
    const { description, instance } = this;
    return {
      description,
      read: () => instance.getItem(CLAIM),
      write: async (token) => void (await instance.setItem(CLAIM, token)),
      remove: () => instance.removeItem(CLAIM),
    };
  }

  private attempt<R>(
    operation: 'read' | 'write' | 'remove',
    target: string,
    work: (key: string) => Promise<R>,
  ): Promise<R> {
    return attempt({ storage: this.description, operation, target }, () => {
      checkName(target);
      return work(PREFIX + target);
    });
  }
}

/** What is not bytes any more is given as none, for the damage to be found and told. */
function bytesOf(value: unknown): Uint8Array | undefined {
  if (value === null || value === undefined) return undefined;
  return ArrayBuffer.isView(value)
    ? new Uint8Array(value.buffer, value.byteOffset, value.byteLength)
    : new Uint8Array(0);
}
