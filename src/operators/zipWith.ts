import type { Cons, ObservableInputTuple } from 'rxjs';

import type { CheckpointedOperator } from './base/CheckpointedObservable.js';
import { zipOthers } from './zipOthers.js';

/**
 * Emits the first values of this and the other inputs together, then their second ones, and so on.
 *
 * **Checkpoint:** of each input the values that wait for their partners, and which inputs are done. A restore goes on
 * with the others; a plain one is subscribed again, and skipped by what it had emitted.
 *
 * ```text
 * source  -1-3-%-----|
 * other   ---2-%-4-5-|
 *         zipWith(other)
 * result  ---x-%-y---|      x = [1, 2], y = [3, 4]
 * ```
 *
 * @example
 * const rounds$ = questions$.pipe(zipWith(answers$));
 * @param otherInputs - anything that RxJS can subscribe to.
 */
export function zipWith<T, A extends readonly unknown[]>(
  ...otherInputs: [...ObservableInputTuple<A>]
): CheckpointedOperator<T, Cons<T, A>> {
  return zipOthers<T>('zipWith', otherInputs) as CheckpointedOperator<T, Cons<T, A>>;
}
