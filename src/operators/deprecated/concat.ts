import type { ObservableInputTuple, SchedulerLike } from 'rxjs';

import type { CheckpointedOperator } from '../base/CheckpointedObservable.js';
import { mergeOthers } from '../mergeOthers.js';

/** @deprecated Use `concatWith`. */
export function concat<T, A extends readonly unknown[]>(
  ...sources: [...ObservableInputTuple<A>]
): CheckpointedOperator<T, T | A[number]>;
/** @deprecated Use `concatWith`. */
export function concat<T, A extends readonly unknown[]>(
  ...sourcesAndScheduler: [...ObservableInputTuple<A>, SchedulerLike]
): CheckpointedOperator<T, T | A[number]>;
export function concat<T>(...args: unknown[]): CheckpointedOperator<T, unknown> {
  return mergeOthers('concat', args, 1);
}
