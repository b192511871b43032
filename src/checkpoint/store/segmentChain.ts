import type { SegmentHead } from './journalSegment.js';
import type { SegmentName } from './journalName.js';

/** A segment in the storage. */
export interface StoredSegment extends SegmentName {
  /** In the storage. */
  readonly name: string;
  /** Null when it is damaged. */
  readonly head: SegmentHead | null;
  /** What is wrong with a damaged one. */
  readonly problem: string;
}

export interface SegmentChain {
  /** What is to be read from the position on, in order. */
  readonly parts: readonly ChainPart[];
  /** The number that the next entry gets. */
  readonly end: number;
  /** A damaged segment at the end, taken for the end. */
  readonly damagedEnd: StoredSegment | null;
  /** A damaged segment, or the one behind a gap, after which entries follow that must not be handed on without it. */
  readonly broken: { readonly segment: StoredSegment; readonly problem: string } | null;
}

export interface ChainPart {
  readonly segment: StoredSegment;
  /** Which of its entries, as in `slice`. */
  readonly from: number;
  readonly to: number;
}

/**
 * Leaves out what was written in vain: whoever opens a journal goes on behind its last entry, so what an earlier opening
 * wrote from that number on was not there yet, or was damaged. Gives for each of the others where it ends (exclusive);
 * Infinity for a damaged one.
 */
export function effectiveEnds(all: Iterable<StoredSegment>): Map<StoredSegment, number> {
  const segments = withoutTorn([...all]);
  const ends = new Map<StoredSegment, number>();
  let limit = Infinity;
  let generation = Infinity;
  let lowest = Infinity;
  for (const segment of segments.sort((a, b) => b.generation - a.generation)) {
    if (segment.generation < generation) limit = Math.min(limit, lowest);
    generation = segment.generation;
    lowest = Math.min(lowest, segment.first);
    const { first, head } = segment;
    if (first < limit) ends.set(segment, Math.min(limit, head === null ? Infinity : first + head.count));
  }
  return ends;
}

/**
 * Of an opening of which nothing but damaged segments is there, nothing was handed on. It takes the place of nothing: it may have been
 * to write once more what is there, or for a run that begins with a savepoint, and does not tell.
 */
function withoutTorn(segments: readonly StoredSegment[]): StoredSegment[] {
  const intact = segments.flatMap(({ first, generation, head }) =>
    head === null ? [] : { generation, end: first + head.count },
  );
  return segments.filter(
    ({ first, generation, head }) =>
      head !== null ||
      intact.some((other) => other.generation === generation) ||
      !intact.some((other) => other.generation < generation && other.end > first),
  );
}

/** What one journal's segments have to say from `position` on. */
export function chainFrom(position: number, ends: ReadonlyMap<StoredSegment, number>): SegmentChain {
  const segments = [...ends.keys()].sort((a, b) => a.first - b.first);
  const parts: ChainPart[] = [];
  let at = position;
  for (const [i, segment] of segments.entries()) {
    const next = segments[i + 1]?.first ?? Infinity;
    const end = Math.min(ends.get(segment)!, next);
    if (end <= at) continue;
    const problem =
      segment.first > at ? `is there, but entries ${at} to ${segment.first - 1} are not` : segment.problem;
    if (segment.first > at || (segment.head === null && next < Infinity))
      return { parts, end: at, damagedEnd: null, broken: { segment, problem } };
    if (segment.head === null) return { parts, end: at, damagedEnd: segment, broken: null };
    parts.push({ segment, from: at - segment.first, to: end - segment.first });
    at = end;
  }
  return { parts, end: at, damagedEnd: null, broken: null };
}
