import type { SchedulerLike } from 'rxjs';

// RxJS's creation functions take options as trailing arguments. These take them off, as RxJS does.

export function popScheduler(args: unknown[]): SchedulerLike | undefined {
  const last = args[args.length - 1];
  if (typeof (last as { schedule?: unknown } | null | undefined)?.schedule !== 'function') return undefined;
  return args.pop() as SchedulerLike;
}

export function popNumber(args: unknown[]): number | undefined {
  return typeof args[args.length - 1] === 'number' ? (args.pop() as number) : undefined;
}

export function popFunction(args: unknown[]): ((...args: never[]) => unknown) | undefined {
  return typeof args[args.length - 1] === 'function' ? (args.pop() as (...args: never[]) => unknown) : undefined;
}
