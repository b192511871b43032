import type { Barrier, Participant } from '../../checkpoint/protocol/Participant.js';
import type { Scope } from '../../checkpoint/protocol/Scope.js';
import type { ParticipantSnapshot } from '../../checkpoint/protocol/Snapshot.js';
import type { Consumer } from './Site.js';

/** An inner that is its own source. */
export interface InnerSource {
  snapshot(): ParticipantSnapshot;
  unsubscribe(): void;
}

/** What stands for it in the job. */
export class SourcePart implements Participant {
  seat = -1;

  constructor(
    private readonly source: InnerSource,
    private readonly into: Consumer<unknown>,
    readonly name: string,
    readonly scope: Scope,
  ) {}

  isRoot(): boolean {
    return true;
  }

  barrier(barrier: Barrier): void {
    barrier.acknowledge(this);
    this.into.barrier(barrier);
  }

  snapshotState(): ParticipantSnapshot {
    return this.source.snapshot();
  }

  stop(): void {
    this.source.unsubscribe();
  }
}
