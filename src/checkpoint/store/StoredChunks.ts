import type { ChunkReference } from './Manifest.js';
import type { PackUse } from './packsToRewrite.js';

/** Knows which snapshots the storage has already, and where: a snapshot is immutable, so its identity tells. */
export class StoredChunks {
  private readonly references = new WeakMap<object, ChunkReference>();
  /** The packs that may be referred to, with their sizes. */
  private packs = new Map<number, number>();

  /** Forgets all packs but these. */
  reset(packs: Iterable<readonly [number, number]>): void {
    this.packs = new Map(packs);
  }

  addPack(id: number, sizeBytes: number): void {
    this.packs.set(id, sizeBytes);
  }

  /** A snapshot may well outlive the pack that it was in: a state that toggles comes back as the same object. */
  dropPack(id: number): void {
    this.packs.delete(id);
  }

  find(snapshot: object): ChunkReference | undefined {
    const reference = this.references.get(snapshot);
    return reference !== undefined && this.packs.has(reference.pack) ? reference : undefined;
  }

  /** A write that resolves late does not move a snapshot back to an older pack. */
  remember(snapshot: object, reference: ChunkReference): void {
    const known = this.find(snapshot);
    if (known === undefined || known.pack < reference.pack) this.references.set(snapshot, reference);
  }

  /** How much of each pack these references need. */
  uses(references: Iterable<ChunkReference>): PackUse[] {
    const live = new Map<number, number>();
    for (const { pack, length } of references) live.set(pack, (live.get(pack) ?? 0) + length);
    return Array.from(live, ([id, liveBytes]) => ({ id, sizeBytes: this.packs.get(id)!, liveBytes }));
  }
}
