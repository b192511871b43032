/** A lock that is held in a realm or an origin, and goes with it. */
export interface NamedLock {
  /** Called when somebody steals it; at once if that has happened. */
  onStolen: () => void;
  release(): Promise<void>;
}

/** What is needed of `navigator.locks`. */
interface WebLocks {
  request(
    name: string,
    options: { readonly ifAvailable: true } | { readonly steal: true },
    whileHeld: (lock: object | null) => Promise<void>,
  ): Promise<void>;
}

/** Held by this realm, where there are no Web Locks. */
const held = new Map<string, HeldLock>();

/** Whether a lock covers all of the origin; else this realm only. */
export function coversOrigin(): boolean {
  return webLocks() !== undefined;
}

/** @returns undefined when somebody has it, and it is not to be stolen. */
export async function lockByName(name: string, steal: boolean): Promise<NamedLock | undefined> {
  const locks = webLocks();
  return locks === undefined ? lockInRealm(name, steal) : lockInOrigin(locks, name, steal);
}

function webLocks(): WebLocks | undefined {
  return (globalThis as { navigator?: { locks?: WebLocks } }).navigator?.locks;
}

function ignore(): void {}

class HeldLock implements NamedLock {
  private isStolen = false;
  private callback: () => void = ignore;

  constructor(private readonly letGo: () => Promise<void>) {}

  set onStolen(callback: () => void) {
    this.callback = callback;
    if (this.isStolen) callback();
  }

  stolen(): void {
    this.isStolen = true;
    this.callback();
  }

  async release(): Promise<void> {
    if (!this.isStolen) await this.letGo();
  }
}

function lockInRealm(name: string, steal: boolean): NamedLock | undefined {
  const owner = held.get(name);
  if (owner !== undefined && !steal) return undefined;
  const lock = new HeldLock(async () => {
    if (held.get(name) === lock) held.delete(name);
  });
  held.set(name, lock);
  owner?.stolen();
  return lock;
}

/** A Web Lock is held as long as the promise that its callback returned is pending. */
function lockInOrigin(locks: WebLocks, name: string, steal: boolean): Promise<NamedLock | undefined> {
  return new Promise((resolve, reject) => {
    let lock: HeldLock | undefined;
    const ended = locks.request(name, steal ? { steal } : { ifAvailable: true }, async (granted) => {
      if (granted === null) {
        resolve(undefined);
        return;
      }
      await new Promise<void>((letGo) => {
        lock = new HeldLock(async () => {
          letGo();
          await ended.catch(() => undefined); // stolen just now
        });
        resolve(lock);
      });
    });
    ended.catch((error: Error) => {
      if (lock === undefined) reject(error);
      else lock.stolen();
    });
  });
}
