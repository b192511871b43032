import type { Subscriber, Unsubscribable } from 'rxjs';
import { UnsubscriptionError } from 'rxjs';

import { Roster } from '../../checkpoint/protocol/Roster.js';
import type { Inner, InnerOwner, InnersOf } from './Inner.js';
import type { Outlet } from './Outlet.js';

/**
 * The live inners of an operator, which are one teardown of its consumer. In RxJS each is one of its own, and with every
 * value one is added there and another taken away: a tenth of what an inner costs.
 */
export class Inners<T> extends Roster<Inner<T, unknown>> implements InnersOf<T>, Unsubscribable {
  readonly dest: Subscriber<unknown>;
  readonly out: Outlet<unknown>;
  readonly onNext: InnerOwner<T>['onInnerNext'];
  readonly onComplete: InnerOwner<T>['onInnerComplete'];
  readonly unsubscribesFirst: boolean;
  readonly looksUpValues: boolean;
  /** Whether the inners that begin now are to be left when the consumer's teardowns come to this. */
  private isInPlace = false;
  private isLeft = false;

  constructor(readonly core: InnerOwner<T>) {
    super();
    this.dest = core.dest;
    this.out = core.out;
    /* eslint-disable @typescript-eslint/unbound-method -- they are called as the core's */
    this.onNext = core.onInnerNext;
    this.onComplete = core.onInnerComplete;
    /* eslint-enable @typescript-eslint/unbound-method */
    this.unsubscribesFirst = core.innerUnsubscribesFirst;
    this.looksUpValues = core.looksUpValues;
  }

  /** Who comes when the consumer has left is left at once. */
  override add(inner: Inner<T, unknown>): void {
    if (!this.isInPlace) this.findPlace(inner);
    if (this.isLeft) inner.unsubscribe();
    else if (!inner.closed) super.add(inner);
  }

  /** Behind what others have added to the consumer. While there are inners that were before it, others have places of their own. */
  private findPlace(inner: Inner<T, unknown>): void {
    const { dest } = this;
    if (this.size > 0) {
      inner.hasPlace = true;
      dest.add(inner);
    } else {
      this.isInPlace = true;
      dest.remove(this);
      dest.add(this);
    }
  }

  /** Somebody has added to the consumer what is to be left before the inners that begin from now on, as in RxJS. */
  losePlace(): void {
    this.isInPlace = false;
  }

  /** A teardown of the consumer's. */
  unsubscribe(): void {
    this.isLeft = true;
    this.leave((inner) => inner.hasPlace !== true);
  }

  leaveAll(): void {
    this.isLeft = true;
    this.leave(() => true);
  }

  /** @throws UnsubscriptionError with all that teardowns have thrown. */
  private leave(isMeant: (inner: Inner<T, unknown>) => boolean): void {
    let errors: unknown[] | null = null;
    for (const inner of this) {
      try {
        if (isMeant(inner)) inner.unsubscribe();
      } catch (error) {
        (errors ??= []).push(...(error instanceof UnsubscriptionError ? (error.errors as unknown[]) : [error]));
      }
    }
    if (errors !== null) throw new UnsubscriptionError(errors);
  }
}
