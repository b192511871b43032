import type { Observable, ObservableInput, ObservableInputTuple } from 'rxjs';

import type { CheckpointedOperator } from './base/CheckpointedObservable.js';
import { CheckpointedObservable } from './base/CheckpointedObservable.js';
import { coreOperator } from './base/coreOperator.js';
import { lift } from './base/lift.js';
import { popScheduler } from './base/trailingArguments.js';
import { mergeScheduled } from './mergeScheduled.js';
import { MergeInputsCore } from './MergeInputsCore.js';

/**
 * Emits what this and then the other inputs emit, one after the other.
 *
 * **Checkpoint:** which input is active. A restore goes on with it; a plain one is subscribed again, and skipped by what
 * it had emitted.
 *
 * ```text
 * source  -1-|
 * other      -2-%-3|
 *         concatWith(other)
 * result  -1--2-%-3|
 * ```
 *
 * @example
 * const all$ = archive$.pipe(concatWith(today$));
 * @param otherSources - anything that RxJS can subscribe to.
 */
export function concatWith<T, A extends readonly unknown[]>(
  ...otherSources: [...ObservableInputTuple<A>]
): CheckpointedOperator<T, T | A[number]> {
  return mergeOthers('concatWith', otherSources, 1);
}

/** @param args - the other inputs; a scheduler at the end subscribes to them. */
export function mergeOthers<T, R>(
  operator: string,
  args: readonly unknown[],
  concurrent: number,
): CheckpointedOperator<T, R> {
  const others = [...args] as ObservableInput<unknown>[];
  const scheduler = popScheduler(others);
  if (scheduler === undefined) {
    return coreOperator<T, R>(
      { operator, create: (dest, site, sources) => new MergeInputsCore(dest, site, sources, concurrent) },
      others,
    );
  }
  const apply = (source: Observable<T>): Observable<unknown> => {
    const merged = (input: Observable<T>): Observable<unknown> =>
      mergeScheduled(operator, [input, ...others], concurrent, scheduler);
    if (source instanceof CheckpointedObservable) return merged(source);
    return lift<T, unknown>(source, (dest, lifted) => void merged(lifted).subscribe(dest));
  };
  return apply as CheckpointedOperator<T, R>;
}
