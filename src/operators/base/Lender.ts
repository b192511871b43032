import { BareSubscriber } from './BareSubscriber.js';
import type { Borrower, Outlet } from './Outlet.js';

/**
 * What an operator subscribes with that may have nothing more to do with values than to hand them on. Then whoever emits
 * into it gets the outlet that they go to, until this has stopped: a call less for each.
 */
export abstract class Lender<V> extends BareSubscriber<V> {
  /** Who emits into it. The last one that came, if they are several. No field of those into whom nobody does (decision 0260). */
  private borrower?: Borrower<V> | undefined;

  /** Where values go through this, with all that is to be done with them. */
  abstract get outlet(): Outlet<V>;
  /** Where they go if they are just handed on, else null. */
  protected abstract get passage(): Outlet<unknown> | null;

  lend(borrower: Borrower<V>): Outlet<V> {
    if (this.isStopped) return this.outlet;
    this.takeBack();
    this.borrower = borrower;
    return this.passage ?? this.outlet;
  }

  /** Values are just handed on from now on. */
  opened(): void {
    const { borrower, passage } = this;
    if (borrower !== undefined && passage !== null) borrower.redirect(passage);
  }

  private takeBack(): void {
    const { borrower } = this;
    if (borrower === undefined) return;
    this.borrower = undefined;
    borrower.redirect(this);
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
    super.unsubscribe();
  }
}
