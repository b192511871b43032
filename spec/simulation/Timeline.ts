/** What happens to the clock, at a moment at which nothing else is due. */
export interface Jump {
  /**
   * - `restart`: a life begins with a checkpoint. The clock stands as it did then, or was set meanwhile.
   * - `set`: somebody sets it while a life goes on, whose timers run on.
   * - `sleep`: time passes, and nothing happens: timers fire when it is over, and late.
   */
  readonly kind: 'restart' | 'set' | 'sleep';
  readonly from: number;
  readonly to: number;
}

/** How the clock went, up to a checkpoint. Two checkpoints of different timelines have nothing in common behind the first jump in which they differ. */
export type Timeline = readonly Jump[];

/** By how much the clock is ahead of the inputs, which go by a time of their own: they stand still while nothing runs. */
export function aheadBy(timeline: Timeline): number {
  return timeline.reduce((sum, { kind, from, to }) => (kind === 'sleep' ? sum : sum + to - from), 0);
}

/** By how much it is ahead of one that has never jumped. */
export function jumpedBy(timeline: Timeline): number {
  return timeline.reduce((sum, { from, to }) => sum + to - from, 0);
}

/** How often it has jumped. */
export function jumpsOf(timeline: Timeline): number {
  return timeline.filter(({ from, to }) => from !== to).length;
}

/** Whether it was put ahead since the last restart: in the next one, timers are due by the clock as it was when they were set. */
export function hasOvertaken(timeline: Timeline): boolean {
  return setsOf(timeline).some(({ from, to }) => to > from);
}

/** Whether it was set since the last restart: the next one looks at it anew, for what goes by it. */
export function wasSet(timeline: Timeline): boolean {
  return setsOf(timeline).length > 0;
}

/** Those since the last restart. */
function setsOf(timeline: Timeline): Timeline {
  const lastRestart = timeline.map(({ kind }) => kind).lastIndexOf('restart');
  return timeline.slice(lastRestart + 1).filter(({ kind }) => kind === 'set');
}

export function keyOf(timeline: Timeline): string {
  return timeline.map(({ kind, from, to }) => `${kind} ${from}>${to}`).join();
}
