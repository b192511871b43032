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
