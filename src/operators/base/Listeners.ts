import type { Subscriber, Unsubscribable } from 'rxjs';
import { ObjectUnsubscribedError } from 'rxjs';

import type { Outlet } from './Outlet.js';
import { ForeignOutlet, outletInto } from './Outlet.js';

/**
 * Who listens to a group or a window, and the shortest way to them: most often it is one, and `out` leads into that. In
 * when and in which order they hear it is as RxJS's Subject.
 */
export abstract class Listeners<T> {
  /** Where values go. */
  protected out: Outlet<T> = NOWHERE;
  /** Whether somebody is to be let in before anything is emitted. */
  protected hasNewcomers = false;
  /** The one that there is most often. */
  private only: Subscriber<T> | null = null;
  /** All, once there were several: an array for each group would be taken for long-lived, and keep what is young. */
  private several: Subscriber<T>[] | null = null;
  /** Those who get the value that is under way: a copy, since they come and go meanwhile. */
  private copy: readonly Subscriber<T>[] | null = null;
  /** What whoever comes is told, once it is over. */
  private ending: Ending<T> | null = null;

  /** Lets in whoever has come meanwhile. */
  abstract letIn(): void;

  next(value: T): void {
    if (this.hasNewcomers) this.letIn();
    this.out.next(value);
  }

  /** @throws ObjectUnsubscribedError after `refuseAll`. */
  protected listen(dest: Subscriber<T>): void {
    if (this.ending !== null) return this.ending(dest);
    const { only, several } = this;
    if (several !== null) several.push(dest);
    else if (only === null) this.only = dest;
    else {
      this.several = [only, dest];
      this.only = null;
    }
    this.changed();
    dest.add(new Place(this, dest));
  }

  leave(dest: Subscriber<T>): void {
    const { several } = this;
    if (several === null) {
      if (this.only !== dest) return;
      this.only = null;
    } else {
      const index = several.indexOf(dest);
      if (index < 0) return;
      several.splice(index, 1);
    }
    this.changed();
  }

  private changed(): void {
    this.copy = null;
    if (this.ending !== null) return;
    const { several, only } = this;
    if (several !== null) this.out = new ForeignOutlet<T, Listeners<T>>(this, handToAll);
    else this.out = only === null ? NOWHERE : outletInto(only);
  }

  handOut(value: T): void {
    for (const dest of (this.copy ??= [...this.several!])) dest.next(value);
  }

  /** Tells all that it is over. Nobody hears anything from then on. */
  protected endAll(tell: Ending<T>): void {
    if (this.ending === refuse) refuse();
    if (this.ending !== null) return;
    this.ending = tell;
    this.out = NOWHERE;
    const { only, several } = this;
    this.only = null;
    if (several !== null) while (several.length > 0) tell(several.shift()!);
    else if (only !== null) tell(only);
  }

  /** Lets go of all, without a word. What is still emitted is an error, as with a Subject that was unsubscribed. */
  protected refuseAll(): void {
    this.ending = refuse;
    this.out = REFUSING;
    this.only = this.several = this.copy = null;
  }
}

type Ending<T> = (dest: Subscriber<T>) => void;

const NOWHERE: Outlet<unknown> = new ForeignOutlet(null, () => {});
const REFUSING: Outlet<unknown> = new ForeignOutlet(null, refuse);

function refuse(): never {
  throw new ObjectUnsubscribedError();
}

function handToAll<T>(this: ForeignOutlet<T, Listeners<T>>, value: T): void {
  this.dest.handOut(value);
}

/** Teardown of a listener: one object, where a Subject makes a Subscription and a closure. */
class Place<T> implements Unsubscribable {
  constructor(
    private readonly listeners: Listeners<T>,
    private readonly dest: Subscriber<T>,
  ) {}

  unsubscribe(): void {
    this.listeners.leave(this.dest);
  }
}
