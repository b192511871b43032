import type { ObservableInput } from 'rxjs';

import type { MonoTypeOperatorFunction } from './base/CheckpointedObservable.js';
import { coreOperator } from './base/coreOperator.js';
import { SampleCore } from './SampleCore.js';

/**
 * Emits the latest value whenever `notifier` emits, if there has been one since the last time.
 *
 * **Checkpoint:** the value that waits for the notifier. A checkpointed notifier goes on where it was; any other is
 * subscribed again, and as many of its values are skipped as it had emitted.
 *
 * ```text
 * source    -a-b-%---c--d-|
 * notifier  ----x-%x--x----
 *         sample(notifier)
 * result    ----b-%---c---|
 * ```
 *
 * @example
 * const shown$ = prices$.pipe(sample(fromObservable(ticks$)));
 * @param notifier - tells when to emit. That it completes changes nothing.
 * @throws errors of the notifier go to the subscriber.
 */
export function sample<T>(notifier: ObservableInput<unknown>): MonoTypeOperatorFunction<T> {
  return coreOperator<T, T>(
    {
      operator: 'sample',
      endsWithInputs: true,
      create: (dest, site, sources) => new SampleCore<T>(dest, site, sources, null),
    },
    [notifier],
  );
}
