import type { Observable, ObservableInputTuple } from 'rxjs';

import type { CheckpointedObservable } from './base/CheckpointedObservable.js';
import type { CheckpointedInputTuple } from './base/combination.js';
import { combination } from './base/combination.js';
import { listOf } from './base/trailingArguments.js';
import { ResumeNextCore, subscribable } from './ResumeNextCore.js';

/**
 * Emits what the inputs emit, one input after the other, whether it completes or fails. What they fail with is lost.
 *
 * **Checkpoint:** which input is active. A restore goes on with it.
 *
 * ```text
 * a       -1-#
 * b       -2-%-3|
 *         onErrorResumeNext(a, b)
 * result  -1--2-%-3|
 * ```
 *
 * @example
 * const all$ = onErrorResumeNext(archive$, today$);
 * @param sources - one by one or in an array. With checkpointed inputs only, the result is checkpointed.
 */
export function onErrorResumeNext<A extends readonly unknown[]>(
  sources: [...CheckpointedInputTuple<A>],
): CheckpointedObservable<A[number]>;
export function onErrorResumeNext<A extends readonly unknown[]>(
  sources: [...ObservableInputTuple<A>],
): Observable<A[number]>;
export function onErrorResumeNext<A extends readonly unknown[]>(
  ...sources: [...CheckpointedInputTuple<A>]
): CheckpointedObservable<A[number]>;
export function onErrorResumeNext<A extends readonly unknown[]>(
  ...sources: [...ObservableInputTuple<A>]
): Observable<A[number]>;
export function onErrorResumeNext(...args: unknown[]): Observable<unknown> {
  return combination<unknown>(
    {
      operator: 'onErrorResumeNext',
      endsWithInputs: true,
      create: (dest, site, sources) => new ResumeNextCore(dest, site, sources),
    },
    subscribable(listOf(args)),
  );
}
