import type { Observable, ObservableInput, ObservableInputTuple } from 'rxjs';

import type { CheckpointedOperator } from './base/CheckpointedObservable.js';
import { coreOperator } from './base/coreOperator.js';
import { RaceCore } from './race.js';

/**
 * Emits what this or one of the other inputs emits, whichever is the first to emit anything; the others are left at that
 * moment.
 *
 * **Checkpoint:** which input has won. A restore goes on with it, or with all while none has.
 *
 * ```text
 * source  ---1-%-2-|
 * other   -3---%-4-|
 *         raceWith(other)
 * result  -3---%-4-|
 * ```
 *
 * @example
 * const price$ = fastFeed$.pipe(raceWith(slowFeed$));
 * @param otherSources - anything that RxJS can subscribe to.
 */
export function raceWith<T, A extends readonly unknown[]>(
  ...otherSources: [...ObservableInputTuple<A>]
): CheckpointedOperator<T, T | A[number]> {
  return raceOthers('raceWith', otherSources as readonly ObservableInput<unknown>[]);
}

export function raceOthers<T, R>(
  operator: string,
  others: readonly ObservableInput<unknown>[],
): CheckpointedOperator<T, R> {
  if (others.length === 0) return ((source: Observable<T>) => source) as unknown as CheckpointedOperator<T, R>;
  return coreOperator<T, R>({ operator, create: (dest, site, sources) => new RaceCore(dest, site, sources) }, others);
}
