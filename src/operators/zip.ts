import type { Observable, ObservableInputTuple } from 'rxjs';
import { EMPTY } from 'rxjs';

import type { CheckpointedObservable } from './base/CheckpointedObservable.js';
import type { CheckpointedInputTuple } from './base/combination.js';
import { combination } from './base/combination.js';
import { listOf, popFunction } from './base/trailingArguments.js';
import type { Select } from './mapSpread.js';
import { ZipCore } from './ZipCore.js';

/**
 * Emits the first values of all inputs together, then their second ones, and so on.
 *
 * **Checkpoint:** of each input the values that wait for their partners, and which inputs are done. A restore goes on
 * with the others.
 *
 * ```text
 * a       -1-3-%-----|
 * b       ---2-%-4-5-|
 *         zip(a, b)
 * result  ---x-%-y---|      x = [1, 2], y = [3, 4]
 * ```
 *
 * @example
 * const rounds$ = zip(questions$, answers$);
 * @param sources - one by one or in an array; a function at the end makes the value to emit. With checkpointed inputs
 * only, the result is checkpointed.
 */
export function zip<A extends readonly unknown[]>(sources: [...CheckpointedInputTuple<A>]): CheckpointedObservable<A>;
export function zip<A extends readonly unknown[]>(sources: [...ObservableInputTuple<A>]): Observable<A>;
export function zip<A extends readonly unknown[], R>(
  sources: [...CheckpointedInputTuple<A>],
  resultSelector: (...values: A) => R,
): CheckpointedObservable<R>;
export function zip<A extends readonly unknown[], R>(
  sources: [...ObservableInputTuple<A>],
  resultSelector: (...values: A) => R,
): Observable<R>;
export function zip<A extends readonly unknown[]>(
  ...sources: [...CheckpointedInputTuple<A>]
): CheckpointedObservable<A>;
export function zip<A extends readonly unknown[]>(...sources: [...ObservableInputTuple<A>]): Observable<A>;
export function zip<A extends readonly unknown[], R>(
  ...sourcesAndResultSelector: [...ObservableInputTuple<A>, (...values: A) => R]
): Observable<R>;
export function zip(...args: unknown[]): Observable<unknown> {
  const select = popFunction(args) as Select | undefined;
  const inputs = listOf(args);
  if (inputs.length === 0) return EMPTY;
  return combination<unknown>(
    {
      operator: 'zip',
      endsWithInputs: true,
      create: (dest, site, sources) => new ZipCore(dest, site, sources, select),
    },
    inputs,
  );
}
