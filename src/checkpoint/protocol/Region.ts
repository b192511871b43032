/**
 * The pipelines that a part of the job belongs to. Pipelines that share a part can only be restarted together, since
 * each restarts from the position of what they share.
 */
export class Region {
  private readonly users = new Set<Region>();

  /** @param pipeline - the name of the pipeline whose own region this is; none for a shared part's. */
  constructor(private readonly pipeline?: string) {}

  /** From now on whoever belongs to `user` belongs here as well. */
  sharedBy(user: Region): void {
    if (user !== this) this.users.add(user);
  }

  /** The names of all pipelines in it, sorted. */
  get pipelines(): string[] {
    const names = new Set<string>();
    this.collect(names, new Set());
    return [...names].sort();
  }

  private collect(names: Set<string>, seen: Set<Region>): void {
    if (seen.has(this)) return;
    seen.add(this);
    if (this.pipeline !== undefined) names.add(this.pipeline);
    for (const user of this.users) user.collect(names, seen);
  }
}
