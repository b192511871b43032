import type { Library } from './Library.js';

type Callback = (this: unknown, ...args: unknown[]) => unknown;

/** The same library, which tells when it calls back: every function that it is given, in options as well. */
export function hooked(rx: Library, onCall: () => void): Library {
  const heard = (given: unknown): unknown => {
    if (typeof given === 'function') {
      const callback = given as Callback;
      return function (this: unknown, ...args: unknown[]): unknown {
        onCall();
        return callback.apply(this, args);
      };
    }
    const isOptions = typeof given === 'object' && given !== null && Object.getPrototypeOf(given) === Object.prototype;
    if (!isOptions || !Object.values(given).some((value) => typeof value === 'function')) return given;
    return Object.fromEntries(Object.entries(given).map(([name, value]) => [name, heard(value)]));
  };
  return new Proxy({} as Library, {
    get(_, name: keyof Library) {
      const member = rx[name] as unknown;
      // Classes call nobody back, and what pipe() is given are operators.
      if (typeof member !== 'function' || name === 'pipe' || /^[A-Z]/.test(name)) return member;
      return (...args: unknown[]) => (member as Callback)(...args.map(heard));
    },
  });
}
