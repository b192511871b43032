import type { SchedulerLike } from 'rxjs';

/** As RxJS tells a trailing scheduler argument from a value. */
export function isScheduler(value: unknown): value is SchedulerLike {
  return typeof (value as { schedule?: unknown } | null | undefined)?.schedule === 'function';
}
