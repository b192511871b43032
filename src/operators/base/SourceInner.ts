import type { Barrier, Participant } from '../../checkpoint/protocol/Participant.js';
import type { Scope } from '../../checkpoint/protocol/Scope.js';
import type { ParticipantSnapshot } from '../../checkpoint/protocol/Snapshot.js';
import { LateInner } from './LateInner.js';
import type { Consumer, Site } from './Site.js';

/** A late inner that is its own source. */
export abstract class SourceInner<T, V> extends LateInner<T, V> {
  private part?: SourcePart;

  /** The source's name. */
  abstract readonly operator: string;
  abstract snapshot(): ParticipantSnapshot;

  protected enlistSource(scope: Scope, place: Site | null): void {
    const name = place === null ? `${scope.structuralPrefix}${this.operator}` : place.name;
    this.part = new SourcePart(this, this.into as Consumer<unknown>, name, scope);
    this.site.run.enlist(this.part);
  }

  protected override left(): void {
    if (this.part !== undefined) this.site.run.unregister(this.part);
    super.left();
  }
}

/** What stands for the source in the job. */
class SourcePart implements Participant {
  seat = -1;

  constructor(
    private readonly inner: SourceInner<unknown, unknown>,
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
    return this.inner.snapshot();
  }

  stop(): void {
    this.inner.unsubscribe();
  }
}
