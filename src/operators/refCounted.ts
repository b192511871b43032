import type { Observable, Subscription } from 'rxjs';
import { Subscriber } from 'rxjs';

import { lift } from './base/lift.js';

/** A ConnectableObservable, as it is seen here. */
interface Counted {
  _refCount: number;
  readonly _connection: Subscription | null;
  connect(): Subscription;
}

/** What RxJS's `refCount` does with a ConnectableObservable. */
export function refCounted<T>(source: Observable<T>): Observable<T> {
  return lift<T, T>(source, (dest, lifted) => {
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
