import type { Subscriber } from 'rxjs';

/**
 * Where an operator hands its values on. Subscribers of all kinds stand at the ends of edges, and a call of `dest.next`
 * that has seen more than four kinds searches for the method at each value. Who hands on through an outlet sees two
 * kinds: operators with one input, which are outlets themselves, and `ForeignOutlet` (decision 0031).
 */
export interface Outlet<T> {
  next(value: T): void;
}

/** The outlet into something else. */
export class ForeignOutlet<T, D> implements Outlet<T> {
  next: (this: ForeignOutlet<T, D>, value: T) => void;

  constructor(
    readonly dest: D,
    /** What hands a value to `dest`: the same function for all of a class. */
    next: (this: ForeignOutlet<T, D>, value: T) => void,
  ) {
    this.next = next;
  }
}

/** The shortest way into a subscriber: its own outlet, if it has one. */
export function outletInto<T>(dest: Subscriber<T>): Outlet<T> {
  return (dest as { readonly outlet?: Outlet<T> }).outlet ?? new ForeignOutlet(dest, forward);
}

/** Who emits into a subscriber that may lend it an outlet of its own (`Lender`), and take it back. */
export interface Borrower<T> {
  /** From now on values go there. */
  redirect(out: Outlet<T>): void;
}

/** The same for a borrower. */
export function borrowOutlet<T>(dest: Subscriber<T>, borrower: Borrower<T>): Outlet<T> {
  const { lend } = dest as { readonly lend?: (borrower: Borrower<T>) => Outlet<T> };
  return lend === undefined ? outletInto(dest) : lend.call(dest, borrower);
}

function forward<T>(this: ForeignOutlet<T, Subscriber<T>>, value: T): void {
  this.dest.next(value);
}
