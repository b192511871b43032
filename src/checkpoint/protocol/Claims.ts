import type { CheckpointError } from '../../errors/CheckpointError.js';
import { CheckpointError as AnyCheckpointError } from '../../errors/CheckpointError.js';
import { NewerStateError } from '../../errors/NewerStateError.js';
import { RenameConflictError } from '../../errors/RenameConflictError.js';
import type { Capture } from './Capture.js';
import { migrate } from './migrate.js';
import { holdsNothing } from './silence.js';
import type { Participant } from './Participant.js';
import type { Revival } from './Revival.js';
import type { Scope } from './Scope.js';
import type { Snapshot } from './Snapshot.js';
import type { Upgrade } from './Upgrade.js';
import { formerNames } from './Upgrade.js';

/** An operator that found its snapshot under an old name. */
export interface Renamed {
  readonly operator: string;
  readonly was: string;
}

/** An operator whose state was brought to the version of the program. */
export interface Migrated {
  readonly operator: string;
  readonly from: number;
  readonly to: number;
}

interface Reserved {
  readonly snapshot: Snapshot;
  readonly since: number;
}

/**
 * The snapshots of a restore, and who takes which. What is wrong is kept and told when all have come: an error on the
 * way would reach the user's own catchError.
 */
export class Claims {
  /** That nobody has claimed yet, by participant name. */
  readonly unclaimed: Map<string, Snapshot> = new Map<string, Snapshot>();
  /** Of shared parts that nobody has reached since the restore, by participant name. They wait for who comes first. */
  readonly dormant: Map<string, Snapshot> = new Map<string, Snapshot>();
  /**
   * What one pipeline has dropped of what it shared, for those that are still to come, by participant name: until a checkpoint
   * is complete that has it so.
   */
  readonly reserved: Map<string, Reserved> = new Map<string, Reserved>();
  /** The names of those who got one. */
  readonly claimed: Set<string> = new Set<string>();
  readonly renamed: Renamed[] = [];
  readonly migrated: Migrated[] = [];
  readonly problems: CheckpointError[] = [];

  constructor(private readonly tools: { readonly capture: Capture; readonly revival: Revival }) {}

  /** Forgets what is left, when a restore is over. Renames stay known, and what is dormant: parts may come back later. */
  clear(): void {
    this.unclaimed.clear();
    this.claimed.clear();
    this.renamed.length = 0;
    this.migrated.length = 0;
    this.problems.length = 0;
    this.parts = null;
  }

  /** Snapshots that belong to nobody in the program, once all have come. */
  get orphaned(): [string, Snapshot][] {
    return [...this.unclaimed].filter(
      ([name, snapshot]) => snapshot.unused !== 'dormant' && !holdsNothing(name, snapshot),
    );
  }

  /** All is connected: who reaches a part that is dormant comes later. */
  letSleep(): void {
    for (const [name, snapshot] of this.unclaimed) if (snapshot.unused === 'dormant') this.dormant.set(name, snapshot);
  }

  /** What is left is dropped, but not for others that are away. @param since - the last barrier. */
  reserve(isAway: (pipeline: string) => boolean, since: number): void {
    for (const [name, snapshot] of this.orphaned) {
      const pipelines = snapshot.pipelines.filter(isAway);
      if (pipelines.length > 0) this.reserved.set(name, { snapshot: { ...snapshot, pipelines }, since });
    }
  }

  /** A checkpoint is complete. */
  forgetReserved(id: number): void {
    for (const [name, { since }] of this.reserved) if (since < id) this.reserved.delete(name);
  }

  /** What a shared part that has been dormant is to be restored from, for who reaches it first. */
  wake({ name, scope }: Participant, upgrade: Upgrade | null): Snapshot | undefined {
    const { dormant } = this;
    if (dormant.size === 0) return undefined;
    const former = upgrade === null ? [] : formerNames(name, scope.structuralPrefix, upgrade);
    const stored = [name, ...former].find((was) => dormant.has(was));
    if (stored === undefined) return undefined;
    const snapshot = dormant.get(stored);
    dormant.delete(stored);
    return snapshot;
  }

  /** Who has woken them was refused. */
  sleepAgain(before: readonly [string, Snapshot][]): void {
    for (const [name, snapshot] of before) this.dormant.set(name, snapshot);
  }

  /** What is dormant leaves with the last of its pipelines. */
  forgetDormant(isThere: (pipeline: string) => boolean): void {
    for (const [name, { pipelines }] of this.dormant) if (!pipelines.some(isThere)) this.dormant.delete(name);
  }

  claim(participant: Participant, upgrade: Upgrade | null): Snapshot | undefined {
    const { unclaimed } = this;
    if (unclaimed.size === 0) return undefined;
    // Not before it is needed: most names are never asked for.
    const { name, scope } = participant;
    if (upgrade !== null && upgrade.was.length > 0)
      this.rename(name, formerNames(name, scope.structuralPrefix, upgrade));
    const snapshot = unclaimed.get(name);
    if (snapshot === undefined) return undefined;
    unclaimed.delete(name);
    this.claimed.add(name);
    return this.current(name, snapshot, upgrade);
  }

  /** Whether a participant of that name would get a snapshot. */
  isAwaited(name: string, scope: Scope, upgrade: Upgrade | null): boolean {
    return this.find(name, scope, upgrade) !== undefined;
  }

  /** The same for one that went on for nobody at the checkpoint. */
  isUnused(name: string, scope: Scope, upgrade: Upgrade | null): boolean {
    return this.find(name, scope, upgrade)?.unused === 'active';
  }

  private find(name: string, scope: Scope, upgrade: Upgrade | null): Snapshot | undefined {
    const { unclaimed } = this;
    if (unclaimed.size === 0) return undefined;
    const snapshot = unclaimed.get(name);
    if (snapshot !== undefined || upgrade === null) return snapshot;
    const was = formerNames(name, scope.structuralPrefix, upgrade).find((old) => unclaimed.has(old));
    return was === undefined ? undefined : unclaimed.get(was);
  }

  /** Whether anything was found under an old name. */
  get hasRenamed(): boolean {
    return this.renames.size > 0;
  }

  /** The name that something of this name had in the snapshots; itself, if it is no part of what was renamed. */
  formerName(name: string): string {
    if (!this.hasRenamed) return name;
    // An inner operator may be renamed as well as the one around it: from the inside out. Each once: what one was called
    // may be what another one is called now.
    let former = name;
    for (const owner of [name, ...ownersIn(name).reverse()]) {
      const was = this.renames.get(owner);
      if (was !== undefined && former.startsWith(owner)) former = was + former.slice(owner.length);
    }
    return former;
  }

  /** Old names, by the new ones. */
  private readonly renames = new Map<string, string>();
  /** The names of the snapshots that belong to an operator, by its name; made when something is renamed. */
  private parts: Map<string, string[]> | null = null;

  private rename(operator: string, old: readonly string[]): void {
    const found = old.filter((was) => this.unclaimed.has(was));
    const was = found[0];
    if (was === undefined) return;
    if (found.length > 1 || this.unclaimed.has(operator)) {
      const culprit = found.length > 1 ? found[1]! : was;
      this.problems.push(new RenameConflictError({ operator, was: culprit, problem: 'both-stored' }));
      return;
    }
    this.renames.set(operator, was);
    this.renamed.push({ operator, was });
    // Its inner pipelines and attempts have its name in theirs.
    const parts = (this.parts ??= partsOf(this.unclaimed.keys()));
    for (const name of [was, ...(parts.get(was) ?? [])]) {
      const snapshot = this.unclaimed.get(name);
      if (snapshot === undefined) continue;
      const renamed = operator + name.slice(was.length);
      this.unclaimed.delete(name);
      this.unclaimed.set(renamed, snapshot);
      addParts(parts, renamed);
    }
  }

  private current(name: string, snapshot: Snapshot, upgrade: Upgrade | null): Snapshot | undefined {
    const stored = snapshot.version ?? 1;
    const version = upgrade?.version ?? 1;
    if (stored === version) return snapshot;
    try {
      if (stored > version || upgrade === null) throw new NewerStateError(name, stored, version);
      const migrated = migrate(name, snapshot, upgrade, this.tools);
      this.migrated.push({ operator: name, from: stored, to: version });
      return migrated;
    } catch (error) {
      if (!(error instanceof AnyCheckpointError)) throw error;
      this.problems.push(error);
      return undefined;
    }
  }
}

function partsOf(names: Iterable<string>): Map<string, string[]> {
  const parts = new Map<string, string[]>();
  for (const name of names) addParts(parts, name);
  return parts;
}

function addParts(parts: Map<string, string[]>, name: string): void {
  for (const owner of ownersIn(name)) {
    const known = parts.get(owner);
    if (known === undefined) parts.set(owner, [name]);
    else known.push(name);
  }
}

/** What may be the names of operators to which something of that name belongs: as an inner pipeline, an attempt, an input. */
function ownersIn(name: string): string[] {
  // A uid may have dots: only those in front of a number, at the end, are of an input.
  return Array.from(name.matchAll(/[[@]|\.\d+(?=$|>live$)/g), ({ index }) => name.slice(0, index));
}
