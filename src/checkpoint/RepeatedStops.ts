import type { Checkpoint } from './Checkpoint.js';

/** A `stop()` without a savepoint. */
interface Stop {
  readonly drain: boolean;
  /** Whether it waits for pipelines that are only starting. */
  isEarly: boolean;
  /** Null while it is being begun. */
  taken: Promise<Checkpoint> | null;
}

/**
 * Who asks for a stop while there is one under way, or after it, gets what that one has taken: handlers of signals are
 * called as often as somebody presses Ctrl-C.
 */
export class RepeatedStops {
  private last: Stop | null = null;

  /** @param isStarting - whether pipelines are; then it is those that are to stop. Null if it is a stop of its own. */
  join(drain: boolean, isStarting: boolean): Promise<Checkpoint> | null {
    const { last } = this;
    if (last === null || (isStarting && !last.isEarly)) return null;
    // Who wants a drain is not served by a stop.
    return last.drain || !drain ? last.taken : null;
  }

  /** @param take - calls its parameter as soon as it knows what it stops. */
  begin(drain: boolean, take: (onStarted: () => void) => Promise<Checkpoint>): Promise<Checkpoint> {
    const stop: Stop = { drain, isEarly: true, taken: null };
    this.last = stop;
    const taken = take(() => (stop.isEarly = false));
    stop.taken = taken;
    // All may have gone on: the next one is another attempt.
    taken.catch(() => {
      if (this.last === stop) this.last = null;
    });
    return taken;
  }

  /** A job begins. */
  jobOpens(): void {
    if (this.last?.isEarly === false) this.last = null;
  }
}
