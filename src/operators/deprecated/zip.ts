import type { Cons, ObservableInputTuple } from 'rxjs';

import type { CheckpointedOperator } from '../base/CheckpointedObservable.js';
import { zipOthers } from '../zipOthers.js';

/** @deprecated Use `zipWith`. */
export function zip<T, A extends readonly unknown[]>(
  otherInputs: [...ObservableInputTuple<A>],
): CheckpointedOperator<T, Cons<T, A>>;
/** @deprecated Use `zipWith`. */
export function zip<T, A extends readonly unknown[], R>(
  otherInputsAndProject: [...ObservableInputTuple<A>],
  project: (...values: Cons<T, A>) => R,
): CheckpointedOperator<T, R>;
/** @deprecated Use `zipWith`. */
export function zip<T, A extends readonly unknown[]>(
  ...otherInputs: [...ObservableInputTuple<A>]
): CheckpointedOperator<T, Cons<T, A>>;
/** @deprecated Use `zipWith`. */
export function zip<T, A extends readonly unknown[], R>(
  ...otherInputsAndProject: [...ObservableInputTuple<A>, (...values: Cons<T, A>) => R]
): CheckpointedOperator<T, R>;
export function zip<T>(...args: unknown[]): CheckpointedOperator<T, unknown> {
  return zipOthers('zip', args);
}
