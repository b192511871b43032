import { journalId } from '../checkpoint/store/journalName.js';
import { journalFacts } from '../checkpoint/CheckpointMeta.js';
import { codecTypes } from '../checkpoint/codecTypes.js';
import type { JournalFacts } from '../checkpoint/store/Journals.js';
import { decodeEntries } from '../checkpoint/store/journalSegment.js';
import { savepointNameOf } from '../checkpoint/store/savepointName.js';
import type { CheckpointStorage } from '../storage/CheckpointStorage.js';
import type { SnapshotHead } from './decodeHead.js';
import { decodeHead } from './decodeHead.js';
import type { CheckpointSummary } from './listCheckpoints.js';
import { summaryOf } from './listCheckpoints.js';
import type { OpenCheckpoint } from './openCheckpoint.js';
import { withCheckpoint } from './openCheckpoint.js';
import type { CheckpointReference } from './packNames.js';
import { packName } from './packNames.js';
import type { Readable } from './Readable.js';
import { StoredJournals } from './StoredJournals.js';
import { metaOf } from './StoredPacks.js';
import { toReadable } from './toReadable.js';

/** What one operator, source or sink has in a checkpoint. */
export interface OperatorSummary {
  /** The uid, or the structural name. */
  readonly name: string;
  /** Its encoded snapshot, in bytes. */
  readonly sizeBytes: number;
  /** The name of the pack that has it: of an older checkpoint if it did not change since. */
  readonly pack: string;
  /** The names of the pipelines that it belongs to. */
  readonly pipelines: readonly string[];
  /** For sources: where they resume. Absent otherwise. */
  readonly position?: Readable;
  /** What is wrong with its snapshot, if anything. */
  readonly problem: string | null;
}

/** Where a journaled source stands in a checkpoint. */
export interface JournalSummary {
  /** Its name. */
  readonly source: string;
  /** The number of the entry that it goes on with. */
  readonly position: number;
  /** How many entries the storage has from there on, which a restart emits first. */
  readonly waiting: number;
  /** What is wrong with them, if anything. */
  readonly problem: string | null;
}

export interface CheckpointDetails extends CheckpointSummary {
  /** By name. */
  readonly operators: readonly OperatorSummary[];
  readonly journals: readonly JournalSummary[];
}

/**
 * One checkpoint, with what each operator has in it. Reads all of its snapshots, one after the other.
 *
 * @throws RestorePointNotFoundError, UnreadableCheckpointError, StorageError
 */
export async function readCheckpoint(
  storage: CheckpointStorage,
  reference: CheckpointReference,
): Promise<CheckpointDetails> {
  const journals = await journalsFor(storage, reference);
  return withCheckpoint(storage, reference, async (checkpoint) => {
    const operators: OperatorSummary[] = [];
    for (const name of checkpoint.namesByPack()) operators.push(await operatorIn(checkpoint, name, reference));
    operators.sort((a, b) => (a.name < b.name ? -1 : 1));
    return { ...summaryOf(checkpoint.pack), operators, journals: await journalsOf(checkpoint, journals) };
  });
}

/**
 * They are read before the checkpoint: a running job then may have added to their ends, but has not removed what a
 * checkpoint needs that is there afterwards.
 */
function journalsFor(storage: CheckpointStorage, reference: CheckpointReference): Promise<StoredJournals> {
  return withCheckpoint(storage, reference, ({ manifest }) => {
    const sources = [...journalFacts(metaOf(manifest)).positions.keys()];
    return StoredJournals.read(storage, new Set(sources.map(journalId)));
  });
}

async function operatorIn(
  checkpoint: OpenCheckpoint,
  name: string,
  reference: CheckpointReference,
): Promise<OperatorSummary> {
  const { length, pack } = checkpoint.manifest.entries.get(name)!;
  const base = { name, sizeBytes: length, pack: packName(checkpoint.pack, pack) };
  try {
    const { pipelines, position }: SnapshotHead = decodeHead(await checkpoint.chunk(name));
    const summary = { ...base, pipelines, problem: null };
    return position === undefined ? summary : { ...summary, position: toReadable(position) };
  } catch (error) {
    if (await checkpoint.hasMoved(reference)) throw error;
    return { ...base, pipelines: [], problem: (error as Error).message };
  }
}

async function journalsOf(checkpoint: OpenCheckpoint, journals: StoredJournals): Promise<JournalSummary[]> {
  const facts = journalFacts(metaOf(checkpoint.manifest));
  if (savepointNameOf(checkpoint.name) !== undefined) return ownJournals(checkpoint, facts);
  return Array.from(facts.positions.keys(), (source) => {
    const { position, end, broken, damagedEnd } = journals.from(source, facts);
    const problem = broken ?? damagedEnd;
    return {
      source,
      position,
      waiting: Math.max(0, end - position),
      problem: problem === null ? null : `${problem.name} ${problem.problem}`,
    };
  });
}

/** A savepoint has them with it. */
async function ownJournals(checkpoint: OpenCheckpoint, { positions }: JournalFacts): Promise<JournalSummary[]> {
  const journals: JournalSummary[] = [];
  for (const [source, position] of positions) {
    const entries = await checkpoint.journal(source);
    const waiting = entries === undefined ? 0 : decodeEntries(entries, codecTypes).values.length;
    journals.push({ source, position, waiting, problem: null });
  }
  return journals;
}
