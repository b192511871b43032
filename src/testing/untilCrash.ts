/** A process that may be dead. */
export interface Mortal {
  readonly hasCrashed: boolean;
}

/**
 * Runs one call of a process. Once that is dead, the call never settles: also when `work` itself, or whoever asked for
 * the call, lets it crash in the same breath.
 */
export async function untilCrash<R>(caller: Mortal, work: () => R | Promise<R>): Promise<R> {
  if (caller.hasCrashed) return never();
  let settle: () => R;
  try {
    const result = await work();
    settle = () => result;
  } catch (error) {
    await Promise.resolve();
    settle = () => {
      throw error;
    };
  }
  return caller.hasCrashed ? never() : settle();
}

/** One for each call: a shared one would keep all that ever waited for it. */
export function never(): Promise<never> {
  return new Promise(() => undefined);
}
