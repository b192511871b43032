import type { ObservableInputTuple } from 'rxjs';

import type { CheckpointedOperator } from '../base/CheckpointedObservable.js';
import { listOf } from '../base/trailingArguments.js';
import { raceOthers } from '../raceOthers.js';

/** @deprecated Use `raceWith`. */
export function race<T, A extends readonly unknown[]>(
  otherSources: [...ObservableInputTuple<A>],
): CheckpointedOperator<T, T | A[number]>;
/** @deprecated Use `raceWith`. */
export function race<T, A extends readonly unknown[]>(
  ...otherSources: [...ObservableInputTuple<A>]
): CheckpointedOperator<T, T | A[number]>;
export function race<T>(...args: unknown[]): CheckpointedOperator<T, unknown> {
  return raceOthers('race', listOf(args));
}
