import type { ObservableInput, ObservedValueOf } from 'rxjs';

import type { CheckpointedOperator } from './base/CheckpointedObservable.js';
import { exhaustInternals } from './exhaustInternals.js';
import type { ResultSelector } from './projectWithResult.js';
import { projectWithResult } from './projectWithResult.js';

/**
 * Projects a value to an inner Observable, and ignores the values that come before that has ended.
 *
 * **Checkpoint:** the value and index of the active inner, and the inner's own state. A restore calls `project` again
 * for it: a checkpointed inner goes on where it was; any other is subscribed again, and as many of its values are
 * skipped as it had emitted (a promise is made anew).
 *
 * ```text
 * source  -a-b--%-----c-----|
 *         exhaustMap(x => inner(x))
 * result  --1-2-%-3----1-2-3|
 * ```
 *
 * @example
 * const logins$ = clicks$.pipe(exhaustMap((click) => logIn(click)));
 * @param project - gives what to subscribe to; also gets the index among the values that were not ignored.
 * @throws what `project` throws, and errors of inners, go to the subscriber.
 */
export function exhaustMap<T, O extends ObservableInput<unknown>>(
  project: (value: T, index: number) => O,
): CheckpointedOperator<T, ObservedValueOf<O>>;
/** @deprecated Use an inner `map` instead of a result selector. */
export function exhaustMap<T, O extends ObservableInput<unknown>>(
  project: (value: T, index: number) => O,
  resultSelector: undefined,
): CheckpointedOperator<T, ObservedValueOf<O>>;
/** @deprecated Use an inner `map` instead of a result selector. */
export function exhaustMap<T, I, R>(
  project: (value: T, index: number) => ObservableInput<I>,
  resultSelector: (outerValue: T, innerValue: I, outerIndex: number, innerIndex: number) => R,
): CheckpointedOperator<T, R>;
export function exhaustMap<T, I, R>(
  project: (value: T, index: number) => ObservableInput<I>,
  resultSelector?: ResultSelector<T, ObservableInput<I>, R>,
): CheckpointedOperator<T, I | R> {
  return exhaustInternals<T, I | R>(
    'exhaustMap',
    resultSelector ? projectWithResult(project, resultSelector) : project,
  );
}
