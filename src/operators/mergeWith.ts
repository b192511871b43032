import type { ObservableInputTuple } from 'rxjs';

import type { CheckpointedOperator } from './base/CheckpointedObservable.js';
import { mergeOthers } from './mergeOthers.js';

/**
 * Emits what this and the other inputs emit, as it comes.
 *
 * **Checkpoint:** which inputs are active or done. A restore goes on with those that were active; a plain one is
 * subscribed again, and skipped by what it had emitted.
 *
 * ```text
 * source  -1---%-3--|
 * other   ---2-%---4|
 *         mergeWith(other)
 * result  -1-2-%-3-4|
 * ```
 *
 * @example
 * const all$ = orders$.pipe(mergeWith(cancellations$));
 * @param otherSources - anything that RxJS can subscribe to.
 */
export function mergeWith<T, A extends readonly unknown[]>(
  ...otherSources: [...ObservableInputTuple<A>]
): CheckpointedOperator<T, T | A[number]>;
export function mergeWith<T>(...otherSources: unknown[]): CheckpointedOperator<T, unknown> {
  return mergeOthers('mergeWith', otherSources);
}
