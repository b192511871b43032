/** One way of doing the work that is compared. */
export interface Side {
  readonly name: string;
  /** Does the work once; gives how many values it has handled. The clock runs meanwhile, unless it says otherwise. */
  run(clock: CpuClock): Promise<number>;
}

/** CPU time of all threads, from the last `start` to the first `stop` after it. */
export class CpuClock {
  private begun = process.cpuUsage();
  private microseconds: number | null = null;

  start(): void {
    this.microseconds = null;
    this.begun = process.cpuUsage();
  }

  /** Stops it with what others have measured. */
  show(microseconds: number): void {
    this.microseconds = microseconds;
  }

  stop(): number {
    if (this.microseconds === null) {
      const { user, system } = process.cpuUsage(this.begun);
      this.microseconds = user + system;
    }
    return this.microseconds;
  }
}

export interface Comparison {
  /** Nanoseconds of CPU time per value, round by round, warm-up left out. */
  readonly ours: readonly number[];
  readonly theirs: readonly number[];
}

/**
 * Runs both sides in turns in this process, and measures CPU time: that of all threads, so that work which is handed to
 * the garbage collector, the compiler or the file system counts, and waiting does not.
 */
export async function compare(
  ours: Side,
  theirs: Side,
  rounds: number,
  warmUps: number,
  collect: () => void = () => globalThis.gc?.(),
): Promise<Comparison> {
  const times = new Map<Side, number[]>([
    [ours, []],
    [theirs, []],
  ]);
  for (let round = -warmUps; round < rounds; round++) {
    // Who runs second finds the machine in another state: take turns at that too.
    for (const side of round % 2 === 0 ? [ours, theirs] : [theirs, ours]) {
      collect(); // Nobody pays for the garbage of the other.
      const time = await timed(side);
      if (round >= 0) times.get(side)!.push(time);
    }
  }
  return { ours: times.get(ours)!, theirs: times.get(theirs)! };
}

async function timed(side: Side): Promise<number> {
  const clock = new CpuClock();
  const values = await side.run(clock);
  return (clock.stop() * 1000) / values;
}
