/**
 * What a job has to remember of where it was restored from, if that was not its newest checkpoint. It is in each manifest
 * for as long as it matters, so that it is known after a restart.
 */
export interface Lineage {
  /** Checkpoints that were restored without a claim: they stay, with all that they refer to. */
  readonly foreign: readonly number[];
  /** Checkpoints between these ids, exclusive, are of a line that was left: nobody falls back to them. */
  readonly left: readonly (readonly [after: number, before: number])[];
  /** Other names that were claimed. */
  readonly claimed: readonly ClaimedName[];
}

/**
 * It goes when no checkpoint before this id is retained any more, if it still is what was claimed: the name may have been
 * given to something else since, also where it is not known here that it was removed.
 */
export type ClaimedName = readonly [name: string, before: number, checksum: number];

export const NO_LINEAGE: Lineage = { foreign: [], left: [], claimed: [] };

export function isOfLeftLine({ left }: Lineage, id: number): boolean {
  return left.some(([after, before]) => after < id && id < before);
}

/** @returns undefined when there is nothing to remember. */
export function encodeLineage({ foreign, left, claimed }: Lineage): object | undefined {
  if (foreign.length + left.length + claimed.length === 0) return undefined;
  return { foreign, left, claimed };
}

/** @throws TypeError */
export function decodeLineage(encoded: unknown): Lineage {
  const { foreign, left, claimed } = encoded as Partial<Lineage>;
  if (!Array.isArray(foreign) || !Array.isArray(left) || !Array.isArray(claimed))
    throw new TypeError('not the lineage of a checkpoint');
  return { foreign, left, claimed };
}
