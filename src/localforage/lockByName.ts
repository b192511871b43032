import type { StorageLock } from '../storage/CheckpointStorage.js';

/** What is needed of `navigator.locks`. */
interface WebLocks {
  request(
    name: string,
    options: { readonly ifAvailable: true },
    whileHeld: (lock: object | null) => Promise<void>,
  ): Promise<void>;
}

/** Held by this realm, where there are no Web Locks. */
const held = new Set<string>();

/** @returns undefined when somebody has it. */
export async function lockByName(name: string): Promise<StorageLock | undefined> {
  const locks = (globalThis as { navigator?: { locks?: WebLocks } }).navigator?.locks;
  return locks === undefined ? lockInRealm(name) : lockInOrigin(locks, name);
}

function lockInRealm(name: string): StorageLock | undefined {
  if (held.has(name)) return undefined;
  held.add(name);
  let isOurs = true;
  return {
    release: async () => {
      if (isOurs) held.delete(name);
      isOurs = false;
    },
  };
}

/** A Web Lock is held as long as the promise that its callback returned is pending. */
function lockInOrigin(locks: WebLocks, name: string): Promise<StorageLock | undefined> {
  return new Promise((resolve, reject) => {
    const ended = locks.request(name, { ifAvailable: true }, async (lock) => {
      if (lock === null) {
        resolve(undefined);
        return;
      }
      await new Promise<void>((letGo) => {
        const release = async (): Promise<void> => {
          letGo();
          await ended;
        };
        resolve({ release });
      });
    });
    ended.catch(reject);
  });
}
