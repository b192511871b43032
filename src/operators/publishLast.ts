import type { Observable, UnaryFunction } from 'rxjs';
import { AsyncSubject } from 'rxjs';

import { ConnectableObservable } from './ConnectableObservable.js';

/**
 * Shares the last value of the source, as a ConnectableObservable.
 *
 * **Checkpoint:** none: a job refuses it with a `ConnectableInJobError`. There, use `share` or `connect` with a
 * `connector`.
 *
 * ```text
 * source  -1-2-3-|
 *         publishLast(), refCount()
 * result  -------(3|)
 * ```
 *
 * @example
 * const outcome$ = plain$.pipe(publishLast(), refCount());
 * @deprecated Use `connectable`, `connect` or `share` with a `connector`.
 */
export function publishLast<T>(): UnaryFunction<Observable<T>, ConnectableObservable<T>> {
  return (source: Observable<T>) => {
    const subject = new AsyncSubject<T>();
    return new ConnectableObservable<T>(source, () => subject);
  };
}
