import type { Observable, SchedulerLike } from 'rxjs';
import { filter, interval, map, Subscription } from 'rxjs';

/** The longest that `setTimeout` waits, almost 25 days: of anything longer Node and browsers make 1 ms. */
const LONGEST_MS = 2 ** 31 - 1;

/** Calls `work` after so many ms, however many these are; after Infinity never, without a timer. */
export function afterMs(ms: number, scheduler: SchedulerLike, work: () => void): Subscription {
  if (ms === Infinity) return new Subscription();
  const first = Math.min(ms, LONGEST_MS);
  return scheduler.schedule<number>(
    function (left = 0) {
      const next = Math.min(left, LONGEST_MS);
      if (next > 0) this.schedule(left - next, next);
      else work();
    },
    first,
    ms - first,
  );
}

/** RxJS's `interval`, of any finite length. */
export function intervalMs(ms: number, scheduler: SchedulerLike): Observable<number> {
  const parts = Math.ceil(ms / LONGEST_MS);
  if (parts === 1) return interval(ms, scheduler);
  return interval(ms / parts, scheduler).pipe(
    filter((part) => (part + 1) % parts === 0),
    map((_, n) => n),
  );
}
