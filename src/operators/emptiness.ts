import type { SyncSubscriber } from './base/SyncSubscriber.js';

/** What `defaultIfEmpty` and `throwIfEmpty` have in common: the state is whether there was a value. */
export const emptiness = {
  next(this: SyncSubscriber<unknown, unknown, boolean, unknown>, value: unknown): void {
    this.s = true;
    try {
      this.out.next(value);
    } catch (error) {
      this.dest.error(error);
    }
  },
  capture: (hasValue: boolean): { readonly hasValue: boolean } => ({ hasValue }),
  restore: ({ hasValue }: { readonly hasValue: boolean }): boolean => hasValue,
};
