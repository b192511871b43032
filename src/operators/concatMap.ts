import type { ObservableInput, ObservedValueOf } from 'rxjs';

import type { CheckpointedOperator } from './base/CheckpointedObservable.js';
import { mergeInternals } from './mergeInternals.js';
import type { ResultSelector } from './projectWithResult.js';
import { projectWithResult } from './projectWithResult.js';

/**
 * Projects each value to an inner Observable, one after the other.
 *
 * **Checkpoint:** the values that wait, the value and index of the active inner, and the inner's own state. A restore
 * calls `project` again for the active inner: a checkpointed inner goes on where it was; any other is subscribed again,
 * and as many of its values are skipped as it had emitted (a promise is made anew).
 *
 * With more than 1,024 values waiting, the sources above are paused.
 *
 * ```text
 * source  -a-b-%-----------|
 *         concatMap(x => inner(x))
 * result  --1--%-2--1---2--|
 * ```
 *
 * @example
 * const saved$ = orders$.pipe(concatMap((order) => save(order)));
 * @param project - gives what to subscribe to; also gets the index of the value.
 * @throws what `project` throws, and errors of inners, go to the subscriber.
 */
export function concatMap<T, O extends ObservableInput<unknown>>(
  project: (value: T, index: number) => O,
): CheckpointedOperator<T, ObservedValueOf<O>>;
/** @deprecated Use an inner `map` instead of a result selector. */
export function concatMap<T, O extends ObservableInput<unknown>>(
  project: (value: T, index: number) => O,
  resultSelector: undefined,
): CheckpointedOperator<T, ObservedValueOf<O>>;
/** @deprecated Use an inner `map` instead of a result selector. */
export function concatMap<T, R, O extends ObservableInput<unknown>>(
  project: (value: T, index: number) => O,
  resultSelector: ResultSelector<T, O, R>,
): CheckpointedOperator<T, R>;
export function concatMap<T, R, O extends ObservableInput<unknown>>(
  project: (value: T, index: number) => O,
  resultSelector?: ResultSelector<T, O, R>,
): CheckpointedOperator<T, ObservedValueOf<O> | R> {
  if (typeof resultSelector === 'function')
    return mergeInternals('concatMap', projectWithResult(project, resultSelector), 1);
  return mergeInternals('concatMap', project as (value: T, index: number) => ObservableInput<ObservedValueOf<O>>, 1);
}
