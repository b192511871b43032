interface Timer {
  due: number;
  readonly every: number | null;
  readonly callback: () => void;
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
  private readonly timers = new Map<number, Timer>();
  private lastId = 0;

  /** From now on this is the time of the process. What others have scheduled stays where it is. */
  use(): void {
    VirtualTime.current = this;
  }

  /** When the next timer is due; Infinity if there is none. */
  get nextDue(): number {
    let earliest = Infinity;
    for (const { due } of this.timers.values()) if (due < earliest) earliest = due;
    return earliest;
  }

  /** Lets the time pass until the next timer is due, and fires it. */
  step(): void {
    let next: [number, Timer] | undefined;
    for (const entry of this.timers) if (next === undefined || entry[1].due < next[1].due) next = entry;
    if (next === undefined) return;
    const [id, timer] = next;
    this.now = Math.max(this.now, timer.due);
    // An interval keeps its place among timers of the same time, as in RxJS's TestScheduler.
    if (timer.every === null) this.timers.delete(id);
    else timer.due = this.now + timer.every;
    timer.callback();
  }

  private start(callback: () => void, ms: number | undefined, repeats: boolean): number {
    const delay = Math.max(0, ms ?? 0);
    this.timers.set(++this.lastId, { due: this.now + delay, every: repeats ? delay : null, callback });
    return this.lastId;
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
    const stop = (id: unknown): void => void VirtualTime.current?.timers.delete(id as number);
    const timer =
      (repeats: boolean) =>
      (callback: (...args: unknown[]) => void, ms?: number, ...args: unknown[]): number =>
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
