import type { ObservableInput } from 'rxjs';

import type { CheckpointedOperator } from './base/CheckpointedObservable.js';
import { joinAll } from './JoinAllCore.js';
import { zip } from './zip.js';

/**
 * Collects the Observables that the source emits. Once it has completed, emits their first values together, then their
 * second ones, and so on.
 *
 * **Checkpoint:** the collected Observables, which in a job have to be groups, windows or arrays, and then the
 * values that wait for their partners. A restore goes on with those that are not done. A checkpoint that meets any
 * other Observable among them fails, since nothing could give it back: collect what they are made from, and make
 * them in a projection, `toArray(), mergeMap((ids) => zip(ids.map(request)))`.
 *
 * ```text
 * source  -a-b|         a = -1-3-%---|, b = ---2-%-4-|
 *         zipAll()
 * result  ----   ---x-%-y-|      x = [1, 2], y = [3, 4]
 * ```
 *
 * @example
 * const rounds$ = bids$.pipe(take(100), groupBy((bid) => bid.bidder), zipAll());
 * @param project - makes the value to emit of those that belong together.
 */
export function zipAll<T>(): CheckpointedOperator<ObservableInput<T>, T[]>;
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- RxJS's signature
export function zipAll<T>(): CheckpointedOperator<any, T[]>;
export function zipAll<T, R>(project: (...values: T[]) => R): CheckpointedOperator<ObservableInput<T>, R>;
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- RxJS's signature
export function zipAll<R>(project: (...values: any[]) => R): CheckpointedOperator<any, R>;
export function zipAll<R>(project?: (...values: never[]) => R): CheckpointedOperator<unknown, R> {
  return joinAll('zipAll', (sources) => zip(sources), project);
}
