import type { Observable, ObservableInputTuple } from 'rxjs';
import { from } from 'rxjs';

import type { CheckpointedObservable } from './base/CheckpointedObservable.js';
import type { CheckpointedInputTuple } from './base/combination.js';
import { combination } from './base/combination.js';
import { listOf } from './base/trailingArguments.js';
import { RaceCore } from './RaceCore.js';

/**
 * Emits what the input emits that emits first, and leaves the others.
 *
 * **Checkpoint:** which input has won, if one has. A restore goes on with it, or with all that are still in the race.
 *
 * ```text
 * a       ---1-%-3-|
 * b       -2---%-4-|
 *         race(a, b)
 * result  -2---%-4-|
 * ```
 *
 * @example
 * const prices$ = race(exchange$, mirror$);
 * @param inputs - one by one or in an array. With checkpointed inputs only, the result is checkpointed.
 */
export function race<A extends readonly unknown[]>(
  inputs: [...CheckpointedInputTuple<A>],
): CheckpointedObservable<A[number]>;
export function race<T extends readonly unknown[]>(inputs: [...ObservableInputTuple<T>]): Observable<T[number]>;
export function race<A extends readonly unknown[]>(
  ...inputs: [...CheckpointedInputTuple<A>]
): CheckpointedObservable<A[number]>;
export function race<T extends readonly unknown[]>(...inputs: [...ObservableInputTuple<T>]): Observable<T[number]>;
export function race(...args: unknown[]): Observable<unknown> {
  const inputs = listOf(args);
  const [only] = inputs;
  if (inputs.length === 1) return from(only!);
  return combination<unknown>(
    { operator: 'race', endsWithInputs: true, create: (dest, site, sources) => new RaceCore(dest, site, sources) },
    inputs,
  );
}
