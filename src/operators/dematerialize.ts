import type { ObservableNotification, ValueFromNotification } from 'rxjs';

import type { CheckpointedOperator } from './base/CheckpointedObservable.js';
import type { SyncOperator } from './base/SyncSubscriber.js';
import { syncOperator } from './base/SyncSubscriber.js';

/**
 * Turns values that are notifications into what they stand for: the way back from `materialize`.
 *
 * **Checkpoint:** nothing. A restore repeats nothing.
 *
 * ```text
 * source  -a-%-b-c-|      a = N 1, b = N 2, c = C
 *         dematerialize()
 * result  -1-%-2-|
 * ```
 *
 * @example
 * const replayed$ = logged$.pipe(dematerialize());
 * @throws TypeError, as an error of the stream, for a value that is no notification.
 */
export function dematerialize<N extends ObservableNotification<unknown>>(): CheckpointedOperator<
  N,
  ValueFromNotification<N>
> {
  return syncOperator<N, ValueFromNotification<N>, null, null>(dematerializeOperator, null, () => null, false);
}

const dematerializeOperator: SyncOperator<ObservableNotification<unknown>, unknown, null, null> = {
  operator: 'dematerialize',
  next(notification) {
    const { dest } = this;
    try {
      const kind: unknown = notification.kind;
      if (typeof kind !== 'string') throw new TypeError('Invalid notification, missing "kind"');
      if (notification.kind === 'N') this.out.next(notification.value);
      else if (notification.kind === 'E') dest.error(notification.error);
      else dest.complete();
    } catch (thrown) {
      dest.error(thrown);
    }
  },
  capture: () => null,
  restore: () => null,
};
