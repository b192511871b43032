import { attempt } from '../../storage/attempt.js';
import type { CheckpointStorage } from '../../storage/CheckpointStorage.js';
import type { SegmentName } from './journalName.js';
import type { StoredSegment } from './segmentChain.js';

export interface KnownSegment {
  readonly segment: StoredSegment;
  /** The number behind its last entry; 0 for what was written in vain. */
  readonly end: number;
  /** The newest checkpoint id when it was found or written. */
  readonly knownSince: number;
}

export interface JournalSegmentsOptions {
  readonly storage: CheckpointStorage;
  readonly onCleanupFailed: (error: unknown) => void;
}

/** All segments of journals that are in the storage, until nobody needs them any more. */
export class JournalSegments {
  /** By name. */
  private readonly known = new Map<string, KnownSegment>();
  /** The names of those of work that was left behind, see `Origin`. */
  private readonly foreign = new Set<string>();
  private readonly removals = new Map<string, Promise<void>>();

  constructor(private readonly options: JournalSegmentsOptions) {}

  add(segment: KnownSegment): void {
    this.known.set(segment.segment.name, segment);
  }

  addForeign(name: string): void {
    this.foreign.add(name);
  }

  /** What an earlier opening wrote from here on was written in vain, see `effectiveEnds`. */
  cutOff({ journal, first }: SegmentName): void {
    for (const [name, known] of this.known) {
      const { segment, end } = known;
      if (segment.journal !== journal || end <= first) continue;
      this.known.set(name, { ...known, end: segment.first < first ? first : 0 });
    }
  }

  /** Removes what nobody needs. What was written in vain goes first: what tells so must not be gone when it is found again. */
  keep(isNeeded: (segment: KnownSegment) => boolean): void {
    const inVain = new Set<string>();
    for (const { segment, end } of this.known.values()) if (end === 0) inVain.add(segment.journal);
    for (const [name, known] of this.known) {
      if (known.end === 0 || !(inVain.has(known.segment.journal) || isNeeded(known))) this.remove(name);
    }
  }

  removeForeign(): void {
    for (const name of this.foreign) this.remove(name);
  }

  /** Resolves when nothing is being removed. */
  async idle(): Promise<void> {
    await Promise.all(this.removals.values());
  }

  private remove(name: string): void {
    if (!this.removals.has(name)) this.removals.set(name, this.removeFromStorage(name));
  }

  private async removeFromStorage(name: string): Promise<void> {
    const { storage, onCleanupFailed } = this.options;
    try {
      const what = { storage: storage.description, operation: 'remove', target: name } as const;
      await attempt(what, () => storage.remove(name));
      this.known.delete(name);
      this.foreign.delete(name);
    } catch (error) {
      onCleanupFailed(error);
    } finally {
      this.removals.delete(name);
    }
  }
}
