import type { Subscriber } from 'rxjs';

import type { Barrier } from '../../checkpoint/protocol/Participant.js';
import type { Run } from '../../checkpoint/protocol/Run.js';
import type { Consumer, Site, Upstream } from './Site.js';

export interface BranchSnapshot {
  /** Which input of which participant it feeds. */
  readonly edge: string;
  /** Job-wide: in this order the branches get each value. */
  readonly serial: number;
}

interface Branch<T> {
  readonly dest: Consumer<T>;
  readonly site: Site;
  readonly serial: number;
  readonly isRestored: boolean;
}

/** Who gets what a shared stream or a group emits, in a job. The order in which they do is state. */
export class Branches<T> {
  private readonly joined = new Set<Branch<T>>();
  private pending: Branch<T>[] = [];
  /** In the snapshot, and not back yet: serials by edge. */
  private readonly missing = new Map<string, number>();

  constructor(private readonly run: Run) {}

  restore(branches: readonly BranchSnapshot[]): void {
    for (const { edge, serial } of branches) this.missing.set(edge, serial);
  }

  /** Whether all that are in the snapshot have joined again. */
  get areBack(): boolean {
    return this.missing.size === 0;
  }

  /** @param upstream - what the branch can pause: whatever feeds the branches at that time. */
  join(dest: Subscriber<T>, site: Site, upstream: () => Upstream | null): Upstream {
    const old = this.missing.size === 0 ? undefined : this.missing.get(site.edge);
    if (old !== undefined) this.missing.delete(site.edge);
    const branch: Branch<T> = { dest: dest as Consumer<T>, site, serial: old ?? this.run.serial++, isRestored: old !== undefined };
    this.joined.add(branch);
    this.pending.push(branch);
    const brake = new BranchBrake(upstream);
    dest.add(() => {
      this.joined.delete(branch);
      brake.letGo();
    });
    return brake;
  }

  /** Gives those that have joined since the last time to `subscribe`, in their order. */
  subscribePending(subscribe: (dest: Consumer<T>, isRestored: boolean) => void): void {
    const { pending } = this;
    this.pending = [];
    pending.sort((a, b) => a.serial - b.serial);
    for (const { dest, isRestored } of pending) if (!dest.closed) subscribe(dest, isRestored);
  }

  barrier(barrier: Barrier): void {
    for (const { dest } of this.joined) dest.barrier(barrier);
  }

  snapshot(): readonly BranchSnapshot[] {
    const branches = [...this.joined].map(({ site, serial }) => Object.freeze({ edge: site.edge, serial }));
    for (const [edge, serial] of this.missing) branches.push(Object.freeze({ edge, serial }));
    return Object.freeze(branches.sort((a, b) => a.serial - b.serial));
  }
}

/** One branch's hold on what all branches share. It must not outlast the branch. */
class BranchBrake implements Upstream {
  private readonly held: Upstream[] = [];

  constructor(private readonly upstream: () => Upstream | null) {}

  pause(): void {
    const upstream = this.upstream();
    if (upstream === null) return;
    this.held.push(upstream);
    upstream.pause();
  }

  resume(): void {
    this.held.pop()?.resume();
  }

  letGo(): void {
    while (this.held.length > 0) this.resume();
  }
}
