/** Is its own id, so that it is cleared wherever it was started. */
export interface VirtualTimer {
  due: number;
  /** Null for one that fires once, or was cleared. */
  every: number | null;
  readonly callback: () => void;
  readonly home: Set<VirtualTimer>;
  /** Started by `asOutside`, or by what that has started. */
  readonly isOutside: boolean;
  /** Goes by what has passed, and not by the clock: the outside's, or started by `besideClock`. */
  readonly isBesideClock: boolean;
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
  /** How many timers of the outside have fired. */
  outsideSteps = 0;
  /** Whether a job is at work at the moment: the timers that it starts are its own, whoever has woken it. */
  isJobAtWork: (() => boolean) | null = null;
  private isOutside = false;
  private isBesideClock = false;

  /** From now on this is the time of the process. What others have scheduled stays where it is. */
  use(): void {
    VirtualTime.current = this;
  }

  /** The process is in its own time again, until another is used. */
  static leave(): void {
    VirtualTime.current = null;
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

  /** The timers that this starts are the outside's, which does not stop and begin anew with a process. */
  asOutside<T>(work: () => T): T {
    const { isOutside } = this;
    this.isOutside = true;
    try {
      return work();
    } finally {
      this.isOutside = isOutside;
    }
  }

  /** The timers that this starts take as long as they take, whatever the clock shows where the process goes on. */
  besideClock<T>(work: () => T): T {
    this.isBesideClock = true;
    try {
      return work();
    } finally {
      this.isBesideClock = false;
    }
  }

  /** Begins at a later time: the outside has done so many steps, whatever anybody here has heard of them. */
  beginAt(now: number, outsideSteps: number): void {
    while (this.outsideSteps < outsideSteps) {
      const next = this.next((timer) => timer.isOutside);
      if (next === undefined) break;
      this.fire(next);
    }
    this.now = now;
  }

  /** When the next timer is due; Infinity if there is none. */
  get nextDue(): number {
    return this.next(() => true)?.due ?? Infinity;
  }

  /** Somebody sets the clock: until timers fire it takes as long as before. */
  setClock(to: number): void {
    for (const timer of this.timers) timer.due += to - this.now;
    this.now = to;
  }

  /** Lets the time pass until the next timer is due, and fires it. */
  step(): void {
    const next = this.next(() => true);
    if (next !== undefined) this.fire(next);
  }

  private next(isWanted: (timer: VirtualTimer) => boolean): VirtualTimer | undefined {
    let next: VirtualTimer | undefined;
    for (const timer of this.timers) if ((next === undefined || timer.due < next.due) && isWanted(timer)) next = timer;
    return next;
  }

  private fire(timer: VirtualTimer): void {
    this.now = Math.max(this.now, timer.due);
    this.timers.delete(timer);
    try {
      if (!timer.isOutside) timer.callback();
      else {
        this.outsideSteps++;
        this.asOutside(timer.callback);
      }
    } finally {
      this.startAnew(timer);
    }
  }

  /** An interval starts anew when its callback is through, as in Node: after all that are due by then at the same time. */
  private startAnew(timer: VirtualTimer): void {
    if (timer.every === null) return;
    timer.due = this.now + timer.every;
    this.timers.add(timer);
  }

  private start(callback: () => void, ms: number | undefined, repeats: boolean): VirtualTimer {
    const delay = Math.max(0, ms ?? 0);
    const { timers: home } = this;
    const isOutside = this.isOutside && this.isJobAtWork?.() !== true;
    const isBesideClock = isOutside || this.isBesideClock;
    const timer = { due: this.now + delay, every: repeats ? delay : null, callback, home, isOutside, isBesideClock };
    home.add(timer);
    return timer;
  }

  /**
   * Puts virtual time in the place of the process's, for whoever runs while one is in use. Timers that are none of ours
   * are left to those who have started them.
   *
   * @param isOurs - whether what runs is to be in virtual time.
   * @returns what puts the process's back.
   */
  static install(isOurs: () => boolean = () => true): () => void {
    if (VirtualTime.isInstalled)
      throw new Error(
        'Time is virtual here already: two tests with virtual time of their own cannot run at once. Await the first.',
      );
    VirtualTime.isInstalled = true;
    const real = {
      setInterval: globalThis.setInterval,
      clearInterval: globalThis.clearInterval,
      setTimeout: globalThis.setTimeout,
      clearTimeout: globalThis.clearTimeout,
    };
    const { now } = Date;
    const current = (): VirtualTime | null => (isOurs() ? VirtualTime.current : null);
    const start =
      (name: 'setInterval' | 'setTimeout') =>
      (callback: (...args: unknown[]) => void, ms?: number, ...args: unknown[]): unknown => {
        const time = current();
        if (time === null) return real[name](callback, ms, ...args);
        return time.start(() => callback(...args), ms, name === 'setInterval');
      };
    const stop =
      (name: 'clearInterval' | 'clearTimeout') =>
      (timer?: VirtualTimer | number): void => {
        if (typeof timer !== 'object' || !(timer?.home instanceof Set)) return real[name](timer as number);
        timer.home.delete(timer);
        timer.every = null;
      };
    Object.assign(globalThis, {
      setInterval: start('setInterval'),
      setTimeout: start('setTimeout'),
      clearInterval: stop('clearInterval'),
      clearTimeout: stop('clearTimeout'),
    });
    const virtualNow = (): number => current()?.now ?? now.call(Date);
    Date.now = virtualNow;
    return () => {
      Object.assign(globalThis, real);
      Date.now = now;
      VirtualTime.current = null;
      VirtualTime.isInstalled = false;
    };
  }
}
