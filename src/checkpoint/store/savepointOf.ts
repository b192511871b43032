import { DamagedJournalError } from '../../errors/DamagedJournalError.js';
import { DamagedSavepointError } from '../../errors/DamagedSavepointError.js';
import { attempt } from '../../storage/attempt.js';
import type { CheckpointStorage } from '../../storage/CheckpointStorage.js';
import { checkpointName } from './checkpointName.js';
import type { CodecTypes } from './CodecType.js';
import type { JournalEntries } from './JournalEntries.js';
import { joinEntries, sliceEntries } from './JournalEntries.js';
import { journalId, segmentNameOf } from './journalName.js';
import type { JournalFacts } from './Journals.js';
import { decodeEntries, encodeEntries } from './journalSegment.js';
import type { Origin } from './Origin.js';
import { isSegmentOf } from './segmentOrigin.js';
import { PackReader } from './PackReader.js';
import { readSegment } from './readSegment.js';
import { buildSavepoint } from './savepointPack.js';
import { chainFrom, effectiveEnds } from './segmentChain.js';
import { notFound } from './storedSavepoints.js';

/**
 * The bytes of a savepoint of a stored checkpoint: everything that it refers to in one piece, and what its journaled
 * sources had still to emit. Nothing is decoded but that. Nobody may remove any of it meanwhile.
 *
 * @param factsOf - gives what the checkpoint's `meta` says of journals.
 * @throws RestorePointNotFoundError, DamagedSavepointError, DamagedJournalError, NewerFormatError, StorageError
 */
export async function savepointOf(
  storage: CheckpointStorage,
  id: number,
  types: CodecTypes,
  factsOf: (meta: unknown) => JournalFacts,
): Promise<Uint8Array> {
  const name = checkpointName(id);
  const names = await attempt({ storage: storage.description, operation: 'list' }, () => storage.list());
  if (!names.includes(name)) throw await notFound(storage, id);
  const checkpoint = await new PackReader(storage).readCheckpoint(id);
  if (typeof checkpoint === 'string') {
    const source = `Checkpoint ${id} in the storage (${storage.description})`;
    throw new DamagedSavepointError({ source, problem: checkpoint });
  }
  const { timestamp, meta } = checkpoint.manifest;
  const journals = new Map<string, Uint8Array>();
  const { positions, origin } = factsOf(meta);
  for (const [source, position] of positions) {
    const entries = await entriesFrom({ storage, names, types, source, position, origin });
    if (entries.values.length > 0) journals.set(source, encodeEntries(entries, types));
  }
  return buildSavepoint({ id, timestamp, meta, entries: checkpoint.chunks, journals }, types);
}

/** What is stored of a source's journal from that position on. */
async function entriesFrom(journal: {
  storage: CheckpointStorage;
  names: readonly string[];
  types: CodecTypes;
  source: string;
  position: number;
  origin: Origin | undefined;
}): Promise<JournalEntries> {
  const { storage, names, types, source, position, origin } = journal;
  const id = journalId(source);
  const own = names.flatMap((name) => {
    const parts = segmentNameOf(name);
    return parts?.journal === id ? { ...parts, name } : [];
  });
  const found = await Promise.all(own.map((parts) => readSegment(storage, parts)));
  const segments = found.filter((segment) => isSegmentOf(origin, segment));
  const encoded = new Map(segments.map(({ name, entries }) => [name, entries]));
  const { parts, broken } = chainFrom(position, effectiveEnds(segments));
  if (broken !== null) {
    const { segment, problem } = broken;
    throw new DamagedJournalError({ storage: storage.description, segment: segment.name, problem, source });
  }
  return joinEntries(
    parts.map(({ segment, from, to }) => sliceEntries(decodeEntries(encoded.get(segment.name)!, types), from, to)),
  );
}
