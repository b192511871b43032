/** An encoded checkpoint that is ready to be written. */
export interface PreparedCheckpoint {
  readonly id: number;
  /** Of all that the checkpoint consists of, wherever it was or is written. */
  readonly sizeBytes: number;
  /** Of what `write` writes; of what it has written, once that may have been compressed. */
  readonly writtenBytes: number;
  /** Of one operator's encoded snapshot. */
  entrySizeBytes(name: string): number;
  /** Whether `write` writes that operator's snapshot, and does not refer to where it was written before. */
  writes(name: string): boolean;
  /**
   * Resolves when the checkpoint is durable. Called once.
   *
   * @param storing - called when it is handed to the storage: it may have been compressed before.
   */
  write(storing?: () => void): Promise<void>;
}
