import type { Observable, ObservableInput, ObservedValueOf, OperatorFunction, Subject } from 'rxjs';

import { UnsupportedConnectorError } from '../errors/UnsupportedConnectorError.js';
import type { CheckpointedOperator } from './base/CheckpointedObservable.js';
import { connecting } from './connecting.js';
import type { MulticastOperator } from './multicasting.js';
import { multicasting } from './multicasting.js';

/**
 * Shares the source through a Subject: with a selector as `connect` does, without one as a ConnectableObservable.
 *
 * **Checkpoint:** with a selector as of `connect`, without one as of `connectable`. A restore calls the selector
 * again, and brings the connection back as it was.
 *
 * ```text
 * source  -1-2-%-3-|
 *         multicast(() => new Subject(), s => merge(s, s.pipe(map(x => 10 * x))))
 * result  -x-y-%-z-|      x = 1 10, y = 2 20, z = 3 30
 * ```
 *
 * @example
 * const both$ = orders$.pipe(multicast(() => new Subject<Order>(), (shared$) => merge(shared$.pipe(sales), shared$.pipe(returns))));
 * @param subjectOrSubjectFactory - a Subject, or what makes one for each connection.
 * @param selector - gets the shared stream.
 * @throws UnsupportedConnectorError, in a job, for one Subject in place of a function that makes them.
 * @deprecated Use `connectable`, `connect` or `share`.
 */
export function multicast<T>(subject: Subject<T>): MulticastOperator<T>;
/** @deprecated Use `connect`. */
export function multicast<T, O extends ObservableInput<unknown>>(
  subject: Subject<T>,
  selector: (shared: Observable<T>) => O,
): CheckpointedOperator<T, ObservedValueOf<O>>;
/** @deprecated Use `connectable` or `share`. */
export function multicast<T>(subjectFactory: () => Subject<T>): MulticastOperator<T>;
/** @deprecated Use `connect`. */
export function multicast<T, O extends ObservableInput<unknown>>(
  subjectFactory: () => Subject<T>,
  selector: (shared: Observable<T>) => O,
): CheckpointedOperator<T, ObservedValueOf<O>>;
export function multicast<T, O extends ObservableInput<unknown>>(
  subjectOrSubjectFactory: Subject<T> | (() => Subject<T>),
  selector?: (shared: Observable<T>) => O,
): OperatorFunction<T, T | ObservedValueOf<O>> {
  const isFactory = typeof subjectOrSubjectFactory === 'function';
  const connector = isFactory ? subjectOrSubjectFactory : (): Subject<T> => subjectOrSubjectFactory;
  const jobConnector = isFactory ? connector : refuse;
  if (typeof selector === 'function')
    return connecting<T, O>({ operator: 'multicast', selector, connector, jobConnector });
  return multicasting(() => ({ operator: 'multicast', connector, jobConnector, resetOnDisconnect: true }));
}

function refuse({ name }: { readonly name: string }): never {
  throw new UnsupportedConnectorError(name, 'one-for-all');
}
