import type { Observable, ObservableInput, ObservableInputTuple, SchedulerLike } from 'rxjs';

import type { CheckpointedObservable } from './base/CheckpointedObservable.js';
import type { CheckpointedInputTuple } from './base/combination.js';
import { popScheduler } from './base/trailingArguments.js';
import { mergeInputs } from './merge.js';
import { mergeScheduled } from './mergeScheduled.js';

/**
 * Emits what the inputs emit, one input after the other.
 *
 * **Checkpoint:** which input is active. A restore goes on with it.
 *
 * ```text
 * a       -1-|
 * b       -2-%-3|
 *         concat(a, b)
 * result  -1--2-%-3|
 * ```
 *
 * @example
 * const all$ = concat(archive$, today$);
 * @param inputs - with checkpointed inputs only, the result is checkpointed.
 */
export function concat<A extends readonly unknown[]>(
  ...inputs: [...CheckpointedInputTuple<A>]
): CheckpointedObservable<A[number]>;
export function concat<T extends readonly unknown[]>(...inputs: [...ObservableInputTuple<T>]): Observable<T[number]>;
/** @deprecated Use `scheduled` of rxjs and `concatAll` instead of a scheduler. */
export function concat<T extends readonly unknown[]>(
  ...inputsAndScheduler: [...ObservableInputTuple<T>, SchedulerLike]
): Observable<T[number]>;
export function concat(...args: unknown[]): Observable<unknown> {
  const scheduler = popScheduler(args);
  const sources = args as ObservableInput<unknown>[];
  return scheduler === undefined ? mergeInputs('concat', sources, 1) : mergeScheduled('concat', sources, 1, scheduler);
}
