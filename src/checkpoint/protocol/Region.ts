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
  /** Who uses it now, and how often. */
  private readonly uses = new Map<Region, number>();
  /** The pipelines that have, and the last barrier before they left. */
  private readonly former = new Map<string, number>();

  /**
   * @param clock - of a shared part's region: who has left it is known to have moved on with it until a later checkpoint is complete.
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
    if (user !== this) this.uses.set(user, (this.uses.get(user) ?? 0) + 1);
  }

  leftBy(user: Region): void {
    const count = this.uses.get(user);
    if (count === undefined) return;
    if (count > 1) {
      this.uses.set(user, count - 1);
      return;
    }
    for (const pipeline of user.pipelines) if (!this.former.has(pipeline)) this.former.set(pipeline, -1);
    for (const pipeline of user.recent) this.former.set(pipeline, this.clock.lastBarrier);
    this.uses.delete(user);
  }

  /** Whether anybody uses it now. */
  get isUsed(): boolean {
    return this.uses.size > 0;
  }

  /** The names of all pipelines that ever used it, sorted. */
  get pipelines(): readonly string[] {
    return this.namesOf(() => true);
  }

  /** Whether it is that of such a pipeline, and of no shared part. */
  isOwnOf(isSuch: (pipeline: string) => boolean): boolean {
    return this.members.some(isSuch);
  }

  /** Whether one of the pipelines that ever used it is such. */
  hasEver(isSuch: (pipeline: string) => boolean, seen: Set<Region> = new Set()): boolean {
    if (this.members.some(isSuch)) return true;
    if (this.uses.size + this.former.size === 0 || seen.has(this)) return false;
    seen.add(this);
    for (const user of this.uses.keys()) if (user.hasEver(isSuch, seen)) return true;
    for (const pipeline of this.former.keys()) if (isSuch(pipeline)) return true;
    return false;
  }

  /** The names of those that use it, or have since the checkpoint with which a restart begins. Sorted. */
  get recent(): readonly string[] {
    const { completed } = this.clock;
    return this.namesOf((leftAfter) => leftAfter >= completed);
  }

  /** The names of those that use it now; if nobody does, of all that ever did. Sorted. */
  get users(): readonly string[] {
    const users = this.namesOf(() => false);
    return users.length > 0 ? users : this.pipelines;
  }

  private namesOf(counts: (leftAfter: number) => boolean): readonly string[] {
    if (this.uses.size + this.former.size === 0) return this.members;
    const names = new Set<string>();
    this.collect(counts, names, new Set());
    return [...names].sort();
  }

  private collect(counts: (leftAfter: number) => boolean, names: Set<string>, seen: Set<Region>): void {
    if (seen.has(this)) return;
    seen.add(this);
    for (const member of this.members) names.add(member);
    for (const [pipeline, leftAfter] of this.former) if (counts(leftAfter)) names.add(pipeline);
    for (const user of this.uses.keys()) user.collect(counts, names, seen);
  }
}
