import type { Observable, UnaryFunction } from 'rxjs';
import { BehaviorSubject } from 'rxjs';

import { ConnectableObservable } from './ConnectableObservable.js';

/**
 * Shares the source through a BehaviorSubject, as a ConnectableObservable.
 *
 * **Checkpoint:** none: a job refuses it with a `ConnectableInJobError`. There, use `share` or `connect` with a
 * `connector`.
 *
 * ```text
 * source  -1-2-3-|
 *         publishBehavior(0), refCount()
 * result  01-2-3-|
 * ```
 *
 * @example
 * const level$ = plain$.pipe(publishBehavior(0), refCount());
 * @param initialValue - what subscribers get at first.
 * @deprecated Use `connectable`, `connect` or `share` with a `connector`.
 */
export function publishBehavior<T>(initialValue: T): UnaryFunction<Observable<T>, ConnectableObservable<T>> {
  return (source: Observable<T>) => {
    const subject = new BehaviorSubject<T>(initialValue);
    return new ConnectableObservable<T>(source, () => subject);
  };
}
