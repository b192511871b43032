/**
 * The pipelines that a part of the job belongs to. Pipelines that share a part can only be restarted together, since
 * each restarts from the position of what they share.
 */
export class Region {
  private readonly users = new Set<Region>();
  /** How many branches of live Observables that are fed in here belong to which other region. */
  private readonly holders = new Map<Region, number>();

  /** @param pipeline - the name of the pipeline whose own region this is; none for a shared part's. */
  constructor(private readonly pipeline?: string) {}

  /** From now on whoever belongs to `user` belongs here as well. */
  sharedBy(user: Region): void {
    if (user !== this) this.users.add(user);
  }

  /** Somebody of `other` listens to a live Observable that is fed in here, and may have left all else of this region. */
  heldBy(other: Region): void {
    this.holders.set(other, (this.holders.get(other) ?? 0) + 1);
  }

  releasedBy(other: Region): void {
    const left = this.holders.get(other)! - 1;
    if (left > 0) this.holders.set(other, left);
    else this.holders.delete(other);
  }

  /** The names of all pipelines in it, sorted. */
  get pipelines(): string[] {
    const names = new Set<string>();
    this.collect(names, new Set());
    return [...names].sort();
  }

  /** The names of the pipelines that listen to live Observables in it. */
  get listeners(): Set<string> {
    const names = new Set<string>();
    const seen = new Set<Region>();
    for (const holder of this.holders.keys()) holder.collect(names, seen);
    return names;
  }

  private collect(names: Set<string>, seen: Set<Region>): void {
    if (seen.has(this)) return;
    seen.add(this);
    if (this.pipeline !== undefined) names.add(this.pipeline);
    for (const user of this.users) user.collect(names, seen);
  }
}
