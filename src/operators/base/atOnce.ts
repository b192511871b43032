import type { ObservableInput, Subscriber } from 'rxjs';

import { CheckpointedObservable } from './CheckpointedObservable.js';
import { connectOutside } from './connectOutside.js';
import type { Borrower, Outlet } from './Outlet.js';
import { borrowOutlet } from './Outlet.js';

/** Whether that is sure to emit all that it has while it is subscribed, and to end. */
export function endsAtOnce(input: ObservableInput<unknown>): boolean {
  return input instanceof CheckpointedObservable ? input.definition.endsAtOnce === true : Array.isArray(input);
}

/** What it emits if it is no more than an array, else null. */
export function itemsOf(input: ObservableInput<unknown>): ArrayLike<unknown> | null {
  if (input instanceof CheckpointedObservable) return input.definition.items ?? null;
  return Array.isArray(input) ? input : null;
}

/** Subscribes to what ends at once, as outside of a job. */
export function subscribeAtOnce<T>(input: ObservableInput<T>, dest: Subscriber<T>): void {
  if (input instanceof CheckpointedObservable) connectOutside(input as CheckpointedObservable<T>, dest);
  else emitAll(input as ArrayLike<T>, dest);
}

/** For fewer items an outlet is not worth while. */
const MANY = 8;

/** Emits the items of an array, and completes. */
export function emitAll<T>(array: ArrayLike<T>, dest: Subscriber<T>): void {
  if (array.length < MANY) for (let i = 0; i < array.length && !dest.closed; i++) dest.next(array[i] as T);
  else emitMany(array, dest);
  dest.complete();
}

/**
 * Whether `dest` is closed is asked of an object that is of one class whatever `dest` is (decision 0130). What has no
 * outlet has a loop of its own, so that stock subscribers are not among what the other one sees.
 */
function emitMany<T>(array: ArrayLike<T>, dest: Subscriber<T>): void {
  if ('outlet' in dest) {
    const burst = new LentBurst(dest);
    for (let i = 0; i < array.length && !burst.closed; i++) burst.out.next(array[i] as T);
  } else {
    const burst = new Burst();
    dest.add(burst);
    for (let i = 0; i < array.length && !burst.closed; i++) dest.next(array[i] as T);
  }
}

/** What stands for the subscription to an array. */
export class Burst {
  closed = false;

  unsubscribe(): void {
    this.closed = true;
  }
}

/** The same with the shortest way into who is subscribed. */
export class LentBurst<T> extends Burst implements Borrower<T> {
  out: Outlet<T>;

  constructor(dest: Subscriber<T>) {
    super();
    dest.add(this);
    this.out = borrowOutlet(dest, this);
  }

  redirect(out: Outlet<T>): void {
    this.out = out;
  }
}
