import type { PipelineStatus } from './Checkpoint.js';
import type { JournalPositions } from './store/Journals.js';

/** What a checkpoint says of the job as a whole. Stored as JSON. */
export interface CheckpointMeta {
  readonly pipelines: Readonly<Record<string, PipelineStatus>>;
  readonly serial: number;
  /** The numbers of the next entries of journals, by the names of their sources. Left out when there are none. */
  readonly journals?: readonly (readonly [string, number])[];
}

export function journalMeta(positions: JournalPositions): Pick<CheckpointMeta, 'journals'> {
  return positions.size === 0 ? {} : { journals: [...positions] };
}

export function journalPositions(meta: unknown): JournalPositions {
  return new Map((meta as CheckpointMeta).journals);
}
