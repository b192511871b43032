export interface RetentionFacts {
  /** How many checkpoints to keep. */
  readonly retained: number;
  /** The ids of all packs that may be in the storage, whatever has become of them. */
  readonly stored: Iterable<number>;
  /** The intact checkpoints, each with the packs that it refers to. */
  readonly checkpoints: ReadonlyMap<number, ReadonlySet<number>>;
  /** The packs that checkpoints refer to which are still to be written. */
  readonly pinned: Iterable<ReadonlySet<number>>;
}

/**
 * What retention lets go: the packs older than all retained checkpoints, unless something refers to them. Younger ones
 * stay even if nothing does, a damaged checkpoint for example, until enough intact ones have come after it.
 */
export function removablePacks({ retained, stored, checkpoints, pinned }: RetentionFacts): number[] {
  const newest = newestIds(checkpoints, retained);
  const oldest = newest[retained - 1];
  if (oldest === undefined) return [];
  const needed = new Set(newest.flatMap((id) => [...checkpoints.get(id)!]));
  for (const packs of pinned) for (const pack of packs) needed.add(pack);
  return [...stored].filter((id) => id < oldest && !needed.has(id));
}

export function newestIds(checkpoints: ReadonlyMap<number, unknown>, count: number): number[] {
  return [...checkpoints.keys()].sort((a, b) => b - a).slice(0, count);
}
