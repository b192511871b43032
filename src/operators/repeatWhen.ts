import type { Observable, ObservableInput } from 'rxjs';

import type { CheckpointedOperator } from './base/CheckpointedObservable.js';
import { repeatsWhen } from './NotifiedAttempts.js';

/**
 * Subscribes to the source again whenever what `notifier` gives emits.
 *
 * **Checkpoint:** none. A job refuses it, because what the notifier remembers of the completions could not be restored;
 * `repeat({ delay })` can.
 *
 * ```text
 * source  -1-|
 *         repeatWhen((completions$) => completions$.pipe(delay(2)))
 * result  -1---1---1--
 * ```
 *
 * @deprecated Use `repeat` with the option `delay`.
 * @example
 * const polled$ = poll$.pipe(repeatWhen((completions$) => completions$.pipe(delay(10_000))));
 * @param notifier - gets the stream of completions, once, at the first of them. When it has completed, the result does
 * so with the source.
 * @throws NotifierInJobError in a job.
 */
export function repeatWhen<T>(
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- RxJS's signature
  notifier: (notifications: Observable<void>) => ObservableInput<any>,
): CheckpointedOperator<T, T> {
  return repeatsWhen(notifier);
}
