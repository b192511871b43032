import type { SegmentName } from '../checkpoint/store/journalName.js';
import { journalId, segmentNameOf } from '../checkpoint/store/journalName.js';
import type { OpenedSegment } from '../checkpoint/store/journalSegment.js';
import { openSegment } from '../checkpoint/store/journalSegment.js';
import type { StoredSegment } from '../checkpoint/store/segmentChain.js';
import { chainFrom, effectiveEnds } from '../checkpoint/store/segmentChain.js';
import type { JournalFacts } from '../checkpoint/store/Journals.js';
import { isSegmentOf } from '../checkpoint/store/segmentOrigin.js';
import { attempt } from '../storage/attempt.js';
import type { CheckpointStorage } from '../storage/CheckpointStorage.js';

export interface SegmentProblem {
  /** The segment's name in the storage. */
  readonly name: string;
  readonly problem: string;
}

/** What a journal has from some position on. */
export interface JournalRest {
  /** Where the checkpoint has it. */
  readonly position: number;
  /** The number that the next entry gets. */
  readonly end: number;
  /** In the way of entries that follow: its source would not start. */
  readonly broken: SegmentProblem | null;
  /** The last one is damaged, and is taken for the end. */
  readonly damagedEnd: SegmentProblem | null;
}

/** The journals of a storage, read without a lock. Entries are checked, and not kept. */
export class StoredJournals {
  private constructor(private readonly byJournal: ReadonlyMap<string, readonly SizedSegment[]>) {}

  /** @param wanted - the ids of the journals to read. Default: all. */
  static async read(storage: CheckpointStorage, wanted?: ReadonlySet<string>): Promise<StoredJournals> {
    if (wanted?.size === 0) return new StoredJournals(new Map());
    const names = await attempt({ storage: storage.description, operation: 'list' }, () => storage.list());
    const byJournal = new Map<string, SizedSegment[]>();
    for (const name of names) {
      const parts = segmentNameOf(name);
      if (parts === undefined || wanted?.has(parts.journal) === false) continue;
      const segment = await readSegment(storage, name, parts);
      if (segment === undefined) continue;
      const segments = byJournal.get(segment.journal);
      if (segments === undefined) byJournal.set(segment.journal, [segment]);
      else segments.push(segment);
    }
    return new StoredJournals(byJournal);
  }

  *segments(): Iterable<SizedSegment> {
    for (const segments of this.byJournal.values()) yield* segments;
  }

  /** What there is for a source from the position that a checkpoint has. */
  from(source: string, { positions, origin }: JournalFacts): JournalRest {
    const position = positions.get(source) ?? 0;
    const segments = (this.byJournal.get(journalId(source)) ?? []).filter((segment) => isSegmentOf(origin, segment));
    const { end, broken, damagedEnd } = chainFrom(position, effectiveEnds(segments));
    return {
      position,
      end,
      broken: broken === null ? null : { name: broken.segment.name, problem: broken.problem },
      damagedEnd: damagedEnd === null ? null : { name: damagedEnd.name, problem: damagedEnd.problem },
    };
  }

  /** The segments that none of these checkpoints would read, given what each says of journals. */
  needless(checkpoints: ReadonlyMap<number, JournalFacts>): SizedSegment[] {
    if (checkpoints.size === 0) return [];
    return [...this.byJournal.values()].flatMap((segments) => {
      const source = segments.find(({ head }) => head !== null)?.head?.source;
      if (source === undefined) return []; // somebody may repair it
      const [judged, counting, needed] = [new Set<SizedSegment>(), new Set<SizedSegment>(), new Set<SizedSegment>()];
      for (const [id, { positions, origin }] of checkpoints) {
        const own = segments.filter((segment) => isSegmentOf(origin, segment));
        for (const segment of own) judged.add(segment);
        for (const [segment, end] of effectiveEnds(own) as Map<SizedSegment, number>) {
          counting.add(segment);
          if (isNeeded(segment, end, positions.get(source), id)) needed.add(segment);
        }
      }
      // What is of no checkpoint's line may be of one that has only begun. What was written in vain goes before what
      // tells so, which must not be gone when that is found again.
      const inVain = [...judged].filter((segment) => !counting.has(segment));
      return inVain.length > 0 ? inVain : [...judged].filter((segment) => !needed.has(segment));
    });
  }
}

function isNeeded({ head }: SizedSegment, end: number, position: number | undefined, checkpoint: number): boolean {
  if (head === null) return true; // as above
  return position === undefined ? head.since >= checkpoint : position < end;
}

/** Of a segment that nobody needs as much is told as of a pack. */
export interface SizedSegment extends StoredSegment {
  readonly sizeBytes: number;
}

async function readSegment(
  storage: CheckpointStorage,
  name: string,
  parts: SegmentName,
): Promise<SizedSegment | undefined> {
  const what = { storage: storage.description, operation: 'read', target: name } as const;
  const bytes = await attempt(what, () => storage.read(name));
  if (bytes === undefined) return undefined;
  const opened = openChecked(bytes, parts.first);
  const sizeBytes = bytes.length;
  if (opened.type === 'intact') return { ...parts, name, sizeBytes, head: opened.head, problem: '' };
  const problem =
    opened.type === 'damaged'
      ? opened.problem
      : `has format version ${opened.formatVersion}: a newer rxjs-checkpoint wrote it`;
  return { ...parts, name, sizeBytes, head: null, problem };
}

function openChecked(bytes: Uint8Array, first: number): OpenedSegment {
  try {
    return openSegment(bytes, first);
  } catch {
    return { type: 'damaged', problem: 'has a head that makes no sense' };
  }
}
