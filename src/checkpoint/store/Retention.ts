import { checkpointName } from './checkpointName.js';
import { checksum } from './checksum.js';
import type { ClaimedName, Lineage } from './Lineage.js';
import { NO_LINEAGE } from './Lineage.js';
import { newestIds, removablePacks } from './removablePacks.js';
import type { StateHandle, StateHandleProvider } from './StateHandle.js';

/** The packs that a checkpoint refers to, its own among them. */
export type PackIds = ReadonlySet<number>;

/** What a job goes on from. */
export interface RetentionLine {
  /** The intact checkpoints. */
  readonly checkpoints: ReadonlyMap<number, PackIds>;
  /** Restored without a claim: each with the packs that it refers to. */
  readonly foreign: ReadonlyMap<number, PackIds>;
  /** As the checkpoint has it that was loaded. */
  readonly lineage: Lineage;
}

export interface RetentionStart extends RetentionLine {
  /** How many checkpoints to keep. */
  readonly retained: number;
  /** The ids of all names. */
  readonly stored: Iterable<number>;
}

/** Removes with the claim of its run. It has all of that run, which may be over: so it is kept nowhere here. */
export interface Remover {
  /** Which start it is of. */
  readonly start: number;
  readonly handles: StateHandleProvider;
  /** A removal failed. */
  readonly onFailed: (error: unknown) => void;
}

/** Keeps the newest checkpoints and all that they refer to, and removes the rest. */
export class Retention {
  private readonly stored = new Set<number>();
  private readonly pinned = new Set<PackIds>();
  /** By name. */
  private readonly removals = new Map<string, Promise<void>>();
  private foreign: ReadonlyMap<number, PackIds> = new Map<number, PackIds>();
  private lineage: Lineage = NO_LINEAGE;
  private checkpoints = new Map<number, PackIds>();
  private isSuspended = false;
  /** How many holds there are. */
  private holds = 0;
  private retained = Infinity;
  private starts = 0;

  /** While a load reads, nothing is removed, not even for a write of the run before that resolves only now. */
  suspend(): void {
    this.isSuspended = true;
  }

  /** Starts from what a load found. @returns the number of the start: the newest one's run removes what is due. */
  resume(found: RetentionStart): number {
    this.isSuspended = false;
    this.retained = found.retained;
    for (const id of found.stored) this.stored.add(id);
    this.checkpoints = new Map(found.checkpoints);
    this.foreign = found.foreign;
    this.lineage = found.lineage;
    return ++this.starts;
  }

  /** While somebody copies a checkpoint nothing is removed; what is due goes with the next checkpoint that completes. */
  hold(): () => void {
    let isHeld = true;
    this.holds++;
    return () => {
      if (isHeld) this.holds--;
      isHeld = false;
    };
  }

  /** How many checkpoints to keep from the next completed one on, until a load says otherwise. */
  keep(retained: number): void {
    this.retained = retained;
  }

  isBeingRemoved(id: number): boolean {
    return this.removals.has(checkpointName(id));
  }

  /** All checkpoints that are there are of a line that was left. `next` is the id of the first of the new one. */
  leave(next: number): void {
    this.checkpoints = new Map();
    this.lineage = { ...this.lineage, left: [[0, next]] };
  }

  /** Another name than a checkpoint's becomes this job's to remove. */
  claim(claimed: ClaimedName): void {
    this.lineage = { ...this.lineage, claimed: [...this.lineage.claimed, claimed] };
  }

  get claimedNames(): readonly ClaimedName[] {
    return this.lineage.claimed;
  }

  /** For the manifest of the next checkpoint: what still matters. */
  currentLineage(): Lineage {
    const { left, claimed } = this.lineage;
    const isStored = ([after, before]: readonly [number, number]): boolean =>
      [...this.stored].some((id) => after < id && id < before);
    return { foreign: [...this.foreign.keys()], left: left.filter(isStored), claimed };
  }

  /** From when references to these packs are made until they are durable, or given up. */
  pin(packs: PackIds): void {
    this.pinned.add(packs);
  }

  unpin(packs: PackIds): void {
    this.pinned.delete(packs);
  }

  /** A write under this id has begun: whatever comes of it, there may be something to remove one day. */
  mayBeStored(id: number): void {
    this.stored.add(id);
  }

  /** @returns the packs that are being removed now, and may not be referred to any more. */
  complete(id: number, packs: PackIds, remover: Remover | null): number[] {
    this.checkpoints.set(id, packs);
    if (this.isSuspended || this.holds > 0 || remover?.start !== this.starts) return [];
    const removable = removablePacks({
      retained: this.retained,
      stored: this.stored,
      checkpoints: this.checkpoints,
      pinned: [...this.pinned, ...this.foreign.values()],
    });
    for (const old of removable) {
      this.checkpoints.delete(old);
      this.remove(checkpointName(old), remover, discard, () => this.stored.delete(old));
    }
    this.removeClaimed(remover);
    return removable;
  }

  private removeClaimed(remover: Remover): void {
    const newest = this.retainedIds();
    const oldest = newest[this.retained - 1];
    if (oldest === undefined) return;
    for (const claim of this.lineage.claimed) {
      const [name, before, sum] = claim;
      const forget = (): void => {
        this.lineage = { ...this.lineage, claimed: this.lineage.claimed.filter((other) => other !== claim) };
      };
      if (before <= oldest) this.remove(name, remover, (handle) => discardIf(handle, sum), forget);
    }
  }

  retainedIds(): number[] {
    return newestIds(this.checkpoints, this.holds > 0 ? Infinity : this.retained);
  }

  /** Those that are somebody else's, and stay: each with the packs that it refers to. */
  get foreignCheckpoints(): ReadonlyMap<number, PackIds> {
    return this.foreign;
  }

  /** Whether there are checkpoints that are somebody else's, and stay. */
  get hasForeign(): boolean {
    return this.foreign.size > 0;
  }

  async idle(): Promise<void> {
    await Promise.all(this.removals.values());
  }

  private remove(
    name: string,
    { handles, onFailed }: Remover,
    discard: (handle: StateHandle) => Promise<void>,
    forget: () => void,
  ): void {
    if (this.removals.has(name)) return;
    const removal = discard(handles.handle(name))
      .then(forget, onFailed)
      .finally(() => this.removals.delete(name));
    this.removals.set(name, removal);
  }
}

const discard = (handle: StateHandle): Promise<void> => handle.discard();

/** Removes what has this checksum, and nothing else. */
async function discardIf(handle: StateHandle, sum: number): Promise<void> {
  const bytes = await handle.get();
  if (bytes !== undefined && checksum(bytes) === sum) await handle.discard();
}
