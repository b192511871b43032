import type { Observable, Subscriber } from 'rxjs';

import type { Run } from '../../checkpoint/protocol/Run.js';
import type { Adopter } from './foreignSubscriber.js';
import { adoptPlain, isWithinAdopted, leaveAdopted } from './foreignSubscriber.js';
import { Inner } from './Inner.js';
import type { Outlet } from './Outlet.js';
import { ForeignOutlet } from './Outlet.js';
import { PlainPart } from './PlainPart.js';

/**
 * An inner that is subscribed to a plain Observable itself, each notification of which is a turn. In the job it does what
 * a `PlainSource` under an inner does, under the same name: a restore makes that of it.
 */
export class PlainInner<T, V> extends Inner<T, V> implements Adopter<V> {
  isAdopter = true;
  private part: PlainPart | null = null;

  subscribeTo(source: Observable<V>, run: Run): void {
    this.part = new PlainPart(this, this.scope!, run);
    run.register(this.part);
    adoptPlain(this, source);
  }

  /** Nobody gets around `next`. */
  override get outlet(): Outlet<V> {
    return new ForeignOutlet<V, Subscriber<V>>(this, passIn);
  }

  override lend(): Outlet<V> {
    return this.outlet;
  }

  override next(value: V): void {
    const { part } = this;
    if (this.isStopped || part === null) return super.next(value);
    part.emitted++;
    part.run.enter();
    try {
      if (isWithinAdopted()) leaveAdopted(() => super.next(value));
      else super.next(value);
    } finally {
      part.run.leave();
    }
  }

  protected override _error(error: unknown): void {
    const { run } = this.part!;
    run.enter();
    try {
      if (isWithinAdopted()) leaveAdopted(() => super._error(error));
      else super._error(error);
    } finally {
      run.leave();
    }
  }

  protected override _complete(): void {
    const { run } = this.part!;
    run.enter();
    try {
      if (isWithinAdopted()) leaveAdopted(() => super._complete());
      else super._complete();
    } finally {
      run.leave();
    }
  }

  override unsubscribe(): void {
    // Not made yet where the consumer had left before.
    this.part?.leave();
    super.unsubscribe();
  }
}

function passIn<V>(this: ForeignOutlet<V, Subscriber<V>>, value: V): void {
  this.dest.next(value);
}
