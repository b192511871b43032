/** A pack that the checkpoint being prepared could refer to. */
export interface PackUse {
  readonly id: number;
  readonly sizeBytes: number;
  /** What the checkpoint needs of it. */
  readonly liveBytes: number;
}

/** Every pack is a file to open at a restore. */
const MAX_PACKS = 32;
/** So little that it is not worth a rewrite. */
const NEGLIGIBLE_BYTES = 64 * 1024;

/**
 * Which packs' live chunks are to be written again, so that nothing refers to the pack any more. What remains takes at
 * most twice the bytes that are live in it (and 64 KiB), in at most 32 packs; so a chunk is written again only after as
 * much around it has died, which at most doubles what is written in the long run.
 */
export function packsToRewrite(packs: readonly PackUse[]): Set<number> {
  const kept = new Set(packs);
  let sizeBytes = sum(packs, (pack) => pack.sizeBytes);
  let liveBytes = sum(packs, (pack) => pack.liveBytes);
  while (kept.size > MAX_PACKS || sizeBytes > 2 * liveBytes + NEGLIGIBLE_BYTES) {
    // Too many: the one that costs least to write again. Too dead: the deadest.
    const victim = leastOf(kept, (pack) => (kept.size > MAX_PACKS ? pack.liveBytes : pack.liveBytes / pack.sizeBytes));
    kept.delete(victim);
    sizeBytes -= victim.sizeBytes;
    liveBytes -= victim.liveBytes;
  }
  return new Set(packs.filter((pack) => !kept.has(pack)).map((pack) => pack.id));
}

function sum<T>(items: Iterable<T>, of: (item: T) => number): number {
  let total = 0;
  for (const item of items) total += of(item);
  return total;
}

function leastOf<T>(items: Iterable<T>, of: (item: T) => number): T {
  return [...items].reduce((least, item) => (of(item) < of(least) ? item : least));
}
