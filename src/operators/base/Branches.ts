import type { Subscriber } from 'rxjs';

import type { Barrier } from '../../checkpoint/protocol/Participant.js';
import type { Seated } from '../../checkpoint/protocol/Roster.js';
import { Roster } from '../../checkpoint/protocol/Roster.js';
import type { Round } from '../../checkpoint/protocol/Round.js';
import type { Run } from '../../checkpoint/protocol/Run.js';
import { connectSilent } from './SilentSource.js';
import type { Consumer, Site, Upstream } from './Site.js';

export interface BranchSnapshot {
  /** Which input of which participant it feeds. */
  readonly edge: string;
  /** Job-wide: in this order the branches get each value. */
  readonly serial: number;
  /** It has not been subscribed yet: what a BehaviorSubject says to a newcomer is still to come. */
  readonly isNew: boolean;
}

class Branch<T> implements Seated {
  seat = -1;
  serial: number;
  isRestored: boolean;
  /** Whether it was in the snapshot. */
  isKnown: boolean;
  private readonly round: Round;

  constructor(
    readonly dest: Consumer<T>,
    readonly site: Site,
    private readonly old: BranchSnapshot | undefined,
  ) {
    this.serial = old?.serial ?? site.run.serial++;
    this.isRestored = old?.isNew === false;
    this.isKnown = old !== undefined;
    this.round = site.run.connecting;
  }

  /** What it has taken, if it leaves before anything opens: its pipeline was refused, and another one may come for it. */
  get givenBack(): BranchSnapshot | undefined {
    return this.round.isOpen ? undefined : this.old;
  }

  /** Whether what it leads to opens later: it would get values before that. */
  get isEarly(): boolean {
    return !this.round.isOpen && !this.dest.closed;
  }
}

/** Who gets what a shared stream, a group or a window emits, in a job. The order in which they do is state. */
export class Branches<T> {
  private readonly joined = new Roster<Branch<T>>();
  private pending: Branch<T>[] | null = null;
  /** In the snapshot, and not back yet: by edge. Null for most: of groups and windows there may be very many. */
  private missing: Map<string, BranchSnapshot> | null = null;

  constructor(private readonly run: Run) {}

  restore(branches: readonly BranchSnapshot[]): void {
    if (branches.length > 0) this.missing = new Map(branches.map((branch) => [branch.edge, branch]));
  }

  /** Whether all that are in the snapshot have joined again. */
  get areBack(): boolean {
    return this.missing === null || this.missing.size === 0;
  }

  /** Whether one that has joined leads to something that opens later, in a round of its own. */
  get areEarly(): boolean {
    return this.pending?.some((branch) => branch.isEarly) === true;
  }

  /** @param upstream - what the branch can pause: whatever feeds the branches at that time. */
  join(dest: Subscriber<T>, site: Site, upstream: () => Upstream | null): Upstream {
    const old = this.missing === null ? undefined : takeByEdge(this.missing, site);
    const branch = new Branch<T>(dest as Consumer<T>, site, old);
    this.joined.add(branch);
    if (this.pending === null) this.pending = [branch];
    else this.pending.push(branch);
    const brake = new BranchBrake(upstream);
    dest.add(() => {
      this.joined.delete(branch);
      brake.letGo();
      const place = branch.givenBack;
      if (place !== undefined) (this.missing ??= new Map()).set(place.edge, place);
    });
    return brake;
  }

  /**
   * Those that are missing do not come any more: the program has changed behind what is shared. Whoever is new there takes
   * their places, in order, and does not hear again what they had heard.
   */
  replaceMissing(): void {
    this.fillPlaces();
    this.missing = null;
  }

  /** The same while some of those that are missing may still come. */
  fillPlaces(): void {
    const { missing } = this;
    if (missing === null || missing.size === 0) return;
    const left = [...missing.values()].sort((a, b) => a.serial - b.serial);
    for (const branch of this.pending ?? []) {
      if (branch.isKnown || branch.dest.closed) continue;
      const old = left.shift();
      if (old === undefined) return;
      missing.delete(old.edge);
      branch.serial = old.serial;
      branch.isRestored = !old.isNew;
      branch.isKnown = true;
    }
  }

  /** Gives those that have joined since the last time to `subscribe`, in their order: all, or those with a place. */
  subscribePending(subscribe: (dest: Consumer<T>, isRestored: boolean) => void, whom: 'all' | 'known' = 'all'): void {
    let { pending } = this;
    if (pending === null) return;
    this.pending = null;
    if (whom === 'known') {
      this.pending = pending.filter((branch) => !branch.isKnown && !branch.dest.closed);
      pending = pending.filter((branch) => branch.isKnown);
    }
    pending.sort((a, b) => a.serial - b.serial);
    // A turn: a BehaviorSubject emits to whoever comes, and one that has ended tells it so.
    this.run.turn(() => {
      for (const { dest, isRestored } of pending) if (!dest.closed) subscribe(dest, isRestored);
    });
  }

  /** What feeds the branches is gone for good. */
  silence(): void {
    for (const { dest, site } of this.joined) this.run.join(() => void connectSilent(dest, site));
  }

  barrier(barrier: Barrier): void {
    for (const { dest } of this.joined) dest.barrier(barrier);
  }

  snapshot(): readonly BranchSnapshot[] {
    const { pending } = this;
    const isOpen = this.areBack;
    const branches: BranchSnapshot[] = [];
    for (const branch of this.joined) {
      const { site, serial, isRestored, isKnown } = branch;
      const isPending = pending?.includes(branch) === true;
      // It may still be given a place of those that are missing, and has had nothing until then.
      if (isPending && !isKnown && !isOpen) continue;
      branches.push(Object.freeze({ edge: site.edge, serial, isNew: !isRestored && isPending }));
    }
    if (this.missing !== null) branches.push(...this.missing.values());
    return Object.freeze(branches.sort((a, b) => a.serial - b.serial));
  }
}

/** Takes out what a snapshot has of the edge at this site, whatever its name was then. */
export function takeByEdge<S>(known: Map<string, S>, { edge, run }: Site): S | undefined {
  if (known.size === 0) return undefined;
  const name = known.has(edge) ? edge : run.claims.formerName(edge);
  const snapshot = known.get(name);
  known.delete(name);
  return snapshot;
}

/** One branch's hold on what all branches share. It must not outlast the branch. */
class BranchBrake implements Upstream {
  private held: Upstream[] | null = null;

  constructor(private readonly upstream: () => Upstream | null) {}

  pause(): void {
    const upstream = this.upstream();
    if (upstream === null) return;
    (this.held ??= []).push(upstream);
    upstream.pause();
  }

  resume(): void {
    this.held?.pop()?.resume();
  }

  letGo(): void {
    while (this.held !== null && this.held.length > 0) this.resume();
  }
}
