import type { MonoTypeOperatorFunction, Observable, Subscription } from 'rxjs';
import { Subscriber } from 'rxjs';

import { lift } from './base/lift.js';

/** A ConnectableObservable, as this operator sees it. */
interface Counted {
  _refCount: number;
  readonly _connection: Subscription | null;
  connect(): Subscription;
}

/**
 * Connects a ConnectableObservable when the first subscriber comes, and disconnects it when the last one has left.
 *
 * **Checkpoint:** none: a job refuses it with a `ConnectableInJobError`.
 *
 * ```text
 * source  -1-2-3-|
 *         publish(), refCount()
 * result  -1-2-3-|    (each)
 * ```
 *
 * @example
 * const shared$ = plain$.pipe(publish(), refCount());
 * @deprecated Use `share`.
 */
export function refCount<T>(): MonoTypeOperatorFunction<T> {
  return (source: Observable<T>) =>
    lift<T, T>(source, (dest, lifted) => {
      const counted = lifted as unknown as Counted;
      counted._refCount++;
      const subscriber = new RefCountSubscriber<T>(dest, counted);
      lifted.subscribe(subscriber);
      if (!subscriber.closed) subscriber.connection = counted.connect();
    });
}

class RefCountSubscriber<T> extends Subscriber<T> {
  connection: Subscription | null = null;
  private readonly counted: Counted;

  constructor(
    private readonly dest: Subscriber<T>,
    counted: Counted,
  ) {
    super(dest);
    this.counted = counted;
  }

  override next(value: T): void {
    if (this.isStopped) super.next(value);
    else this.dest.next(value);
  }

  override unsubscribe(): void {
    if (this.closed) return;
    super.unsubscribe();
    // A closed consumer unsubscribes from within the constructor: it is not counted down, as in RxJS.
    const counted = this.counted as Counted | undefined;
    if (counted !== undefined) this.leave(counted);
  }

  private leave(counted: Counted): void {
    const { connection, dest } = this;
    this.connection = null;
    if (counted._refCount <= 0 || --counted._refCount > 0) return;
    const shared = counted._connection;
    // We may have been left within `connect`, before it gave us the connection.
    if (shared !== null && (connection === null || connection === shared)) shared.unsubscribe();
    dest.unsubscribe();
  }
}
