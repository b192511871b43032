import type { Observable, ObservableInput, ObservableInputTuple } from 'rxjs';

import type { CheckpointedOperator } from './base/CheckpointedObservable.js';
import { argumentsOrArray } from './base/trailingArguments.js';
import { resumeNext } from './onErrorResumeNext.js';

/**
 * Emits what this and then the other inputs emit, one after the other, also after one that ended with an error.
 *
 * **Checkpoint:** which input is active. A restore goes on with it; a plain one is subscribed again, and skipped by what
 * it had emitted.
 *
 * ```text
 * source  -1-#
 * other      -2-%-3|
 *         onErrorResumeNextWith(other)
 * result  -1--2-%-3|
 * ```
 *
 * @example
 * const all$ = cached$.pipe(onErrorResumeNextWith(live$));
 * @param sources - anything that RxJS can subscribe to; an array of them does as well.
 */
export function onErrorResumeNextWith<T, A extends readonly unknown[]>(
  sources: [...ObservableInputTuple<A>],
): CheckpointedOperator<T, T | A[number]>;
export function onErrorResumeNextWith<T, A extends readonly unknown[]>(
  ...sources: [...ObservableInputTuple<A>]
): CheckpointedOperator<T, T | A[number]>;
export function onErrorResumeNextWith<T>(...sources: unknown[]): CheckpointedOperator<T, unknown> {
  const others = argumentsOrArray<ObservableInput<unknown>>(sources);
  const apply = (source: Observable<T>): Observable<unknown> =>
    resumeNext('onErrorResumeNextWith', [source, ...others]);
  return apply as CheckpointedOperator<T, unknown>;
}
