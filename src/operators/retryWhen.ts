import type { Observable, ObservableInput } from 'rxjs';

import type { CheckpointedOperator } from './base/CheckpointedObservable.js';
import { retriesWhen } from './NotifiedAttempts.js';

/**
 * Subscribes to the source again whenever what `notifier` gives emits.
 *
 * **Checkpoint:** none. A job refuses it, because what the notifier remembers of the errors could not be restored;
 * `retry({ delay })` can.
 *
 * ```text
 * source  -1-#
 *         retryWhen((errors$) => errors$.pipe(delay(2)))
 * result  -1---1---1--
 * ```
 *
 * @deprecated Use `retry` with the option `delay`.
 * @example
 * const prices$ = live$.pipe(retryWhen((errors$) => errors$.pipe(delay(1_000))));
 * @param notifier - gets the stream of errors, once, at the first of them. Its error and its completion are the result's.
 * @throws NotifierInJobError in a job.
 */
export function retryWhen<T>(
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- RxJS's signature: an error is of any type
  notifier: (errors: Observable<any>) => ObservableInput<any>,
): CheckpointedOperator<T, T> {
  return retriesWhen(notifier);
}
