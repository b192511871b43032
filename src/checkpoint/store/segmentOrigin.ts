import type { Origin } from './Origin.js';

/** What a journal's segment says of a job's origin. With the generation: a job may begin with the same thing twice, with other work in between. */
export function segmentOrigin(origin: Origin | undefined): string | undefined {
  return origin && `${origin.from} #${origin.generation}`;
}

/** The generation in what a segment says of its origin; null if that is another one than a job has that begins with `from`. */
export function generationOf(segmentOrigin: string | undefined, from: string): number | null {
  const start = `${from} #`;
  return segmentOrigin?.startsWith(start) === true ? Number(segmentOrigin.slice(start.length)) : null;
}

/** Whether a journal's segment belongs to the work of a job with that origin. A damaged one does not tell whose it is, but for its generation. */
export function isSegmentOf(
  origin: Origin | undefined,
  segment: { readonly generation: number; readonly head: { readonly origin?: string | undefined } | null },
): boolean {
  const { generation, head } = segment;
  if (generation <= (origin?.generation ?? 0)) return false;
  // Without the generation: as it was written at first.
  return head === null || head.origin === segmentOrigin(origin) || head.origin === origin?.from;
}
