import type { Checkpoint } from './Checkpoint.js';

/** A `stop()` without a savepoint. */
interface Stop {
  readonly drain: boolean;
  /** Whether pipelines have been torn down: who begins after that is none of them. */
  hasBegun: boolean;
  readonly taken: Promise<Checkpoint>;
}

/**
 * Who asks for a stop while there is one under way, or after it, gets what that one has taken: handlers of signals are
 * called as often as somebody presses Ctrl-C.
 */
export class RepeatedStops {
  private last: Stop | null = null;

  /** Null if it has to be a stop of its own. */
  join(drain: boolean): Promise<Checkpoint> | null {
    const { last } = this;
    // Who wants a drain is not served by a stop.
    return last !== null && (last.drain || !drain) ? last.taken : null;
  }

  /** @param take - calls its parameter when it tears the pipelines down. */
  begin(drain: boolean, take: (onBegun: () => void) => Promise<Checkpoint>): Promise<Checkpoint> {
    // A drain that is asked for during a stop is refused, and the stop is still the one to join.
    if (this.last !== null) return take(() => {});
    // A user's teardown may ask for a stop as well.
    let follow: (taken: Promise<Checkpoint>) => void = () => {};
    const taken = new Promise<Checkpoint>((resolve) => (follow = resolve));
    const stop: Stop = { drain, hasBegun: false, taken };
    this.last = stop;
    follow(take(() => (stop.hasBegun = true)));
    // All may have gone on: the next one is another attempt.
    taken.catch(() => {
      if (this.last === stop) this.last = null;
    });
    return taken;
  }

  /** A pipeline starts. */
  started(): void {
    if (this.last?.hasBegun === true) this.last = null;
  }
}
