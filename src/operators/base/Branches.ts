import type { Subscriber, Unsubscribable } from 'rxjs';

import type { Barrier } from '../../checkpoint/protocol/Participant.js';
import type { Seated } from '../../checkpoint/protocol/Roster.js';
import { Roster } from '../../checkpoint/protocol/Roster.js';
import type { Region } from '../../checkpoint/protocol/Region.js';
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

/** Who listens through a branch. */
export interface BranchPlace {
  /** Where it is: it uses what feeds the branch. */
  readonly region: Region;
  /** Of what it listens with. May be made when somebody asks. */
  readonly sourceSite: Site;
}

/** Who feeds branches. */
interface Feeder {
  /** What a branch can pause: what feeds them at that time. */
  readonly upstream: Upstream | null;
  /** Where it is: whoever has a branch uses it. */
  readonly region: Region;
  /** One has left. */
  branchLeft?(): void;
}

/** One of those who listen: a teardown of theirs, and their hold on what all branches share, which must not outlast them. */
class Branch<T> implements Seated, Upstream, Unsubscribable {
  seat = -1;
  serial: number;
  isRestored: boolean;
  /** Whether it was in the snapshot. */
  isKnown: boolean;
  /** Until it is subscribed. */
  isPending = true;
  private held: Upstream[] | null = null;

  constructor(
    private readonly branches: Branches<T>,
    readonly dest: Consumer<T>,
    private readonly place: BranchPlace,
    /** In which it has joined, until it is subscribed. Null if that is at once. */
    private round: Round | null,
    private readonly old: BranchSnapshot | undefined,
  ) {
    this.serial = old?.serial ?? branches.run.serial++;
    this.isRestored = old?.isNew === false;
    this.isKnown = old !== undefined;
    branches.feeder.region.usedBy(place.region);
  }

  get site(): Site {
    return this.place.sourceSite;
  }

  hasJoinedIn(round: Round): boolean {
    return this.round === round;
  }

  /** Whether what it leads to opens later: it would get values before that. */
  get isEarly(): boolean {
    return this.round?.isOpen === false && !this.dest.closed;
  }

  /** The same, before even an overdue timer can have fired in there. */
  get isWaiting(): boolean {
    return this.round?.hasBegun === false && !this.dest.closed;
  }

  /** The same, while overdue timers fire there. */
  get isFiring(): boolean {
    return this.round?.isFiring === true && !this.dest.closed;
  }

  admitted(): void {
    this.isPending = false;
    this.round = null;
  }

  pause(): void {
    const { upstream } = this.branches.feeder;
    if (upstream === null) return;
    (this.held ??= []).push(upstream);
    upstream.pause();
  }

  resume(): void {
    this.held?.pop()?.resume();
  }

  unsubscribe(): void {
    // Before anything happened: its pipeline was refused, and another one may come for the place.
    if (this.round?.hasBegun === false && this.old !== undefined) this.branches.giveBack(this.old);
    this.branches.leave(this);
    this.branches.feeder.region.leftBy(this.place.region);
    this.branches.feeder.branchLeft?.();
    while (this.held !== null && this.held.length > 0) this.resume();
  }
}

/** Who gets what a shared stream, a group or a window emits, in a job. The order in which they do is state. */
export class Branches<T> {
  // Of groups and windows there may be very many, most of them with one branch.
  private first: Branch<T> | null = null;
  /** Those who came later. */
  private others: Roster<Branch<T>> | null = null;
  private pending = 0;
  /** In the snapshot, and not back yet: by edge. Null for most. */
  private missing: Map<string, BranchSnapshot> | null = null;

  constructor(
    readonly run: Run,
    readonly feeder: Feeder,
  ) {}

  restore(branches: readonly BranchSnapshot[]): void {
    if (branches.length > 0) this.missing = new Map(branches.map((branch) => [branch.edge, branch]));
  }

  /** Whether all that are in the snapshot have joined again. */
  get areBack(): boolean {
    return this.missing === null || this.missing.size === 0;
  }

  /** Whether nobody is to come back, nor to be let in. */
  get areSettled(): boolean {
    return this.missing === null && this.pending === 0;
  }

  /** Whether one that has joined leads to something that opens later, in a round of its own. */
  get areEarly(): boolean {
    return this.hasPending(({ isEarly }) => isEarly);
  }

  /** Whether one that has joined leads to something that waits for others. */
  get areWaiting(): boolean {
    return this.hasPending(({ isWaiting }) => isWaiting);
  }

  /** Whether one that has joined leads to something whose overdue timers fire: it opens after them. */
  get areFiring(): boolean {
    return this.hasPending(({ isFiring }) => isFiring);
  }

  /** Whether all that are to be let in are, at the latest, when that round opens. */
  comeInWith(round: Round): boolean {
    if (this.missing !== null) return false;
    if (this.pending > 0)
      for (const branch of this.joined()) if (branch.isPending && !branch.hasJoinedIn(round)) return false;
    return true;
  }

  private hasPending(isSuch: (branch: Branch<T>) => boolean): boolean {
    if (this.pending === 0) return false;
    for (const branch of this.joined()) if (isSuch(branch)) return true;
    return false;
  }

  /** In the order in which they came. */
  private *joined(): Iterable<Branch<T>> {
    if (this.first !== null) yield this.first;
    if (this.others !== null) yield* this.others;
  }

  join(dest: Subscriber<T>, site: Site): Upstream {
    const old = this.missing === null ? undefined : takeByEdge(this.missing, site);
    const branch = new Branch<T>(this, dest as Consumer<T>, site, site.run.connecting, old);
    this.add(branch);
    return branch;
  }

  /** The same within a turn, where nobody is missing: to be let in right after that. */
  joinAtOnce(dest: Subscriber<T>, place: BranchPlace): Upstream {
    const branch = new Branch<T>(this, dest as Consumer<T>, place, null, undefined);
    this.add(branch);
    return branch;
  }

  private add(branch: Branch<T>): void {
    if (this.first === null && (this.others === null || this.others.size === 0)) this.first = branch;
    else (this.others ??= new Roster()).add(branch);
    this.pending++;
    branch.dest.add(branch);
  }

  leave(branch: Branch<T>): void {
    if (branch.isPending) this.admit(branch);
    if (this.first === branch) this.first = null;
    else this.others?.delete(branch);
  }

  /** A place that was taken by somebody who was refused. */
  giveBack(place: BranchSnapshot): void {
    (this.missing ??= new Map()).set(place.edge, place);
  }

  private admit(branch: Branch<T>): void {
    branch.admitted();
    this.pending--;
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
    for (const branch of this.joined()) {
      if (!branch.isPending || branch.isKnown || branch.dest.closed) continue;
      const old = left.shift();
      if (old === undefined) return;
      missing.delete(old.edge);
      branch.serial = old.serial;
      branch.isRestored = !old.isNew;
      branch.isKnown = true;
    }
  }

  /** Gives those that have joined since the last time to `subscribe`, in their order: all, or those with a place. */
  subscribePending<C>(
    subscribe: (context: C, dest: Consumer<T>, isRestored: boolean) => void,
    context: C,
    whom: 'all' | 'known' = 'all',
  ): void {
    if (this.pending === 0) return;
    // A turn: a BehaviorSubject emits to whoever comes, and one that has ended tells it so.
    this.run.enter();
    try {
      const newest = this.others?.newest ?? this.first;
      if (newest !== null && this.pending === 1 && newest.isPending && whom === 'all') {
        this.admit(newest);
        if (!newest.dest.closed) subscribe(context, newest.dest, newest.isRestored);
      } else {
        for (const { dest, isRestored } of this.takePending(whom))
          if (!dest.closed) subscribe(context, dest, isRestored);
      }
    } finally {
      this.run.leave();
    }
  }

  private takePending(whom: 'all' | 'known'): readonly Branch<T>[] {
    const taken = [...this.joined()].filter(({ isPending, isKnown }) => isPending && (whom === 'all' || isKnown));
    for (const branch of taken) this.admit(branch);
    return taken.sort((a, b) => a.serial - b.serial);
  }

  /** What feeds the branches is gone for good. */
  silence(): void {
    for (const { dest, site } of this.joined()) this.run.join(() => void connectSilent(dest, site));
  }

  barrier(barrier: Barrier): void {
    for (const { dest } of this.joined()) dest.barrier(barrier);
  }

  snapshot(): readonly BranchSnapshot[] {
    const isOpen = this.areBack;
    const branches: BranchSnapshot[] = [];
    for (const { site, serial, isRestored, isKnown, isPending } of this.joined()) {
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
