import type { CheckpointFailedError } from '../../errors/CheckpointFailedError.js';

/** Whoever wants to know how checkpoints go. Times are in ms since the epoch, durations in ms. */
export interface CheckpointListener {
  /** A checkpoint has got its id, and waits for its asynchronous inputs, if there are any. */
  triggered(id: number, timestamp: number, savepoint: string | null): void;
  /** An asynchronous input has delivered its barrier. */
  delivered(id: number, input: string, timestamp: number): void;
  /** The barrier has been everywhere. */
  swept(id: number, sweep: SweepFacts): void;
  /** The Promise of a participant's state has been fulfilled. */
  arrived(id: number, participant: string, timestamp: number): void;
  /** It is durable. */
  completed(id: number, facts: CompletionFacts): void;
  failed(id: number, failure: CheckpointFailedError, timestamp: number): void;
  restored(checkpointId: number, timestamp: number): void;
}

export interface SweepFacts {
  readonly timestamp: number;
  /** How long it took. */
  readonly synchronousMs: number;
  /** By name. */
  readonly participants: ReadonlyMap<string, HandOver>;
}

/** One participant's state being handed over. */
export interface HandOver {
  readonly synchronousMs: number;
  /** Whether there are values in it that it merely held back. */
  readonly isHolding: boolean;
  /** Whether the state itself comes later. */
  readonly isLate: boolean;
}

export interface CompletionFacts {
  readonly timestamp: number;
  readonly sizeBytes: number;
  readonly writtenBytes: number;
  /** Of one participant's state in the storage. */
  entrySizeBytes(participant: string): number;
  /** Whether this checkpoint wrote it. */
  hasWritten(participant: string): boolean;
}
