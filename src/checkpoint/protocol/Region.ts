/** Where a job is, counted in checkpoints. */
export interface CheckpointClock {
  /** The last one of which the barrier has passed. */
  readonly lastBarrier: number;
  /** The newest that is complete: with which a restart begins. */
  readonly completed: number;
}

/**
 * The pipelines that a part of the job belongs to. Pipelines that share a part can only be restarted together, since
 * each restarts from the position of what they share.
 */
export class Region {
  private readonly members: readonly string[];
  private readonly uses = new Map<Region, Use>();

  /**
   * @param clock - of a shared part's region: who has left it belongs to it until a later checkpoint is complete.
   * @param pipeline - the name of the pipeline whose own region this is; none for a shared part's.
   */
  constructor(
    private readonly clock: CheckpointClock,
    pipeline?: string,
  ) {
    this.members = Object.freeze(pipeline === undefined ? [] : [pipeline]);
  }

  /** Whoever belongs to `user` listens to the part, or to a live Observable that is fed in it. As often as `leftBy`. */
  usedBy(user: Region): void {
    if (user === this) return;
    const use = this.uses.get(user);
    if (use === undefined) this.uses.set(user, { count: 1, leftAfter: 0 });
    else use.count++;
  }

  leftBy(user: Region): void {
    const use = this.uses.get(user);
    if (use === undefined) return;
    use.count--;
    use.leftAfter = this.clock.lastBarrier;
  }

  /** Whether anybody uses it now. */
  get isUsed(): boolean {
    for (const { count } of this.uses.values()) if (count > 0) return true;
    return false;
  }

  /**
   * The names of the pipelines that use it or have since the checkpoint with which a restart begins; if there are none, of all
   * that ever did. Sorted.
   */
  get pipelines(): readonly string[] {
    const { completed } = this.clock;
    return this.namesOf(({ count, leftAfter }) => count > 0 || leftAfter >= completed);
  }

  /** The names of those that use it now; if there are none, `pipelines`. Sorted. */
  get users(): readonly string[] {
    return this.isUsed ? this.namesOf(({ count }) => count > 0) : this.pipelines;
  }

  private namesOf(isMeant: (use: Use) => boolean): readonly string[] {
    if (this.uses.size === 0) return this.members;
    const names = new Set<string>();
    this.collect(isMeant, names, new Set());
    return [...names].sort();
  }

  private collect(isMeant: (use: Use) => boolean, names: Set<string>, seen: Set<Region>): void {
    if (seen.has(this)) return;
    seen.add(this);
    for (const member of this.members) names.add(member);
    const meant = [...this.uses].filter(([, use]) => isMeant(use));
    for (const [user] of meant.length > 0 ? meant : this.uses) user.collect(isMeant, names, seen);
  }
}

interface Use {
  count: number;
  /** The last barrier before it left. */
  leftAfter: number;
}
