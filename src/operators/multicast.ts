import type { Observable, ObservableInput, ObservedValueOf, OperatorFunction, Subject, UnaryFunction } from 'rxjs';

import { UnsupportedConnectorError } from '../errors/UnsupportedConnectorError.js';
import type { CheckpointedOperator } from './base/CheckpointedObservable.js';
import type { Site } from './base/Site.js';
import { connecting } from './connecting.js';
import { ConnectableObservable } from './ConnectableObservable.js';

/**
 * Shares the source through a Subject: with a selector as `connect` does, without one as a ConnectableObservable.
 *
 * **Checkpoint:** with a selector as `connect`; a job refuses it without one, with a `ConnectableInJobError`. A restore
 * calls the selector again.
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
 * @throws UnsupportedConnectorError, in a job, for a selector with one Subject for all subscriptions.
 * @deprecated Use `connectable`, `connect` or `share`.
 */
export function multicast<T>(subject: Subject<T>): UnaryFunction<Observable<T>, ConnectableObservable<T>>;
/** @deprecated Use `connect`. */
export function multicast<T, O extends ObservableInput<unknown>>(
  subject: Subject<T>,
  selector: (shared: Observable<T>) => O,
): CheckpointedOperator<T, ObservedValueOf<O>>;
/** @deprecated Use `connectable` or `share`. */
export function multicast<T>(subjectFactory: () => Subject<T>): UnaryFunction<Observable<T>, ConnectableObservable<T>>;
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
  if (typeof selector !== 'function') return (source: Observable<T>) => new ConnectableObservable<T>(source, connector);
  return connecting<T, O>({ operator: 'multicast', selector, connector, jobConnector: isFactory ? connector : refuse });
}

function refuse({ name }: Site): never {
  throw new UnsupportedConnectorError(name, 'one-for-all');
}
