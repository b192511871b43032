import type { Subscription } from 'rxjs';

import type { AwaitedPart } from '../errors/CheckpointFailedError.js';
import type { Alignment } from './Alignment.js';
import type { Checkpoint } from './Checkpoint.js';
import type { Cut } from './Cut.js';
import type { CheckpointKind } from './decideTrigger.js';
import type { ClockReading } from './protocol/JobClock.js';

/** Who asked for a checkpoint, to be told how it went. */
export interface CheckpointRequest {
  readonly kind: CheckpointKind;
  /** Right after the barrier, before anything else happens. */
  readonly swept: (() => void) | undefined;
  /** The name of the savepoint that it is for. */
  readonly savepoint: string | undefined;
  resolve(checkpoint: Checkpoint): void;
  reject(failure: Error): void;
}

/** A checkpoint from its beginning to its end, whatever that is. */
export class PendingCheckpoint {
  /** What it waits for. */
  phase: AwaitedPart = 'barriers';
  alignment: Alignment | null = null;
  /** From its barrier on. */
  cut: Cut | null = null;
  /** Completed, failed, or not wanted any more: what still comes in for it is discarded. */
  isOver = false;
  timeout: Subscription | null = null;

  constructor(
    readonly id: number,
    /** When it was begun. */
    readonly clock: ClockReading,
    readonly requests: readonly CheckpointRequest[],
  ) {}

  /** When it was begun, in ms since the epoch. */
  get timestamp(): number {
    return this.clock.timestamp;
  }

  /** It takes nobody's place. */
  get isForSavepoint(): boolean {
    return this.requests[0]?.kind === 'savepoint';
  }

  /** Who keeps it waiting. */
  get missing(): readonly string[] {
    if (this.phase === 'barriers') return this.alignment?.missingInputs ?? [];
    return this.phase === 'snapshots' ? (this.cut?.missing ?? []) : [];
  }
}
