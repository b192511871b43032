import { attempt } from '../../storage/attempt.js';
import type { CheckpointStorage } from '../../storage/CheckpointStorage.js';
import { checkpointName } from './checkpointName.js';
import { newestIds, removablePacks } from './removablePacks.js';

/** The packs that a checkpoint refers to, its own among them. */
export type PackIds = ReadonlySet<number>;

export interface RetentionStart {
  /** Where to remove from; with the claim of whoever goes on. */
  readonly storage: CheckpointStorage;
  /** How many checkpoints to keep. */
  readonly retained: number;
  /** The ids of all names. */
  readonly stored: Iterable<number>;
  /** The intact checkpoints. */
  readonly checkpoints: ReadonlyMap<number, PackIds>;
  /** A removal failed. */
  readonly onFailed: (error: unknown) => void;
}

/** Keeps the newest checkpoints and all that they refer to, and removes the rest. */
export class Retention {
  private readonly stored = new Set<number>();
  private readonly pinned = new Set<PackIds>();
  private readonly removals = new Map<number, Promise<void>>();
  private checkpoints = new Map<number, PackIds>();
  private isSuspended = false;
  /** How many holds there are. */
  private holds = 0;
  private retained = Infinity;
  private onFailed: (error: unknown) => void = () => undefined;
  private storage: CheckpointStorage | null = null;

  /** While a load reads, nothing is removed, not even for a write of the run before that resolves only now. */
  suspend(): void {
    this.isSuspended = true;
  }

  /** Starts from what a load found. */
  resume(found: RetentionStart): void {
    this.isSuspended = false;
    this.storage = found.storage;
    this.retained = found.retained;
    this.onFailed = found.onFailed;
    for (const id of found.stored) this.stored.add(id);
    this.checkpoints = new Map(found.checkpoints);
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

  isBeingRemoved(id: number): boolean {
    return this.removals.has(id);
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
  complete(id: number, packs: PackIds): number[] {
    this.checkpoints.set(id, packs);
    const { storage } = this;
    if (this.isSuspended || this.holds > 0 || storage === null) return [];
    const removable = removablePacks({
      retained: this.retained,
      stored: this.stored,
      checkpoints: this.checkpoints,
      pinned: this.pinned,
    });
    for (const old of removable) {
      this.checkpoints.delete(old);
      if (!this.removals.has(old)) this.removals.set(old, this.remove(storage, old));
    }
    return removable;
  }

  retainedIds(): number[] {
    return newestIds(this.checkpoints, this.holds > 0 ? Infinity : this.retained);
  }

  async idle(): Promise<void> {
    await Promise.all(this.removals.values());
  }

  private async remove(storage: CheckpointStorage, id: number): Promise<void> {
    const target = checkpointName(id);
    try {
      await attempt({ storage: storage.description, operation: 'remove', target }, () => storage.remove(target));
      this.stored.delete(id);
    } catch (error) {
      this.onFailed(error);
    } finally {
      this.removals.delete(id);
    }
  }
}
