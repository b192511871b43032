/** The clock jumps between two lives: from the time of the checkpoint that the later one begins with. */
export interface Jump {
  readonly from: number;
  readonly to: number;
}

/** How the clock went, up to a checkpoint. Two checkpoints of different timelines have nothing in common behind the first jump in which they differ. */
export type Timeline = readonly Jump[];

/** By how much the clock is ahead of the inputs, which go by a time of their own: they stand still while nothing runs. */
export function aheadBy(timeline: Timeline): number {
  return timeline.reduce((sum, { from, to }) => sum + to - from, 0);
}

export function keyOf(timeline: Timeline): string {
  return timeline.map(({ from, to }) => `${from}>${to}`).join();
}

/** When plain inners were first projected, in the time of the inputs: the world outside of the job, which a crash does not reset. */
export class InnerStarts {
  private readonly starts = new Map<string, number>();

  /**
   * @param before - of the timeline, or the life, that this one branches off from.
   * @param until - when. What happened there later did not happen here.
   */
  constructor(
    private readonly before: InnerStarts | null = null,
    private readonly until = Infinity,
  ) {}

  get(name: string): number | undefined {
    const own = this.starts.get(name);
    if (own !== undefined) return own;
    const start = this.before?.get(name);
    return start !== undefined && start <= this.until ? start : undefined;
  }

  set(name: string, start: number): void {
    this.starts.set(name, start);
  }
}
