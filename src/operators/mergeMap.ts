import type { ObservableInput, ObservedValueOf } from 'rxjs';

import type { CheckpointedOperator } from './base/CheckpointedObservable.js';
import { mergeInternals } from './mergeInternals.js';
import type { ResultSelector } from './projectWithResult.js';
import { projectWithResult } from './projectWithResult.js';

/**
 * Projects each value to an inner Observable and emits what they all emit, as it comes.
 *
 * **Checkpoint:** the values that wait for a free place, the value and index of each active inner, and the inners' own
 * states. A restore calls `project` again for each active inner: a checkpointed inner goes on where it was; any other is
 * subscribed again, and as many of its values are skipped as it had emitted (a promise is made anew).
 *
 * With a limit, and more than 1,024 values waiting, the sources above are paused.
 *
 * ```text
 * source  -a----%-b--|
 *         mergeMap(x => inner(x))
 * result  --1-2-%--1-2-|
 * ```
 *
 * @example
 * const replies$ = requests$.pipe(mergeMap((request) => fetchReply(request), 4));
 * @param project - gives what to subscribe to; also gets the index of the value.
 * @param concurrent - how many inners at a time at most. Default: no limit.
 * @throws what `project` throws, and errors of inners, go to the subscriber.
 */
export function mergeMap<T, O extends ObservableInput<unknown>>(
  project: (value: T, index: number) => O,
  concurrent?: number,
): CheckpointedOperator<T, ObservedValueOf<O>>;
/** @deprecated Use an inner `map` instead of a result selector. */
export function mergeMap<T, O extends ObservableInput<unknown>>(
  project: (value: T, index: number) => O,
  resultSelector: undefined,
  concurrent?: number,
): CheckpointedOperator<T, ObservedValueOf<O>>;
/** @deprecated Use an inner `map` instead of a result selector. */
export function mergeMap<T, R, O extends ObservableInput<unknown>>(
  project: (value: T, index: number) => O,
  resultSelector: ResultSelector<T, O, R>,
  concurrent?: number,
): CheckpointedOperator<T, R>;
export function mergeMap<T, R, O extends ObservableInput<unknown>>(
  project: (value: T, index: number) => O,
  resultSelector?: ResultSelector<T, O, R> | number,
  concurrent: number = Infinity,
): CheckpointedOperator<T, ObservedValueOf<O> | R> {
  if (typeof resultSelector === 'function')
    // RxJS takes null as well here.
    return mergeInternals('mergeMap', projectWithResult(project, resultSelector), concurrent ?? Infinity);
  const limit = typeof resultSelector === 'number' ? resultSelector : concurrent;
  return mergeInternals('mergeMap', project as (value: T, index: number) => ObservableInput<ObservedValueOf<O>>, limit);
}
