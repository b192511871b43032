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
