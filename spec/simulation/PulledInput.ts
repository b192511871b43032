import type { CheckpointedObservable } from '../../src/operators/base/CheckpointedObservable.js';
import type { Random } from '../../src/testing/random.js';
import type { Value } from '../support/InputSpec.js';
import type { Living } from './Plot.js';

/** How much of an input came out of it, and of which version of it. */
export interface Read {
  readonly version: number;
  readonly count: number;
  readonly hasEnded: boolean;
}

export const NOTHING_READ: Read = { version: 0, count: 0, hasEnded: false };

/** What a pipeline reads, over all lives on a disk. */
export interface PulledInput {
  /** No process lives. @throws Violation */
  rest?(): void;
  open(random: Random, life: Living): OpenedInput;
}

/** The same in one life: its source, and what the model says of that. */
export interface OpenedInput {
  readonly source$: CheckpointedObservable<unknown>;
  /** What a record is made to, behind that. @throws Violation if it is not the one that comes next */
  came(read: Read, record: unknown): Value;
  /** @throws Violation if it is not at its end */
  ended(read: Read): void;
  /** @throws Violation if it has no reason to */
  failed(read: Read, error: unknown): void;
  /** What version counts what comes now. */
  readonly version: number;
  /** Its job is drained. */
  drained?(): void;
  /** All that was read. */
  before(read: Read): readonly Value[];
  /** All that is still to come, as it looks now, and how it ends. */
  rest(read: Read): { readonly values: readonly Value[]; readonly end: InputEnd };
}

/** An input may never end, and stop for a reason that the model can only see when it happens. */
export type InputEnd = 'complete' | 'never' | { readonly error: unknown };
