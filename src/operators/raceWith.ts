import type { ObservableInputTuple } from 'rxjs';

import type { CheckpointedOperator } from './base/CheckpointedObservable.js';
import { raceOthers } from './raceOthers.js';

/**
 * Emits what the input emits that emits first, this or one of the others, and leaves the rest.
 *
 * **Checkpoint:** which input has won, if one has. A restore goes on with it, or with all that are still in the race; a
 * plain one is subscribed again, and skipped by what it had emitted.
 *
 * ```text
 * source  ---1-%-3-|
 * other   -2---%-4-|
 *         raceWith(other)
 * result  -2---%-4-|
 * ```
 *
 * @example
 * const prices$ = exchange$.pipe(raceWith(mirror$));
 * @param otherSources - anything that RxJS can subscribe to.
 */
export function raceWith<T, A extends readonly unknown[]>(
  ...otherSources: [...ObservableInputTuple<A>]
): CheckpointedOperator<T, T | A[number]> {
  return raceOthers<T>('raceWith', otherSources);
}
