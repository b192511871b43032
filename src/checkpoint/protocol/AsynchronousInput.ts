/**
 * An input of the job that takes its barrier later than it was asked for, because the barrier has to travel: from a
 * worker, over a network. Before a checkpoint's sweep the job asks each, and in exactly-once mode one that has
 * delivered is held until all have: what it sends meanwhile belongs to the next epoch.
 *
 * It joins the run before it emits anything, and leaves when it has ended or is not wanted any more. Its snapshot is
 * that of the moment at which it delivered, or at which it joined.
 */
export interface AsynchronousInput {
  readonly name: string;
  /** Asks for the barrier; the input answers through `delivered`, now or later, once. An older request is void. */
  requestBarrier(id: number, delivered: () => void): void;
  /** Keeps back what comes from now on: values, its end, and answers to later requests, in their order. */
  hold(): void;
  /** Hands on what was kept back and lets values through again. Also called when the checkpoint was given up. */
  release(): void;
}

/** Whoever may be waiting for barriers. */
export interface AsynchronousInputListener {
  joined(input: AsynchronousInput): void;
  left(input: AsynchronousInput): void;
  /** Told of what does no harm, and yet should not be: see `what`. Tests of sources look at it. */
  strayed?(what: 'a message after its end' | 'a barrier that nobody waits for'): void;
}
