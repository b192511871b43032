import type { ObservableInput } from 'rxjs';

import { auditFor } from './AuditCore.js';
import type { MonoTypeOperatorFunction } from './base/CheckpointedObservable.js';

/**
 * A value starts a duration; when that emits, the latest value is emitted.
 *
 * **Checkpoint:** the latest value, the value that the running duration was selected for, and the duration's state. A
 * restore calls `durationSelector` again for it: a checkpointed duration goes on where it was, any other is subscribed
 * anew.
 *
 * ```text
 * source  -a-b%----c------|
 *         audit(() => pause)     (pause: ---x)
 * result  ----%b------c---|
 * ```
 *
 * @example
 * const positions$ = moves$.pipe(audit(() => nextFrame$));
 * @param durationSelector - gives what tells by its first value when the time is up.
 * @throws what `durationSelector` throws, and errors of durations, go to the subscriber.
 */
export function audit<T>(durationSelector: (value: T) => ObservableInput<unknown>): MonoTypeOperatorFunction<T> {
  return auditFor('audit', durationSelector);
}
