import type { Observable, Subscriber } from 'rxjs';

import type { Scope } from '../../checkpoint/protocol/Scope.js';
import type { Adopter } from './foreignSubscriber.js';
import { adoptPlain, leaveAdopted, returnToAdopted } from './foreignSubscriber.js';
import type { InnerOwner } from './Inner.js';
import { Inner } from './Inner.js';
import type { Outlet } from './Outlet.js';
import { ForeignOutlet } from './Outlet.js';
import { PlainPart } from './PlainPart.js';
import type { Site } from './Site.js';

/**
 * An inner that is subscribed to a plain Observable itself, each notification of which is a turn. In the job it does what
 * a `PlainSource` under an inner does, under the same name: a restore makes that of it. It takes part from when somebody
 * asks who does, as a rule at the next barrier; most have ended before.
 */
export class PlainInner<T, V> extends Inner<T, V> implements Adopter<V> {
  emitted = 0;
  private part: PlainPart | null = null;

  constructor(
    core: InnerOwner<T>,
    index: number,
    value: T,
    /** The core's. */
    private readonly site: Site,
    /** Null until somebody needs it. */
    private scope: Scope | null,
  ) {
    super(core, index, value);
  }

  get isAdopter(): boolean {
    return true;
  }

  subscribeTo(source: Observable<V>): void {
    adoptPlain(this, source);
  }

  enlist(): void {
    if (this.part !== null) return;
    const { site, index } = this;
    this.scope ??= site.scope.inner(site, index);
    this.part = new PlainPart(this, this.scope, site.run);
    site.run.enlist(this.part);
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
    const { run } = this.site;
    this.emitted++;
    run.enter();
    const outer = leaveAdopted();
    try {
      super.next(value);
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

  protected override left(): void {
    this.part?.leave();
    this.core.innerLeft(this, this.scope);
  }
}

function passIn<V>(this: ForeignOutlet<V, Subscriber<V>>, value: V): void {
  this.dest.next(value);
}
