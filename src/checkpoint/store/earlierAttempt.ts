import { NewerFormatError } from '../../errors/NewerFormatError.js';
import type { CheckpointStorage } from '../../storage/CheckpointStorage.js';
import { checkpointIdOf } from './checkpointName.js';
import type { SegmentName } from './journalName.js';
import { segmentNameOf } from './journalName.js';
import type { SegmentHead } from './journalSegment.js';
import { generationOf } from './segmentOrigin.js';
import { readSegment } from './readSegment.js';

/** What a job has left that began with the same thing, and came to no checkpoint. */
export interface EarlierAttempt {
  /** Of its origin. */
  readonly generation: number;
  readonly segments: readonly SegmentName[];
}

interface IntactSegment extends SegmentName {
  readonly head: SegmentHead;
}

/**
 * A job that was told to begin with something, and was killed before a checkpoint could tell so, begins with it again. What was
 * journaled meanwhile was emitted, and somebody may have seen what came of it. Nobody else may have worked in the storage
 * since: then the job goes back on purpose, and what was emitted since is left behind.
 *
 * @param from - what it begins with: see `Origin`.
 * @param intact - the checkpoints that were found intact, by id.
 * @throws StorageError
 */
export async function earlierAttempt(
  storage: CheckpointStorage,
  names: readonly string[],
  from: string,
  intact: { has(id: number): boolean },
): Promise<EarlierAttempt | null> {
  const newestId = Math.max(0, ...names.map((name) => checkpointIdOf(name) ?? 0));
  // It may be one of that job's own, with which went what it needed no more.
  if (newestId > 0 && !intact.has(newestId)) return null;
  const found = await intactSegments(storage, names);
  const newest = found.reduce<IntactSegment | null>(
    (a, b) => (a === null || b.generation > a.generation ? b : a),
    null,
  );
  const generation = generationOf(newest?.head.origin, from);
  if (generation === null) return null;
  const segments = found.filter(({ head }) => head.origin === newest!.head.origin);
  return segments.some(({ head }) => head.since < newestId) ? null : { generation, segments };
}

async function intactSegments(storage: CheckpointStorage, names: readonly string[]): Promise<IntactSegment[]> {
  const parts = names.flatMap((name) => {
    const segment = segmentNameOf(name);
    return segment === undefined ? [] : { ...segment, name };
  });
  try {
    const segments = await Promise.all(parts.map((segment) => readSegment(storage, segment)));
    return segments.filter((segment): segment is typeof segment & IntactSegment => segment.head !== null);
  } catch (error) {
    // A newer version has worked here, and what it has written is left behind.
    if (error instanceof NewerFormatError) return [];
    throw error;
  }
}
