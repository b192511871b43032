import type { SchedulerLike } from 'rxjs';

/** How long it is until then, as RxJS's `timer` reads it: ms, or a Date; what has passed is now. */
export function msUntil(due: number | Date = 0, scheduler: SchedulerLike): number {
  const ms = due instanceof Date && !Number.isNaN(+due) ? +due - scheduler.now() : (due as number);
  return ms < 0 ? 0 : ms;
}
