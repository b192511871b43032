import { Subscriber } from 'rxjs';

import type { Barrier } from '../../checkpoint/protocol/Participant.js';
import type { Seated } from '../../checkpoint/protocol/Roster.js';
import type { Scope } from '../../checkpoint/protocol/Scope.js';
import type { Borrower, Outlet } from './Outlet.js';
import { ForeignOutlet } from './Outlet.js';
import type { Consumer, Upstream } from './Site.js';

/** Whose inner it is: an operator that subscribes to what a projection returns. */
export interface InnerOwner<T> {
  readonly out: Outlet<unknown>;
  /** Whether values are handed on as they come, and no more. */
  readonly handsOnInnerNext: boolean;
  readonly handsOnInnerError: boolean;
  onInnerNext(value: unknown, inner?: Inner<T, unknown>): void;
  onInnerError(error: unknown, inner: Inner<T, unknown>): void;
  onInnerComplete(inner?: Inner<T, unknown>): void;
  /** In a job. */
  innerLeft(inner: Inner<T, unknown>, scope: Scope): void;
  barrier(barrier: Barrier): void;
}

/** What an inner is subscribed with. */
export class Inner<T, V> extends Subscriber<V> implements Consumer<V>, Seated {
  seat = -1;
  upstream: Upstream | null = null;
  isConnecting = false;
  /** Set by operators that want its first value only, while that is handled. */
  isSpent = false;
  /** The core's, as those of `Input`. */
  private readonly out: Outlet<unknown>;
  private readonly onNext: InnerOwner<T>['onInnerNext'];
  private borrower: Borrower<V> | null = null;

  constructor(
    private readonly core: InnerOwner<T>,
    private readonly dest: Subscriber<unknown>,
    readonly index: number,
    /** The outer value that it was projected from. */
    readonly value: T,
    /** Null outside of a job. */
    readonly scope: Scope | null,
    private readonly unsubscribesFirst: boolean,
  ) {
    super(dest);
    this.out = core.out;
    // eslint-disable-next-line @typescript-eslint/unbound-method -- it is called as the core's
    this.onNext = core.onInnerNext;
  }

  override error(error: unknown): void {
    this.takeBack();
    super.error(error);
  }

  override complete(): void {
    this.takeBack();
    super.complete();
  }

  override unsubscribe(): void {
    this.takeBack();
    try {
      super.unsubscribe();
    } finally {
      const { scope } = this;
      // Neither, and not made yet, where the consumer had left before.
      if (scope && !this.isConnecting) this.core.innerLeft(this, scope);
    }
  }

  barrier(barrier: Barrier): void {
    this.core.barrier(barrier);
  }

  get outlet(): Outlet<V> {
    // eslint-disable-next-line @typescript-eslint/unbound-method -- called as methods of the outlet
    return new ForeignOutlet<V, Inner<T, V>>(this, this.core.handsOnInnerNext ? Inner.passOn : Inner.handIn);
  }

  /** Where values are just passed on, whoever emits them gets the core's own outlet, until this has stopped. */
  lend(borrower: Borrower<V>): Outlet<V> {
    if (this.isStopped || this.borrower !== null || !this.core.handsOnInnerNext) return this.outlet;
    this.borrower = borrower;
    return this.out;
  }

  private takeBack(): void {
    const { borrower } = this;
    // Not made yet where the consumer had left before.
    if (!borrower) return;
    borrower.out = this;
    this.borrower = null;
  }

  /** What `next` of an operator does that hands on what comes, two calls nearer. */
  private static passOn<T, V>(this: ForeignOutlet<V, Inner<T, V>>, value: V): void {
    const inner = this.dest;
    if (inner.isStopped) inner.next(value);
    else inner.out.next(value);
  }

  /** What `next` does, one call nearer. */
  private static handIn<T, V>(this: ForeignOutlet<V, Inner<T, V>>, value: V): void {
    const inner = this.dest;
    if (inner.isStopped) return inner.next(value);
    try {
      inner.onNext.call(inner.core, value, inner);
    } catch (error) {
      inner.dest.error(error);
    }
  }

  override next(value: V): void {
    if (this.isStopped) return super.next(value);
    try {
      this.onNext.call(this.core, value, this);
    } catch (error) {
      this.dest.error(error);
    }
  }

  protected override _error(error: unknown): void {
    try {
      this.core.onInnerError(error, this);
    } catch (thrown) {
      // As of an input: see `handsOn`.
      if (this.core.handsOnInnerError) throw thrown;
      this.dest.error(thrown);
    } finally {
      this.unsubscribe();
    }
  }

  protected override _complete(): void {
    if (this.unsubscribesFirst) this.unsubscribe();
    try {
      this.core.onInnerComplete(this);
    } catch (error) {
      this.dest.error(error);
    } finally {
      this.unsubscribe();
    }
  }
}
