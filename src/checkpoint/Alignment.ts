import type { AsynchronousInput } from './protocol/AsynchronousInput.js';

/**
 * Waits until every asynchronous input has delivered its barrier. One that has is held until all have, so that none of
 * its values of the next epoch is counted in this checkpoint.
 */
export class Alignment {
  private readonly missing = new Set<AsynchronousInput>();
  private readonly held = new Set<AsynchronousInput>();
  private isAsking = true;

  constructor(
    id: number,
    inputs: ReadonlySet<AsynchronousInput>,
    private readonly onAligned: () => void,
  ) {
    for (const input of inputs) this.missing.add(input);
    for (const input of inputs) {
      input.requestBarrier(id, () => {
        if (!this.missing.has(input)) return;
        input.hold();
        this.held.add(input);
        this.left(input);
      });
    }
    this.isAsking = false;
    if (this.missing.size === 0) this.onAligned();
  }

  /** The names of those that have not delivered yet. */
  get missingInputs(): string[] {
    return [...this.missing].map((input) => input.name);
  }

  /** An input that has ended delivers no more. */
  left(input: AsynchronousInput): void {
    if (this.missing.delete(input) && this.missing.size === 0 && !this.isAsking) this.onAligned();
  }

  /** After the sweep, or when the checkpoint was given up. */
  release(): void {
    const { held } = this;
    this.missing.clear();
    for (const input of [...held]) {
      held.delete(input);
      input.release();
    }
  }
}
