import type { Observable, ObservableInputTuple } from 'rxjs';

import type { CheckpointedOperator } from './base/CheckpointedObservable.js';
import { combination } from './base/combination.js';
import { listOf } from './base/trailingArguments.js';
import { ResumeNextCore, subscribable } from './ResumeNextCore.js';

/**
 * Emits what this and then the other inputs emit, one input after the other, whether it completes or fails.
 *
 * **Checkpoint:** which input is active. A restore goes on with it; a plain one is subscribed again, and skipped by what
 * it had emitted.
 *
 * ```text
 * source  -1-#
 * other   -2-%-3|
 *         onErrorResumeNextWith(other)
 * result  -1--2-%-3|
 * ```
 *
 * @example
 * const all$ = archive$.pipe(onErrorResumeNextWith(today$));
 * @param sources - one by one or in an array.
 */
export function onErrorResumeNextWith<T, A extends readonly unknown[]>(
  sources: [...ObservableInputTuple<A>],
): CheckpointedOperator<T, T | A[number]>;
export function onErrorResumeNextWith<T, A extends readonly unknown[]>(
  ...sources: [...ObservableInputTuple<A>]
): CheckpointedOperator<T, T | A[number]>;
export function onErrorResumeNextWith<T>(...args: unknown[]): CheckpointedOperator<T, unknown> {
  const others = subscribable(listOf(args));
  // Not through `source.lift`: RxJS makes a new Observable here, which does not keep the source's class.
  const apply = (source: Observable<T>): Observable<unknown> =>
    combination<unknown>(
      {
        operator: 'onErrorResumeNextWith',
        endsWithInputs: true,
        create: (dest, site, sources) => new ResumeNextCore(dest, site, sources),
      },
      [source, ...others],
    );
  return apply as CheckpointedOperator<T, unknown>;
}
