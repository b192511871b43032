/** The offset of a source that cannot seek: it starts over and skips records. */
export const NO_OFFSET = -1;

/**
 * Where a source resumes: *after* the last emitted record. Pointing at the record instead would, after a filter changed,
 * skip another record than the one that was emitted.
 */
export interface SourcePosition {
  /** Where to seek to: a byte, an index, or NO_OFFSET. */
  readonly offset: number;
  /** How many records to skip from there. */
  readonly recordsAfterOffset: number;
}
