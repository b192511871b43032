/** What a checkpoint is to hold. */
export interface CheckpointContent {
  /** Above `highestId()`. */
  readonly id: number;
  readonly timestamp: number;
  /** Plain JSON. */
  readonly meta: unknown;
  /** By name: an immutable snapshot (the same object means: unchanged), or an entry of the loaded checkpoint. */
  readonly entries: ReadonlyMap<string, object>;
}
