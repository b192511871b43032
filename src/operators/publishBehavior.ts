import { BehaviorSubject } from 'rxjs';

import type { MulticastOperator } from './multicasting.js';
import { publishing } from './multicasting.js';

/**
 * Shares the source through a BehaviorSubject, as a ConnectableObservable.
 *
 * **Checkpoint:** as of `connectable`, with what the Subject holds. A restore brings the connection back as it was.
 *
 * ```text
 * source  -1-2-%-3-|
 *         publishBehavior(0), refCount()
 * result  01-2-%-3-|
 * ```
 *
 * @example
 * const level$ = levels$.pipe(publishBehavior(0), refCount());
 * @param initialValue - what subscribers get at first.
 * @deprecated Use `connectable`, `connect` or `share` with a `connector`.
 */
export function publishBehavior<T>(initialValue: T): MulticastOperator<T> {
  return publishing('publishBehavior', () => new BehaviorSubject<T>(initialValue));
}
