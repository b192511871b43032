import type { Observable, ObservableInput, ObservedValueOf, TimestampProvider } from 'rxjs';
import { ReplaySubject } from 'rxjs';

import type { CheckpointedOperator } from './base/CheckpointedObservable.js';
import { connecting } from './connecting.js';
import type { MulticastOperator } from './multicasting.js';
import { publishing } from './multicasting.js';

/**
 * Shares the source through a ReplaySubject: with a selector as `connect` does, without one as a ConnectableObservable.
 *
 * **Checkpoint:** with a selector as of `connect`, without one as of `connectable`; with the values that are kept and the
 * absolute times when they are forgotten. A restore calls the selector again, and brings the connection back as it was.
 *
 * In a job each subscription has a ReplaySubject of its own; outside, with a selector, they all have the same, as in
 * RxJS: who repeats it gets what the first one left.
 *
 * ```text
 * source  -1-2-%-3-|
 *         publishReplay(1, Infinity, s => concat(s.pipe(take(2)), s))
 * result  -1-x-%-3-|      x = 2 2: the second time from the buffer
 * ```
 *
 * @example
 * const twice$ = orders$.pipe(publishReplay(1, Infinity, (shared$) => concat(shared$.pipe(take(2)), shared$)));
 * @param bufferSize - how many values whoever comes later gets.
 * @param windowTime - for how long a value is kept for them, in ms.
 * @param selectorOrScheduler - gets the shared stream; or the clock of `windowTime`.
 * @param timestampProvider - the clock of `windowTime`.
 * @deprecated Use `connectable`, `connect` or `share` with a `connector`, or `shareReplay`.
 */
export function publishReplay<T>(
  bufferSize?: number,
  windowTime?: number,
  timestampProvider?: TimestampProvider,
): MulticastOperator<T>;
/** @deprecated Use `connect`. */
export function publishReplay<T, O extends ObservableInput<unknown>>(
  bufferSize: number | undefined,
  windowTime: number | undefined,
  selector: (shared: Observable<T>) => O,
  timestampProvider?: TimestampProvider,
): CheckpointedOperator<T, ObservedValueOf<O>>;
/** @deprecated Use `connectable` or `share` with a `connector`. */
export function publishReplay<T, O extends ObservableInput<unknown>>(
  bufferSize: number | undefined,
  windowTime: number | undefined,
  selector: undefined,
  timestampProvider: TimestampProvider,
): CheckpointedOperator<T, ObservedValueOf<O>>;
export function publishReplay<T, O extends ObservableInput<unknown>>(
  bufferSize?: number,
  windowTime?: number,
  selectorOrScheduler?: TimestampProvider | ((shared: Observable<T>) => O),
  timestampProvider?: TimestampProvider,
): unknown {
  const selector = typeof selectorOrScheduler === 'function' ? selectorOrScheduler : undefined;
  const clock = (selectorOrScheduler && selector === undefined ? selectorOrScheduler : timestampProvider) as
    TimestampProvider | undefined;
  const create = (): ReplaySubject<T> => new ReplaySubject<T>(bufferSize, windowTime, clock);
  if (selector === undefined) return publishing('publishReplay', create);
  return (source: Observable<T>) => {
    const subject = create();
    const connector = (): ReplaySubject<T> => subject;
    return connecting<T, O>({ operator: 'publishReplay', selector, connector, jobConnector: create })(source);
  };
}
