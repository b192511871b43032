import type { TabCalls } from './TabCalls.js';

/** A lock that a tab has. */
interface Holder {
  readonly tab: TabCalls;
  isStolen: boolean;
  /** Told in the tab that had it. */
  onStolen: () => void;
}

/** The Web Locks of an origin: all of its tabs see them, and a tab that dies leaves none. */
export class LocksOfOrigin {
  private readonly holders = new Map<string, Holder>();

  /** @returns null when another one has it, and it is not to be stolen. */
  take(name: string, tab: TabCalls, steals: boolean): Holder | null {
    const before = this.holders.get(name);
    if (before !== undefined && !steals) return null;
    const holder: Holder = { tab, isStolen: false, onStolen: () => {} };
    this.holders.set(name, holder);
    if (before !== undefined) {
      before.isStolen = true;
      // Whoever sleeps hears of it when it wakes up.
      before.tab.hear(() => before.onStolen());
    }
    return holder;
  }

  giveBack(name: string, holder: Holder): void {
    if (this.holders.get(name) === holder) this.holders.delete(name);
  }

  leave(tab: TabCalls): void {
    for (const [name, holder] of this.holders) if (holder.tab === tab) this.holders.delete(name);
  }
}

/** `navigator.locks`, as far as it is used. */
export function webLocksOf(origin: LocksOfOrigin, tab: TabCalls) {
  return {
    async request(
      name: string,
      options: { readonly ifAvailable?: boolean; readonly steal?: boolean },
      whileHeld: (lock: object | null) => Promise<void>,
    ): Promise<void> {
      const take = (): Holder | null => origin.take(name, tab, options.steal === true);
      const holder = await tab.make({ method: 'locks.request', work: take });
      if (holder === null) return whileHeld(null);
      const stolen = new Promise<never>((_, reject) => {
        const told = (): void => reject(new DOMException('The lock was stolen.', 'AbortError'));
        if (holder.isStolen) told();
        else holder.onStolen = told;
      });
      try {
        await Promise.race([whileHeld({ name }), stolen]);
      } finally {
        origin.giveBack(name, holder);
      }
    },
  };
}
