/** What the page tells of itself. */
export interface Progress {
  /** The first number that the source emitted since the page was loaded, and the last so far. */
  first: number | null;
  last: number | null;
  checkpoints: number;
  result: string | null;
  isComplete: boolean;
  /** An error of the pipeline, or a checkpoint that failed. */
  problem: string | null;
}
