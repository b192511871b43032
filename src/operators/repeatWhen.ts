import type { Observable, ObservableInput } from 'rxjs';

import type { MonoTypeOperatorFunction } from './base/CheckpointedObservable.js';
import { coreOperator } from './base/coreOperator.js';
import { NotifiedAttempts } from './NotifiedAttempts.js';

/**
 * Subscribes to the source again whenever what `notifier` gives emits.
 *
 * **Checkpoint:** which subscription to the source is running and its state, and the state of what `notifier` gave: how
 * many completions it has counted, a delay that runs. A restore calls `notifier` again, once there was a completion: on
 * the stream of completions it may use this library's operators only.
 *
 * ```text
 * source  -1-|
 *         repeatWhen((completions$) => completions$.pipe(delay(2)))
 * result  -1--%-1---1--
 * ```
 *
 * @deprecated Use `repeat` with the option `delay`.
 * @example
 * const polled$ = poll$.pipe(repeatWhen((completions$) => completions$.pipe(delay(10_000))));
 * @param notifier - gets the stream of completions, once, at the first of them. When it has completed, the result does
 *   so with the source.
 * @throws what `notifier` throws goes to the subscriber.
 */
export function repeatWhen<T>(
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- RxJS's signature
  notifier: (notifications: Observable<void>) => ObservableInput<any>,
): MonoTypeOperatorFunction<T> {
  return coreOperator<T, T>({
    operator: 'repeatWhen',
    outlivesConsumer: true,
    create: (dest, site, sources) => new RepeatWhenCore<T>(dest, site, sources, notifier),
  });
}

class RepeatWhenCore<T> extends NotifiedAttempts<T, void> {
  override onComplete(): void {
    if (this.s.isNotifierDone || this.site?.run.isDraining === true) this.dest.complete();
    else this.signal();
  }

  protected notifierCompleted(): void {
    if (this.s.isSourceDone) this.dest.complete();
  }
}
