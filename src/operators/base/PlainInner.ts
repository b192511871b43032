import type { Observable, Subscriber } from 'rxjs';

import type { Scope } from '../../checkpoint/protocol/Scope.js';
import type { ParticipantSnapshot } from '../../checkpoint/protocol/Snapshot.js';
import { NO_OFFSET } from '../../checkpoint/protocol/SourcePosition.js';
import type { CheckpointError } from '../../errors/CheckpointError.js';
import type { Adopter } from './foreignSubscriber.js';
import { adoptPlain, leaveAdopted, returnToAdopted } from './foreignSubscriber.js';
import type { InnersOf } from './Inner.js';
import { SourceInner } from './SourceInner.js';
import type { Outlet } from './Outlet.js';
import { ForeignOutlet } from './Outlet.js';
import { ADOPTED } from './plainNode.js';
import type { Site } from './Site.js';

/**
 * An inner that is subscribed to a plain Observable itself, each notification of which is a turn. In the job it does what
 * a `PlainSource` under an inner does.
 */
export class PlainInner<T, V> extends SourceInner<T, V> implements Adopter<V> {
  private emitted = 0;

  constructor(
    home: InnersOf<T>,
    index: number,
    value: T,
    site: Site,
    scope: Scope | null,
    private readonly source: Observable<V>,
  ) {
    super(home, index, value, site, scope);
  }

  get operator(): string {
    return ADOPTED.operator;
  }

  get isAdopter(): boolean {
    return true;
  }

  refuse(error: CheckpointError): void {
    const { run, region } = this.site;
    run.refuse(error, region);
  }

  protected start(): void {
    adoptPlain(this, this.source);
  }

  snapshot(): ParticipantSnapshot {
    return { state: null, position: { offset: NO_OFFSET, recordsAfterOffset: this.emitted } };
  }

  /** Nobody gets around `next`. */
  override get outlet(): Outlet<V> {
    return new ForeignOutlet<V, Subscriber<V>>(this, passIn);
  }

  override lend(): Outlet<V> {
    return this.outlet;
  }

  override next(value: V): void {
    if (this.isStopped) return super.next(value);
    const { home } = this;
    const { run } = this.site;
    this.emitted++;
    run.enter();
    const outer = leaveAdopted();
    // What `super.next` does.
    try {
      home.onNext.call(home.core, value, this);
    } catch (error) {
      home.dest.error(error);
    } finally {
      returnToAdopted(outer);
      run.leave();
    }
  }

  protected override _error(error: unknown): void {
    const { run } = this.site;
    run.enter();
    const outer = leaveAdopted();
    try {
      super._error(error);
    } finally {
      returnToAdopted(outer);
      run.leave();
    }
  }

  protected override _complete(): void {
    const { run } = this.site;
    run.enter();
    const outer = leaveAdopted();
    try {
      super._complete();
    } finally {
      returnToAdopted(outer);
      run.leave();
    }
  }
}

function passIn<V>(this: ForeignOutlet<V, Subscriber<V>>, value: V): void {
  this.dest.next(value);
}
