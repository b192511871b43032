import type { ObservableInputTuple, SchedulerLike } from 'rxjs';

import type { CheckpointedOperator } from '../base/CheckpointedObservable.js';
import { mergeOthers } from '../mergeOthers.js';

/** @deprecated Use `mergeWith`. */
export function merge<T, A extends readonly unknown[]>(
  ...sources: [...ObservableInputTuple<A>]
): CheckpointedOperator<T, T | A[number]>;
/** @deprecated Use `mergeWith`. */
export function merge<T, A extends readonly unknown[]>(
  ...sourcesAndConcurrency: [...ObservableInputTuple<A>, number]
): CheckpointedOperator<T, T | A[number]>;
/** @deprecated Use `mergeWith`. */
export function merge<T, A extends readonly unknown[]>(
  ...sourcesAndScheduler: [...ObservableInputTuple<A>, SchedulerLike]
): CheckpointedOperator<T, T | A[number]>;
/** @deprecated Use `mergeWith`. */
export function merge<T, A extends readonly unknown[]>(
  ...sourcesAndConcurrencyAndScheduler: [...ObservableInputTuple<A>, number, SchedulerLike]
): CheckpointedOperator<T, T | A[number]>;
export function merge<T>(...args: unknown[]): CheckpointedOperator<T, unknown> {
  return mergeOthers('merge', args);
}
