/**
 * An input of the job that takes its barrier later than it was asked for, because the barrier has to travel: from a
 * worker, over a network. Before a checkpoint's sweep the job asks each, and in exactly-once mode one that has
 * delivered is held until all have: what it sends meanwhile belongs to the next epoch.
 */
export interface AsynchronousInput {
  readonly name: string;
  /** Asks for the barrier; the input answers through `delivered`, now or later, once. */
  requestBarrier(id: number, delivered: () => void): void;
  /** Keeps back what comes from now on. */
  hold(): void;
  /** Hands on what was kept back and lets values through again. Also called when the checkpoint was given up. */
  release(): void;
}
