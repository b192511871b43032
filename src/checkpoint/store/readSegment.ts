import { NewerFormatError } from '../../errors/NewerFormatError.js';
import { attempt } from '../../storage/attempt.js';
import type { CheckpointStorage } from '../../storage/CheckpointStorage.js';
import type { SegmentName } from './journalName.js';
import { JOURNAL_VERSION, openSegment } from './journalSegment.js';
import type { StoredSegment } from './segmentChain.js';

/** A segment of a journal as it was found. */
export interface ReadSegment extends StoredSegment {
  /** The encoded entries; null when it is damaged. */
  readonly entries: Uint8Array | null;
}

/**
 * Reads a segment, which may turn out damaged.
 *
 * @throws NewerFormatError, StorageError
 */
export async function readSegment(
  storage: CheckpointStorage,
  parts: SegmentName & { readonly name: string },
): Promise<ReadSegment> {
  const { name, first } = parts;
  const what = { storage: storage.description, operation: 'read', target: name } as const;
  const bytes = await attempt(what, () => storage.read(name));
  const opened = openSegment(bytes ?? new Uint8Array(0), first);
  if (opened.type === 'damaged') return { ...parts, head: null, problem: opened.problem, entries: null };
  if (opened.type === 'intact') return { ...parts, head: opened.head, problem: '', entries: opened.entries };
  throw new NewerFormatError({
    storage: storage.description,
    checkpoint: name,
    formatVersion: opened.formatVersion,
    supportedVersion: JOURNAL_VERSION,
  });
}
