import type { AsynchronousInput, AsynchronousInputListener } from './protocol/AsynchronousInput.js';

/**
 * Waits until every asynchronous input has delivered its barrier. One that has is held until all have, so that none of
 * its values of the next epoch is counted in this checkpoint; in at-least-once mode none is held.
 */
export class Alignment implements AsynchronousInputListener {
  private readonly missing: Set<AsynchronousInput>;
  private readonly held = new Set<AsynchronousInput>();
  private isOver = false;

  constructor(
    inputs: Iterable<AsynchronousInput>,
    private readonly onAligned: () => void,
    private readonly isHolding: boolean = true,
    private readonly onDelivered: (input: AsynchronousInput) => void = () => {},
  ) {
    this.missing = new Set(inputs);
  }

  /** Asks all. They may answer, or leave, while they are asked. */
  ask(id: number): void {
    for (const input of [...this.missing]) {
      if (!this.missing.has(input)) continue;
      input.requestBarrier(id, () => {
        if (!this.missing.has(input)) return;
        this.onDelivered(input);
        this.hold(input);
        this.left(input);
      });
    }
  }

  /** The names of those that have not delivered yet. */
  get missingInputs(): string[] {
    return [...this.missing].map((input) => input.name);
  }

  /** An input that starts meanwhile: all that it will send belongs to the next epoch. */
  joined(input: AsynchronousInput): void {
    if (!this.isOver) this.hold(input);
  }

  /** An input that has ended delivers no more. */
  left(input: AsynchronousInput): void {
    if (this.missing.delete(input) && this.missing.size === 0) this.onAligned();
  }

  /** After the sweep, or when the checkpoint was given up. */
  release(): void {
    this.isOver = true;
    this.missing.clear();
    for (const input of [...this.held]) {
      this.held.delete(input);
      input.release();
    }
  }

  private hold(input: AsynchronousInput): void {
    if (!this.isHolding) return;
    this.held.add(input);
    input.hold();
  }
}
