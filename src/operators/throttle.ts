import type { ObservableInput, ThrottleConfig } from 'rxjs';

import type { MonoTypeOperatorFunction } from './base/CheckpointedObservable.js';
import { throttleFor } from './ThrottleCore.js';

/**
 * Emits a value, and then ignores others until the duration that was selected for it emits or completes.
 *
 * **Checkpoint:** the value that the running duration was selected for, the duration's state, and (with `trailing`) the
 * value that waits for its end. A restore calls `durationSelector` again: a checkpointed duration goes on where it was,
 * any other is subscribed anew.
 *
 * ```text
 * source  -a-b%---c---d|
 *         throttle(() => pause)     (pause: -----x)
 * result  -a--%---c----|
 * ```
 *
 * @example
 * const saves$ = edits$.pipe(throttle(() => idle$, { leading: true, trailing: true }));
 * @param durationSelector - gives what tells by its first value when the time is up.
 * @param config - whether to emit at the start of the duration (`leading`, the default), at its end (`trailing`), or both.
 * @throws what `durationSelector` throws, and errors of durations, go to the subscriber.
 */
export function throttle<T>(
  durationSelector: (value: T) => ObservableInput<unknown>,
  config?: ThrottleConfig,
): MonoTypeOperatorFunction<T> {
  return throttleFor('throttle', durationSelector, config);
}
