import type { LocalForageInstance } from '../../src/localforage/localForageStorage.js';
import { localForageStorage } from '../../src/localforage/localForageStorage.js';
import type { NamedLock } from '../../src/localforage/lockByName.js';
import type { CheckpointStorage, StorageLock } from '../../src/storage/CheckpointStorage.js';
import { CLAIM, SimulatedDatabase } from './SimulatedDatabase.js';
import type { DiskUser, MountedDisk, MountOptions, SimulatedDisk } from './SimulatedDisk.js';
import { TabCalls } from './TabCalls.js';
import { webLocksOf } from './WebLocks.js';
import { withLock } from './withLock.js';

/** What `localForageStorage` is, on a database of which each life is another tab. */
export class LocalForageDisk implements SimulatedDisk {
  private readonly database = new SimulatedDatabase();
  /** A claim can only be asked for. */
  readonly fencesAtOnce = false;

  /** @param hasWebLocks - else a lock covers one tab only, and what is on record is all that others see of it. */
  constructor(private readonly hasWebLocks: boolean) {}

  get files(): ReadonlyMap<string, Uint8Array> {
    return this.database.files();
  }

  damage(name: string, bytes: Uint8Array): void {
    this.database.put(name, bytes);
  }

  /** What a transaction has done stays, and the tabs, which have died by now, have left nothing half done. */
  crash(): void {}

  mount(user: DiskUser, { random, faults }: MountOptions): MountedDisk {
    return new MountedTab(this.database, new TabCalls({ user, random, faults }), user, this.hasWebLocks);
  }
}

let tabs = 0;

class MountedTab implements MountedDisk {
  readonly storage: CheckpointStorage;
  /** Set to `globalThis.navigator` as long as it is this tab that runs. */
  private readonly navigator: object | undefined;
  /** Of a realm, which goes with the tab. */
  private realmLock: NamedLock | null = null;

  constructor(
    private readonly database: SimulatedDatabase,
    private readonly calls: TabCalls,
    user: DiskUser,
    hasWebLocks: boolean,
  ) {
    this.navigator = hasWebLocks ? { locks: webLocksOf(database.locks, calls) } : undefined;
    // All tabs are in one realm here, so that each has another name for its database where locks are those of a realm.
    const name = hasWebLocks ? 'jobs' : `jobs of tab ${tabs++}`;
    const storage = localForageStorage(instanceIn(database, calls, user, name));
    this.storage = hasWebLocks ? storage : noticing(storage, (lock) => (this.realmLock = realmLockOf(lock)));
  }

  get isBusy(): boolean {
    return this.calls.areWaiting;
  }

  use(): void {
    const { navigator } = this;
    Object.defineProperty(globalThis, 'navigator', { value: navigator, configurable: true });
  }

  settleOne(): void {
    this.calls.settleOne();
  }

  kill(): void {
    this.calls.die();
    this.database.locks.leave(this.calls);
    void this.realmLock?.release();
    this.realmLock = null;
  }
}

/** As IndexedDB has it: each call is a transaction, of which all is done or nothing. */
function instanceIn(database: SimulatedDatabase, calls: TabCalls, user: DiskUser, name: string): LocalForageInstance {
  const put = (key: string, value: unknown): unknown => {
    database.set(key, value);
    if (key === CLAIM) user.claimed();
    return value;
  };
  return {
    ready: () => calls.make({ method: 'ready', work: () => undefined }),
    keys: () => calls.make({ method: 'keys', work: () => database.keys() }),
    getItem: (key) => calls.make({ method: 'getItem', work: () => database.get(key) }),
    setItem: (key, value) => calls.make({ method: 'setItem', work: () => put(key, value) }),
    removeItem: (key) => calls.make({ method: 'removeItem', work: () => database.remove(key) }),
    driver: () => 'asyncStorage',
    config: () => ({ name, storeName: 'checkpoints' }),
  };
}

/** @param onLock - told of each lock that somebody gets. */
function noticing(storage: CheckpointStorage, onLock: (lock: StorageLock) => void): CheckpointStorage {
  return withLock(storage, async (options) => {
    const lock = await storage.lock!(options);
    onLock(lock);
    return lock;
  });
}

/** Nobody gives back the lock of a realm that is gone, and the realm of the simulation, which has all of them, would keep them. */
function realmLockOf(claim: StorageLock): NamedLock {
  return (claim as unknown as { readonly lock: NamedLock }).lock;
}
