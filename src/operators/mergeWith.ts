import type { Observable, ObservableInput, ObservableInputTuple } from 'rxjs';

import type { CheckpointedOperator } from './base/CheckpointedObservable.js';
import { CheckpointedObservable } from './base/CheckpointedObservable.js';
import { coreOperator } from './base/coreOperator.js';
import { lift } from './base/lift.js';
import { popNumber, popScheduler } from './base/trailingArguments.js';
import { mergeScheduled } from './mergeScheduled.js';
import { MergeInputsCore } from './MergeInputsCore.js';

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
  const args = [...otherSources];
  const scheduler = popScheduler(args);
  const concurrent = popNumber(args) ?? Infinity;
  const others = args as ObservableInput<unknown>[];
  if (scheduler === undefined) {
    return coreOperator<T, unknown>(
      { operator: 'mergeWith', create: (dest, site, sources) => new MergeInputsCore(dest, site, sources, concurrent) },
      others,
    );
  }
  const apply = (source: Observable<T>): Observable<unknown> => {
    const merged = (input: Observable<T>): Observable<unknown> =>
      mergeScheduled('mergeWith', [input, ...others], concurrent, scheduler);
    if (source instanceof CheckpointedObservable) return merged(source);
    return lift<T, unknown>(source, (dest, lifted) => void merged(lifted).subscribe(dest));
  };
  return apply as CheckpointedOperator<T, unknown>;
}
