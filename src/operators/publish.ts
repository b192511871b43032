import type { Observable, ObservableInput, ObservedValueOf } from 'rxjs';
import { Subject } from 'rxjs';

import type { CheckpointedOperator } from './base/CheckpointedObservable.js';
import { connecting } from './connecting.js';
import type { MulticastOperator } from './multicasting.js';
import { publishing } from './multicasting.js';

/**
 * Shares the source: with a selector as `connect` does, without one as a ConnectableObservable.
 *
 * **Checkpoint:** with a selector as of `connect`, without one as of `connectable`. A restore calls the selector
 * again, and brings the connection back as it was.
 *
 * ```text
 * source  -1-2-%-3-|
 *         publish(s => merge(s, s.pipe(map(x => 10 * x))))
 * result  -x-y-%-z-|      x = 1 10, y = 2 20, z = 3 30
 * ```
 *
 * @example
 * const both$ = orders$.pipe(publish((shared$) => merge(shared$.pipe(sales), shared$.pipe(returns))));
 * @param selector - gets the shared stream.
 * @deprecated Use `connectable`, `connect` or `share`.
 */
export function publish<T>(): MulticastOperator<T>;
/** @deprecated Use `connect`. */
export function publish<T, O extends ObservableInput<unknown>>(
  selector: (shared: Observable<T>) => O,
): CheckpointedOperator<T, ObservedValueOf<O>>;
export function publish<T, O extends ObservableInput<unknown>>(
  selector?: (shared: Observable<T>) => O,
): CheckpointedOperator<T, ObservedValueOf<O>> | MulticastOperator<T> {
  if (selector) return connecting<T, O>({ operator: 'publish', selector, connector: () => new Subject<T>() });
  return publishing('publish', () => new Subject<T>());
}
