import type { FoundCheckpoints } from './findCheckpoints.js';
import type { ClaimedName, Lineage } from './Lineage.js';
import { NO_LINEAGE } from './Lineage.js';
import type { PackIds, RetentionLine } from './Retention.js';

export type ClaimMode = 'claim' | 'no-claim';

/** What was kept before a job goes back. */
export interface Before {
  /** The id of the checkpoint that will be written first. */
  readonly next: number;
  /** What the newest checkpoint has as somebody else's: that of the restored one may be of before. */
  readonly foreign: ReadonlyMap<number, PackIds>;
  /** What was handed to the job, it has, wherever it goes back to. */
  readonly claimed: readonly ClaimedName[];
}

/** Another checkpoint to begin with than the newest. Who goes back to one brings it to the store. */
export class ReturnPoint {
  constructor(
    readonly id: number,
    /**
     * `no-claim`: it stays its owner's. It is never removed here, and the first checkpoint written after it is full.
     * `claim`: it is this job's from now on, which builds on it and removes it in time.
     */
    readonly claim: ClaimMode,
  ) {}

  /** What is kept from now on. */
  line(found: FoundCheckpoints, { next, foreign: before, claimed }: Before): RetentionLine {
    const { id, claim } = this;
    const { left } = found.newest!.manifest.lineage ?? NO_LINEAGE;
    const lineage: Lineage = { ...NO_LINEAGE, left: [...left, [id, next]], claimed };
    const foreign = new Map([...before, ...found.foreign]);
    if (claim === 'claim') {
      foreign.delete(id);
      return { checkpoints: found.intact, foreign, lineage };
    }
    foreign.set(id, found.intact.get(id)!);
    const checkpoints = new Map(found.intact);
    checkpoints.delete(id);
    return { checkpoints, foreign, lineage };
  }
}
