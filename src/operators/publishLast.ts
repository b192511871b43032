import { AsyncSubject } from 'rxjs';

import type { MulticastOperator } from './multicasting.js';
import { publishing } from './multicasting.js';

/**
 * Shares the last value of the source, as a ConnectableObservable.
 *
 * **Checkpoint:** as of `connectable`, with what the Subject holds. A restore brings the connection back as it was.
 *
 * ```text
 * source  -1-2-%-3-|
 *         publishLast(), refCount()
 * result  -----%---(3|)
 * ```
 *
 * @example
 * const outcome$ = orders$.pipe(publishLast(), refCount());
 * @deprecated Use `connectable`, `connect` or `share` with a `connector`.
 */
export function publishLast<T>(): MulticastOperator<T> {
  return publishing('publishLast', () => new AsyncSubject<T>());
}
