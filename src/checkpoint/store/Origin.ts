/**
 * What a job was told to begin with, when it was not the newest checkpoint. It goes into every checkpoint from then on,
 * also over restarts, until a job is told to begin with something else: that tells the work since from the work that was
 * left behind, in the same storage.
 */
export interface Origin {
  /** Which savepoint or checkpoint: see `originKey`. */
  readonly from: string;
  /** Journal segments up to this generation were written by what was left behind. */
  readonly generation: number;
}

interface WithOrigin {
  readonly origin?: Origin;
}

export function originOf(meta: unknown): Origin | undefined {
  return (meta as WithOrigin | null | undefined)?.origin;
}

/** What a segment says of it. With the generation: a job may begin with the same thing twice, with other work in between. */
export function segmentOrigin(origin: Origin | undefined): string | undefined {
  return origin && `${origin.from} #${origin.generation}`;
}

/** The generation in what a segment says of its origin; null if that is another one than a job has that begins with `from`. */
export function generationOf(segmentOrigin: string | undefined, from: string): number | null {
  const start = `${from} #`;
  return segmentOrigin?.startsWith(start) === true ? Number(segmentOrigin.slice(start.length)) : null;
}

/** Whether a journal's segment belongs to that work. A damaged one does not tell whose it is, but for its generation. */
export function isSegmentOf(
  origin: Origin | undefined,
  segment: { readonly generation: number; readonly head: { readonly origin?: string | undefined } | null },
): boolean {
  const { generation, head } = segment;
  if (generation <= (origin?.generation ?? 0)) return false;
  // Without the generation: as it was written at first.
  return head === null || head.origin === segmentOrigin(origin) || head.origin === origin?.from;
}
