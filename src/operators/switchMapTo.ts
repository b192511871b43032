import type { ObservableInput, ObservedValueOf } from 'rxjs';

import type { CheckpointedOperator } from './base/CheckpointedObservable.js';
import { mapWithin } from './map.js';
import type { ResultSelector } from './projectWithResult.js';
import { projectWithResult } from './projectWithResult.js';
import { switchInternals } from './switchInternals.js';

/**
 * Subscribes to the same Observable anew at each value, and leaves the subscription before.
 *
 * **Checkpoint:** as `switchMap`: the active inner and its own state. A restore subscribes anew: a checkpointed inner
 * goes on where it was, of any other what it had emitted is skipped.
 *
 * ```text
 * source  -a----%-b-----|
 *         switchMapTo(inner)
 * result  --1-2-%--1-2-3|
 * ```
 *
 * @example
 * const countdown$ = clicks$.pipe(switchMapTo(fromTenToZero$));
 * @param inner - what to subscribe to.
 * @throws errors of inners go to the subscriber.
 * @deprecated Use `switchMap(() => inner)`.
 */
export function switchMapTo<O extends ObservableInput<unknown>>(
  inner: O,
): CheckpointedOperator<unknown, ObservedValueOf<O>>;
/** @deprecated Use an inner `map` instead of a result selector. */
export function switchMapTo<O extends ObservableInput<unknown>>(
  inner: O,
  resultSelector: undefined,
): CheckpointedOperator<unknown, ObservedValueOf<O>>;
/** @deprecated Use an inner `map` instead of a result selector. */
export function switchMapTo<T, R, O extends ObservableInput<unknown>>(
  inner: O,
  resultSelector: ResultSelector<T, O, R>,
): CheckpointedOperator<T, R>;
export function switchMapTo<T, R, O extends ObservableInput<unknown>>(
  inner: O,
  resultSelector?: ResultSelector<T, O, R>,
): CheckpointedOperator<T, ObservedValueOf<O> | R> {
  if (typeof resultSelector === 'function') {
    return switchInternals(
      'switchMapTo',
      projectWithResult(() => inner, resultSelector, mapWithin),
    );
  }
  return switchInternals('switchMapTo', () => inner as ObservableInput<ObservedValueOf<O>>);
}
