import type { Subscriber, ObservableNotification } from 'rxjs';
import { Notification } from 'rxjs';

import type { CheckpointedOperator } from './base/CheckpointedObservable.js';
import type { Site } from './base/Site.js';
import type { SyncOperator } from './base/SyncSubscriber.js';
import { SyncSubscriber, syncStep } from './base/SyncSubscriber.js';

/**
 * Emits all notifications as values: an error or the completion becomes a last value, and then the result completes.
 *
 * **Checkpoint:** nothing. A restore repeats nothing.
 *
 * ```text
 * source  -1-%-2-|
 *         materialize()
 * result  -a-%-b-(c|)      a = N 1, b = N 2, c = C
 * ```
 *
 * @example
 * const logged$ = replies$.pipe(materialize());
 */
export function materialize<T>(): CheckpointedOperator<T, Notification<T> & ObservableNotification<T>> {
  return syncStep('materialize', false, (dest, site) => new MaterializeSubscriber<T>(dest, site));
}

type Materialized<T> = Notification<T> & ObservableNotification<T>;

const materializeOperator: SyncOperator<unknown, Materialized<unknown>, null, null> = {
  operator: 'materialize',
  next(value) {
    try {
      this.out.next(Notification.createNext(value));
    } catch (error) {
      this.dest.error(error);
    }
  },
  finish() {
    this.dest.next(Notification.createComplete());
  },
  capture: () => null,
  restore: () => null,
};

class MaterializeSubscriber<T> extends SyncSubscriber<T, Materialized<T>, null, null> {
  constructor(dest: Subscriber<Materialized<T>>, site: Site | null) {
    super(dest, site, materializeOperator, null, () => null);
  }

  protected override _error(error: unknown): void {
    const { dest } = this;
    try {
      dest.next(Notification.createError(error));
      dest.complete();
    } catch (thrown) {
      dest.error(thrown);
    } finally {
      this.unsubscribe();
    }
  }
}
