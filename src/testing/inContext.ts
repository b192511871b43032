/** As much of `node:async_hooks` as is needed. */
interface AsyncHooks {
  readonly AsyncLocalStorage: new () => {
    run<R>(store: true, work: () => R): R;
    getStore(): true | undefined;
    disable(): void;
  };
}

interface Platform {
  readonly process?: { readonly getBuiltinModule?: (name: string) => unknown };
}

/**
 * Does some work that can tell whatever it has started, timers and what comes after a promise included, from all else
 * that goes on in the process. Where the platform cannot tell (browsers, Node before 20.16), all counts as started by it.
 */
export async function inContext<R>(work: (isWithin: () => boolean) => Promise<R>): Promise<R> {
  const hooks = (globalThis as Platform).process?.getBuiltinModule?.('node:async_hooks') as AsyncHooks | undefined;
  if (hooks === undefined) return work(() => true);
  const context = new hooks.AsyncLocalStorage();
  try {
    return await context.run(true, () => work(() => context.getStore() === true));
  } finally {
    context.disable();
  }
}
