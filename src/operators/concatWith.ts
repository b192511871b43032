import type { ObservableInputTuple } from 'rxjs';

import type { CheckpointedOperator } from './base/CheckpointedObservable.js';
import { mergeOthers } from './mergeOthers.js';

/**
 * Emits what this and then the other inputs emit, one input after the other.
 *
 * **Checkpoint:** which input is active. A restore goes on with it; a plain one is subscribed again, and skipped by what
 * it had emitted.
 *
 * ```text
 * source  -1-|
 * other   -2-%-3|
 *         concatWith(other)
 * result  -1--2-%-3|
 * ```
 *
 * @example
 * const all$ = archive$.pipe(concatWith(today$));
 * @param otherSources - anything that RxJS can subscribe to.
 */
export function concatWith<T, A extends readonly unknown[]>(
  ...otherSources: [...ObservableInputTuple<A>]
): CheckpointedOperator<T, T | A[number]> {
  return mergeOthers<T>('concatWith', otherSources, 1);
}
