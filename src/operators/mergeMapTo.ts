import type { ObservableInput, ObservedValueOf } from 'rxjs';

import type { CheckpointedOperator } from './base/CheckpointedObservable.js';
import { mergeInternals } from './mergeInternals.js';
import type { ResultSelector } from './projectWithResult.js';
import { projectWithResult } from './projectWithResult.js';

/**
 * Subscribes to the same Observable once more at each value, and emits what all of that emits.
 *
 * **Checkpoint:** as `mergeMap`: waiting values, the active inners, and their own states. A restore subscribes anew for
 * each active inner: a checkpointed one goes on where it was, of any other what it had emitted is skipped.
 *
 * ```text
 * source  -a----%-b--|
 *         mergeMapTo(inner)
 * result  --1-2-%--1-2-|
 * ```
 *
 * @example
 * const pings$ = clicks$.pipe(mergeMapTo(ping$));
 * @param inner - what to subscribe to.
 * @param concurrent - how many at a time at most. Default: no limit.
 * @throws errors of inners go to the subscriber.
 * @deprecated Use `mergeMap(() => inner)`.
 */
export function mergeMapTo<O extends ObservableInput<unknown>>(
  inner: O,
  concurrent?: number,
): CheckpointedOperator<unknown, ObservedValueOf<O>>;
/** @deprecated Use an inner `map` instead of a result selector. */
export function mergeMapTo<T, R, O extends ObservableInput<unknown>>(
  inner: O,
  resultSelector: ResultSelector<T, O, R>,
  concurrent?: number,
): CheckpointedOperator<T, R>;
export function mergeMapTo<T, R, O extends ObservableInput<unknown>>(
  inner: O,
  resultSelector?: ResultSelector<T, O, R> | number,
  concurrent: number = Infinity,
): CheckpointedOperator<T, ObservedValueOf<O> | R> {
  if (typeof resultSelector === 'function') {
    return mergeInternals(
      'mergeMapTo',
      projectWithResult(() => inner, resultSelector),
      // RxJS takes null as well here.
      concurrent ?? Infinity,
    );
  }
  // As there.
  const limit = typeof resultSelector === 'number' ? resultSelector : (concurrent ?? Infinity);
  return mergeInternals('mergeMapTo', () => inner as ObservableInput<ObservedValueOf<O>>, limit);
}
