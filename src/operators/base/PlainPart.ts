import type { Barrier, Participant } from '../../checkpoint/protocol/Participant.js';
import type { Run } from '../../checkpoint/protocol/Run.js';
import type { Scope } from '../../checkpoint/protocol/Scope.js';
import type { ParticipantSnapshot } from '../../checkpoint/protocol/Snapshot.js';
import { NO_OFFSET } from '../../checkpoint/protocol/SourcePosition.js';
import { ADOPTED } from './plainNode.js';

interface Emitting {
  readonly emitted: number;
  barrier(barrier: Barrier): void;
  unsubscribe(): void;
}

/**
 * What stands in the job for an inner that is subscribed to a plain Observable itself. A restore makes a `PlainSource`
 * under an inner of it, which has the same name and the same snapshot.
 */
export class PlainPart implements Participant {
  seat = -1;

  constructor(
    private readonly inner: Emitting,
    readonly scope: Scope,
    private readonly run: Run,
  ) {}

  get name(): string {
    return `${this.scope.structuralPrefix}${ADOPTED.operator}`;
  }

  isRoot(): boolean {
    return true;
  }

  barrier(barrier: Barrier): void {
    barrier.acknowledge(this);
    this.inner.barrier(barrier);
  }

  snapshotState(): ParticipantSnapshot {
    return { state: null, position: { offset: NO_OFFSET, recordsAfterOffset: this.inner.emitted } };
  }

  stop(): void {
    this.inner.unsubscribe();
  }

  leave(): void {
    this.run.unregister(this);
  }
}
