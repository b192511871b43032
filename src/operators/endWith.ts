import type { Observable, SchedulerLike, ValueFromArray } from 'rxjs';
import { of as plainOf } from 'rxjs';

import { arrayNode } from '../sources/arrayNode.js';
import { isScheduler } from '../sources/isScheduler.js';
import { of } from '../sources/of.js';
import type { CheckpointedOperator, MonoTypeOperatorFunction } from './base/CheckpointedObservable.js';
import { CheckpointedObservable } from './base/CheckpointedObservable.js';
import { mergeInputs } from './merge.js';

/** @deprecated Use `scheduled` and `concatAll` instead of a scheduler. */
export function endWith<T>(scheduler: SchedulerLike): MonoTypeOperatorFunction<T>;
/** @deprecated Use `scheduled` and `concatAll` instead of a scheduler. */
export function endWith<T, A extends unknown[] = T[]>(
  ...valuesAndScheduler: [...A, SchedulerLike]
): CheckpointedOperator<T, T | ValueFromArray<A>>;
/**
 * Emits the given values after those of the source.
 *
 * **Checkpoint:** whether the source is done, and how many of the values were emitted. A restore repeats nothing.
 *
 * ```text
 * source  -1-%-|
 *         endWith(2)
 * result  -1-%-(2|)
 * ```
 *
 * @example
 * const lines$ = rows$.pipe(endWith('end of report'));
 * @param values - to emit last.
 */
export function endWith<T, A extends unknown[] = T[]>(...values: A): CheckpointedOperator<T, T | ValueFromArray<A>>;
export function endWith<T>(...values: unknown[]): CheckpointedOperator<T, unknown> {
  const apply = (source: Observable<T>): Observable<unknown> => {
    const suffix = source instanceof CheckpointedObservable ? own(values) : plainOf(...values);
    return mergeInputs('endWith', [source, suffix], 1);
  };
  return apply as CheckpointedOperator<T, unknown>;
}

function own(values: unknown[]): CheckpointedObservable<unknown> {
  return isScheduler(values[values.length - 1]) ? of(...values) : arrayNode('of', values, true);
}
