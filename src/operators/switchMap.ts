import type { ObservableInput, ObservedValueOf } from 'rxjs';

import type { CheckpointedOperator } from './base/CheckpointedObservable.js';
import { mapWithin } from './map.js';
import type { ResultSelector } from './projectWithResult.js';
import { projectWithResult } from './projectWithResult.js';
import { switchInternals } from './switchInternals.js';

/**
 * Projects each value to an inner Observable and emits what the latest one emits.
 *
 * **Checkpoint:** the value and index of the active inner, and the inner's own state. A restore calls `project` again
 * for it: a checkpointed inner goes on where it was; any other is subscribed again, and as many of its values are
 * skipped as it had emitted (a promise is made anew).
 *
 * ```text
 * source  -a----%-b-----|
 *         switchMap(x => inner(x))
 * result  --1-2-%--1-2-3|
 * ```
 *
 * @example
 * const results$ = queries$.pipe(switchMap((query) => search(query)));
 * @param project - gives what to subscribe to; also gets the index of the value.
 * @throws what `project` throws, and errors of inners, go to the subscriber.
 */
export function switchMap<T, O extends ObservableInput<unknown>>(
  project: (value: T, index: number) => O,
): CheckpointedOperator<T, ObservedValueOf<O>>;
/** @deprecated Use an inner `map` instead of a result selector. */
export function switchMap<T, O extends ObservableInput<unknown>>(
  project: (value: T, index: number) => O,
  resultSelector: undefined,
): CheckpointedOperator<T, ObservedValueOf<O>>;
/** @deprecated Use an inner `map` instead of a result selector. */
export function switchMap<T, R, O extends ObservableInput<unknown>>(
  project: (value: T, index: number) => O,
  resultSelector: ResultSelector<T, O, R>,
): CheckpointedOperator<T, R>;
export function switchMap<T, R, O extends ObservableInput<unknown>>(
  project: (value: T, index: number) => O,
  resultSelector?: ResultSelector<T, O, R>,
): CheckpointedOperator<T, ObservedValueOf<O> | R> {
  if (resultSelector) return switchInternals('switchMap', projectWithResult(project, resultSelector, mapWithin));
  return switchInternals('switchMap', project as (value: T, index: number) => ObservableInput<ObservedValueOf<O>>);
}
