import type { PipelineStatus } from './Checkpoint.js';
import type { ClockReading } from './protocol/JobClock.js';
import type { LoadedCheckpoint } from './store/LoadedCheckpoint.js';
import type { JournalFacts, JournalPositions } from './store/Journals.js';
import type { Origin } from './store/Origin.js';
import { originOf } from './store/Origin.js';

/** What a checkpoint says of the job as a whole. Stored as JSON. */
export interface CheckpointMeta {
  readonly pipelines: Readonly<Record<string, PipelineStatus>>;
  readonly serial: number;
  /** By how many ms the clock had been set back. Left out when it never was. */
  readonly setBackMs?: number;
  /** The numbers of the next entries of journals, by the names of their sources. Left out when there are none. */
  readonly journals?: readonly (readonly [string, number])[];
  /** The highest generation that an opening of a journal ever had. Left out when there was none. */
  readonly generation?: number;
  /** What the job was told to begin with. Left out when that was always the newest checkpoint. */
  readonly origin?: Origin;
}

export function journalMeta(
  positions: JournalPositions,
  generation: number,
): Pick<CheckpointMeta, 'journals' | 'generation'> {
  return { ...(positions.size > 0 && { journals: [...positions] }), ...(generation > 0 && { generation }) };
}

export function originMeta(origin: Origin | undefined): Pick<CheckpointMeta, 'origin'> {
  return origin === undefined ? {} : { origin };
}

export function clockMeta(setBackMs: number): Pick<CheckpointMeta, 'setBackMs'> {
  return setBackMs === 0 ? {} : { setBackMs };
}

/** Where the clock was. */
export function clockIn({ timestamp, meta }: LoadedCheckpoint): ClockReading {
  return { timestamp, setBackMs: (meta as Partial<CheckpointMeta> | null)?.setBackMs ?? 0 };
}

export function journalFacts(meta: unknown): JournalFacts {
  const { journals, generation = 0 } = meta as CheckpointMeta;
  return { positions: new Map(journals), origin: originOf(meta), generation };
}
