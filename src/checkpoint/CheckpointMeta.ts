import type { PipelineStatus } from './Checkpoint.js';
import type { JournalFacts, JournalPositions } from './store/Journals.js';
import type { Origin } from './store/Origin.js';
import { originOf } from './store/Origin.js';

/** What a checkpoint says of the job as a whole. Stored as JSON. */
export interface CheckpointMeta {
  readonly pipelines: Readonly<Record<string, PipelineStatus>>;
  readonly serial: number;
  /** The numbers of the next entries of journals, by the names of their sources. Left out when there are none. */
  readonly journals?: readonly (readonly [string, number])[];
  /** What the job was told to begin with. Left out when that was always the newest checkpoint. */
  readonly origin?: Origin;
}

export function journalMeta(positions: JournalPositions): Pick<CheckpointMeta, 'journals'> {
  return positions.size === 0 ? {} : { journals: [...positions] };
}

export function originMeta(origin: Origin | undefined): Pick<CheckpointMeta, 'origin'> {
  return origin === undefined ? {} : { origin };
}

export function journalFacts(meta: unknown): JournalFacts {
  return { positions: new Map((meta as CheckpointMeta).journals), origin: originOf(meta) };
}
