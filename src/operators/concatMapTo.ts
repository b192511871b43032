import type { ObservableInput, ObservedValueOf } from 'rxjs';

import type { CheckpointedOperator } from './base/CheckpointedObservable.js';
import { mergeInternals } from './mergeInternals.js';
import type { ResultSelector } from './projectWithResult.js';
import { projectWithResult } from './projectWithResult.js';

/**
 * Subscribes to the same Observable once for each value, one after the other.
 *
 * **Checkpoint:** as `concatMap`: waiting values, the active inner, and its own state. A restore subscribes anew: a
 * checkpointed inner goes on where it was, of any other what it had emitted is skipped.
 *
 * ```text
 * source  -a-b-%-----------|
 *         concatMapTo(inner)
 * result  --1--%-2--1---2--|
 * ```
 *
 * @example
 * const pings$ = clicks$.pipe(concatMapTo(ping$));
 * @param inner - what to subscribe to.
 * @throws errors of inners go to the subscriber.
 * @deprecated Use `concatMap(() => inner)`.
 */
export function concatMapTo<O extends ObservableInput<unknown>>(
  inner: O,
): CheckpointedOperator<unknown, ObservedValueOf<O>>;
/** @deprecated Use an inner `map` instead of a result selector. */
export function concatMapTo<O extends ObservableInput<unknown>>(
  inner: O,
  resultSelector: undefined,
): CheckpointedOperator<unknown, ObservedValueOf<O>>;
/** @deprecated Use an inner `map` instead of a result selector. */
export function concatMapTo<T, R, O extends ObservableInput<unknown>>(
  inner: O,
  resultSelector: ResultSelector<T, O, R>,
): CheckpointedOperator<T, R>;
export function concatMapTo<T, R, O extends ObservableInput<unknown>>(
  inner: O,
  resultSelector?: ResultSelector<T, O, R>,
): CheckpointedOperator<T, ObservedValueOf<O> | R> {
  if (typeof resultSelector === 'function') {
    return mergeInternals(
      'concatMapTo',
      projectWithResult(() => inner, resultSelector),
      1,
    );
  }
  return mergeInternals('concatMapTo', () => inner as ObservableInput<ObservedValueOf<O>>, 1);
}
