import type { ObservableInput, SchedulerLike } from 'rxjs';

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

/** Inputs that were given one by one, or in one array. */
export function listOf(args: readonly unknown[]): ObservableInput<unknown>[] {
  return (args.length === 1 && Array.isArray(args[0]) ? args[0] : args) as ObservableInput<unknown>[];
}

/** Inputs that were given as a list, or as an object whose keys the result has too. */
export function listOrObject(args: unknown[]): { inputs: ObservableInput<unknown>[]; keys: string[] | null } {
  const [first] = args;
  if (
    args.length === 1 &&
    typeof first === 'object' &&
    first !== null &&
    Object.getPrototypeOf(first) === Object.prototype
  ) {
    const keys = Object.keys(first);
    return { inputs: keys.map((key) => (first as Record<string, ObservableInput<unknown>>)[key]!), keys };
  }
  return { inputs: listOf(args), keys: null };
}

export function toObject(keys: readonly string[], values: readonly unknown[]): Record<string, unknown> {
  return Object.fromEntries(keys.map((key, i) => [key, values[i]]));
}
