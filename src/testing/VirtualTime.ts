/** Is its own id, so that it is cleared wherever it was started. */
interface Timer {
  due: number;
  /** Null for one that fires once, or was cleared. */
  every: number | null;
  readonly callback: () => void;
  readonly home: Set<Timer>;
}

const { setTimeout: setRealTimeout, setImmediate: setRealImmediate } = globalThis;

/** Resolves when all that is to be done at once has been done: microtasks, and what they lead to. In real time. */
export function drained(): Promise<void> {
  // Test environments that imitate a browser have no setImmediate.
  return new Promise((resolve) => void (setRealImmediate ?? setRealTimeout)(resolve));
}

/** Resolves after so many ms of real time. */
export function realTime(ms: number): Promise<void> {
  return new Promise((resolve) => void setRealTimeout(resolve, ms));
}

/** Stands in for the platform's clock and timers, which it takes the place of, and moves only when told. */
export class VirtualTime {
  private static current: VirtualTime | null = null;
  private static isInstalled = false;

  now = 0;
  private readonly timers = new Set<Timer>();

  /** From now on this is the time of the process. What others have scheduled stays where it is. */
  use(): void {
    VirtualTime.current = this;
  }

  /** Does something in this time, and leaves the process in the one that it was in. */
  within<T>(work: () => T): T {
    const { current } = VirtualTime;
    this.use();
    try {
      return work();
    } finally {
      VirtualTime.current = current;
    }
  }

  /** When the next timer is due; Infinity if there is none. */
  get nextDue(): number {
    let earliest = Infinity;
    for (const { due } of this.timers) if (due < earliest) earliest = due;
    return earliest;
  }

  /** Lets the time pass until the next timer is due, and fires it. */
  step(): void {
    let next: Timer | undefined;
    for (const timer of this.timers) if (next === undefined || timer.due < next.due) next = timer;
    if (next === undefined) return;
    this.now = Math.max(this.now, next.due);
    this.timers.delete(next);
    try {
      next.callback();
    } finally {
      this.restart(next);
    }
  }

  /** An interval starts anew when its callback is through, as in Node: after all that are due by then at the same time. */
  private restart(timer: Timer): void {
    if (timer.every === null) return;
    timer.due = this.now + timer.every;
    this.timers.add(timer);
  }

  private start(callback: () => void, ms: number | undefined, repeats: boolean): Timer {
    const delay = Math.max(0, ms ?? 0);
    const timer = { due: this.now + delay, every: repeats ? delay : null, callback, home: this.timers };
    this.timers.add(timer);
    return timer;
  }

  /** Puts virtual time in the place of the process's. @returns what puts that back. */
  static install(): () => void {
    if (VirtualTime.isInstalled)
      throw new Error(
        'Time is virtual here already: two tests with virtual time of their own cannot run at once. Await the first.',
      );
    VirtualTime.isInstalled = true;
    const { setInterval, clearInterval, setTimeout, clearTimeout } = globalThis;
    const { now } = Date;
    const stop = (timer: Timer | undefined): void => {
      if (timer?.home?.delete(timer) !== undefined) timer.every = null;
    };
    const timer =
      (repeats: boolean) =>
      (callback: (...args: unknown[]) => void, ms?: number, ...args: unknown[]): Timer =>
        VirtualTime.current!.start(() => callback(...args), ms, repeats);
    Object.assign(globalThis, {
      setInterval: timer(true),
      setTimeout: timer(false),
      clearInterval: stop,
      clearTimeout: stop,
    });
    Date.now = () => VirtualTime.current?.now ?? 0;
    return () => {
      Object.assign(globalThis, { setInterval, clearInterval, setTimeout, clearTimeout });
      Date.now = now;
      VirtualTime.current = null;
      VirtualTime.isInstalled = false;
    };
  }
}
