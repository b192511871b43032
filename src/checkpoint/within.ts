import type { SchedulerLike } from 'rxjs';

import { afterMs } from '../io/afterMs.js';

/** Resolves when `work` has ended, and at the latest after so many ms. */
export function within(ms: number, scheduler: SchedulerLike, work: Promise<unknown>): Promise<void> {
  return new Promise((resolve, reject) => {
    const timeout = afterMs(ms, scheduler, resolve);
    work.then(() => resolve(), reject).finally(() => timeout.unsubscribe());
  });
}

/** What `work` comes to; rejects with `failure` when that takes longer than so many ms. */
export function inTime<T>(ms: number, scheduler: SchedulerLike, work: Promise<T>, failure: () => Error): Promise<T> {
  return new Promise((resolve, reject) => {
    const timeout = afterMs(ms, scheduler, () => reject(failure()));
    work.then(resolve, reject).finally(() => timeout.unsubscribe());
  });
}
