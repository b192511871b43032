/** Is its own id, so that it is cleared wherever it was started. */
export interface VirtualTimer {
  due: number;
  readonly every: number | null;
  readonly callback: () => void;
  readonly home: Set<VirtualTimer>;
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
  protected readonly timers: Set<VirtualTimer> = new Set<VirtualTimer>();

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

  /** Somebody sets the clock: until timers fire it takes as long as before. */
  setClock(to: number): void {
    for (const timer of this.timers) timer.due += to - this.now;
    this.now = to;
  }

  /** Lets the time pass until the next timer is due, and fires it. */
  step(): void {
    let next: VirtualTimer | undefined;
    for (const timer of this.timers) if (next === undefined || timer.due < next.due) next = timer;
    if (next === undefined) return;
    const isLate = next.due < this.now;
    this.now = Math.max(this.now, next.due);
    // An interval keeps its place among timers of the same time, as in RxJS's TestScheduler; a late one takes the last.
    if (next.every === null || isLate) this.timers.delete(next);
    if (next.every !== null) {
      next.due = this.now + next.every;
      this.timers.add(next);
    }
    next.callback();
  }

  private start(callback: () => void, ms: number | undefined, repeats: boolean): VirtualTimer {
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
    const stop = (timer: VirtualTimer | undefined): void => void timer?.home?.delete(timer);
    const timer =
      (repeats: boolean) =>
      (callback: (...args: unknown[]) => void, ms?: number, ...args: unknown[]): VirtualTimer =>
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
