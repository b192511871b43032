import type { Observable, ObservableInput } from 'rxjs';

import type { MonoTypeOperatorFunction } from './base/CheckpointedObservable.js';
import { coreOperator } from './base/coreOperator.js';
import { NotifiedAttempts } from './NotifiedAttempts.js';

/**
 * Subscribes to the source again whenever what `notifier` gives emits.
 *
 * **Checkpoint:** which attempt is running and its state, and the state of what `notifier` gave: how many errors it has
 * counted, a delay that runs. A restore calls `notifier` again, once there was an error: on the stream
 * of errors it may use this library's operators only.
 *
 * ```text
 * source  -1-#
 *         retryWhen((errors$) => errors$.pipe(delay(2)))
 * result  -1--%-1---1--
 * ```
 *
 * @deprecated Use `retry` with the option `delay`.
 * @example
 * const prices$ = live$.pipe(retryWhen((errors$) => errors$.pipe(delay(1_000), take(3))));
 * @param notifier - gets the stream of errors, once, at the first of them. Its error and its completion are the result's.
 * @throws what `notifier` throws goes to the subscriber.
 */
export function retryWhen<T>(
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- RxJS's signature: an error is of any type
  notifier: (errors: Observable<any>) => ObservableInput<any>,
): MonoTypeOperatorFunction<T> {
  return coreOperator<T, T>({
    operator: 'retryWhen',
    outlivesConsumer: true,
    create: (dest, site, sources) => new RetryWhenCore<T>(dest, site, sources, notifier),
  });
}

class RetryWhenCore<T> extends NotifiedAttempts<T, unknown> {
  override onError(error: unknown): void {
    if (this.site?.run.isDraining === true) this.dest.error(error);
    else this.signal(error);
  }

  protected notifierCompleted(): void {
    this.dest.complete();
  }
}
