import type { Cons, ObservableInputTuple } from 'rxjs';

import type { CheckpointedOperator } from './base/CheckpointedObservable.js';
import { combineLatestOthers } from './combineLatestOthers.js';

/**
 * Emits the latest values of this and the other inputs whenever one of them emits, once each has.
 *
 * **Checkpoint:** the latest value of each input, and which inputs are done. A restore goes on with the others; a plain
 * one is subscribed again, and skipped by what it had emitted.
 *
 * ```text
 * source  -1---%-3---|
 * other   ---2-%---4-|
 *         combineLatestWith(other)
 * result  ---x-%-y-z-|      x = [1, 2], y = [3, 2], z = [3, 4]
 * ```
 *
 * @example
 * const view$ = totals$.pipe(combineLatestWith(filter$));
 * @param otherSources - anything that RxJS can subscribe to.
 */
export function combineLatestWith<T, A extends readonly unknown[]>(
  ...otherSources: [...ObservableInputTuple<A>]
): CheckpointedOperator<T, Cons<T, A>> {
  return combineLatestOthers<T>('combineLatestWith', otherSources) as CheckpointedOperator<T, Cons<T, A>>;
}
