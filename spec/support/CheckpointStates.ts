import type { Checkpoint } from '../../src/checkpoint/Checkpoint.js';

/** The state of one operator in a checkpoint; undefined when it is not in it. */
export function stateIn(checkpoint: Checkpoint | undefined, operator: string): Record<string, unknown> | undefined {
  return checkpoint?.operators[operator]?.state as Record<string, unknown> | undefined;
}

/** The state of a `scan` in a checkpoint. */
export function foldedIn(checkpoint: Checkpoint | undefined, operator: string): unknown {
  return stateIn(checkpoint, operator)?.value;
}

/** How many records a source has emitted, by a checkpoint. */
export function offsetIn(checkpoint: Checkpoint | undefined, source: string): number | undefined {
  return (checkpoint?.operators[source]?.position as { offset: number } | undefined)?.offset;
}
