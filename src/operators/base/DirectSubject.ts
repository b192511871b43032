import type { Observer } from 'rxjs';
import { config, Subject, Subscriber } from 'rxjs';

import type { Outlet } from './Outlet.js';
import { outletInto } from './Outlet.js';

/**
 * A Subject that most often has one observer, as a group or a window has: to that it hands values without a closure and
 * a copied list for each. In all else RxJS's own.
 */
export class DirectSubject<T> extends Subject<T> {
  private only: Observer<T> | null = null;
  /** Into `only`. */
  private out: Outlet<T> | null = null;

  override next(value: T): void {
    const { observers } = this;
    if (observers.length !== 1 || this.closed || this.isStopped || config.useDeprecatedSynchronousErrorHandling) {
      this.only = this.out = null;
      super.next(value);
      return;
    }
    const only = observers[0]!;
    if (only !== this.only) {
      this.only = only;
      this.out = only instanceof Subscriber ? outletInto(only as Subscriber<T>) : only;
    }
    this.out!.next(value);
  }
}
