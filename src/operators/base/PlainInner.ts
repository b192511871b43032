import type { Subscriber } from 'rxjs';

import type { ParticipantSnapshot } from '../../checkpoint/protocol/Snapshot.js';
import { NO_OFFSET } from '../../checkpoint/protocol/SourcePosition.js';
import type { CheckpointError } from '../../errors/CheckpointError.js';
import type { Adopter } from './foreignSubscriber.js';
import { leaveAdopted, returnToAdopted } from './foreignSubscriber.js';
import type { JobInnersOf } from './Inner.js';
import { JobInner } from './Inner.js';
import type { Outlet } from './Outlet.js';
import { ForeignOutlet } from './Outlet.js';
import { ADOPTED } from './plainNode.js';
import type { InnerSource } from './SourcePart.js';
import { SourcePart } from './SourcePart.js';

/**
 * An inner that is subscribed to a plain Observable itself, each notification of which is a turn. In the job it does what
 * a `PlainSource` under an inner does.
 */
export class PlainInner<T, V> extends JobInner<T, V> implements Adopter<V>, InnerSource {
  private emitted: number;

  constructor(home: JobInnersOf<T>, index: number, value: T) {
    super();
    this['initialTeardown'] = undefined;
    this.closed = false;
    this['_parentage'] = null;
    this['_finalizers'] = null;
    this.isStopped = false;
    this.destination = home.dest;
    this.seat = -1;
    this.home = home;
    this.index = index;
    this.value = value;
    this.emitted = 0;
  }

  get isAdopter(): boolean {
    return true;
  }

  refuse(error: CheckpointError): void {
    const { run, region } = this.site;
    run.refuse(error, region);
  }

  /** As of a `LateInner`. */
  override enlist(): void {
    if (this.part !== undefined) return;
    const { scope } = this;
    this.enlistPart(new SourcePart(this, this, `${scope.structuralPrefix}${ADOPTED.operator}`, scope));
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
    const { run } = home;
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
    const { run } = this.home;
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
    const { run } = this.home;
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
