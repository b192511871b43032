import type { ObservableInputTuple } from 'rxjs';

import type { CheckpointedOperator } from '../base/CheckpointedObservable.js';
import { combineLatestOthers } from '../combineLatestOthers.js';

/** @deprecated Use `combineLatestWith`. */
export function combineLatest<T, A extends readonly unknown[], R>(
  sources: [...ObservableInputTuple<A>],
  project: (...values: [T, ...A]) => R,
): CheckpointedOperator<T, R>;
/** @deprecated Use `combineLatestWith`. */
// eslint-disable-next-line @typescript-eslint/no-unused-vars -- RxJS's has it: who passes type arguments counts them
export function combineLatest<T, A extends readonly unknown[], _R>(
  sources: [...ObservableInputTuple<A>],
): CheckpointedOperator<T, [T, ...A]>;
/** @deprecated Use `combineLatestWith`. */
export function combineLatest<T, A extends readonly unknown[], R>(
  ...sourcesAndProject: [...ObservableInputTuple<A>, (...values: [T, ...A]) => R]
): CheckpointedOperator<T, R>;
/** @deprecated Use `combineLatestWith`. */
// eslint-disable-next-line @typescript-eslint/no-unused-vars -- RxJS's has it: who passes type arguments counts them
export function combineLatest<T, A extends readonly unknown[], _R>(
  ...sources: [...ObservableInputTuple<A>]
): CheckpointedOperator<T, [T, ...A]>;
export function combineLatest<T>(...args: unknown[]): CheckpointedOperator<T, unknown> {
  return combineLatestOthers('combineLatest', args);
}
