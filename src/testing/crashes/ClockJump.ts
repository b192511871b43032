/** What happens to the clock of a process, at a moment at which nothing else is due. */
export interface ClockJump {
  /**
   * - `set`: somebody sets it while the process lives, whose timers run on.
   * - `restart`: the process is another one from then on. The clock was set while there was none, or goes on.
   */
  readonly kind: 'set' | 'restart';
  /** How many ms had passed by then since the beginning, whatever the clock showed. */
  readonly at: number;
  readonly byMs: number;
}

/** All that there were until some moment, in their order. */
export type ClockJumps = readonly ClockJump[];

/** By how many ms the clock is ahead of what has passed. */
export function aheadBy(jumps: ClockJumps): number {
  return jumps.reduce((sum, { byMs }) => sum + byMs, 0);
}

/** Those that the process has lived through. */
export function inThisProcess(jumps: ClockJumps): ClockJumps {
  return jumps.slice(jumps.map(({ kind }) => kind).lastIndexOf('restart') + 1);
}
