import type { Barrier, Participant } from '../../checkpoint/protocol/Participant.js';
import type { Run } from '../../checkpoint/protocol/Run.js';
import type { Scope } from '../../checkpoint/protocol/Scope.js';
import type { ParticipantSnapshot } from '../../checkpoint/protocol/Snapshot.js';
import { NO_OFFSET } from '../../checkpoint/protocol/SourcePosition.js';
import { ADOPTED } from './plainNode.js';

/**
 * What stands in the job for an inner that is subscribed to a plain Observable itself. A restore makes a `PlainSource`
 * under an inner of it, which has the same name and the same snapshot.
 */
export class PlainPart implements Participant {
  seat = -1;
  emitted = 0;

  constructor(
    private readonly inner: { barrier(barrier: Barrier): void; unsubscribe(): void },
    readonly scope: Scope,
    readonly run: Run,
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
    return { state: null, position: { offset: NO_OFFSET, recordsAfterOffset: this.emitted } };
  }

  stop(): void {
    this.inner.unsubscribe();
  }

  leave(): void {
    this.run.unregister(this);
  }
}
