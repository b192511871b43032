import type { ObservableInput, ObservableInputTuple } from 'rxjs';

import type { CheckpointedOperator } from './base/CheckpointedObservable.js';
import { coreOperator } from './base/coreOperator.js';
import { CombineLatestCore } from './combineLatest.js';

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
): CheckpointedOperator<T, [T, ...A]> {
  return combineLatestOthers('combineLatestWith', otherSources as readonly ObservableInput<unknown>[]);
}

export function combineLatestOthers<T, R>(
  operator: string,
  others: readonly ObservableInput<unknown>[],
): CheckpointedOperator<T, R> {
  return coreOperator<T, unknown>(
    { operator, create: (dest, site, sources) => new CombineLatestCore(dest, site, sources, null, undefined) },
    others,
  ) as CheckpointedOperator<T, R>;
}
