import type { ObservableInput } from 'rxjs';

import type { CheckpointedOperator } from './base/CheckpointedObservable.js';
import { combineLatest } from './combineLatest.js';
import { joinAll } from './JoinAllCore.js';

/**
 * Collects the Observables that the source emits. Once it has completed, emits their latest values whenever one of them
 * emits, once each has.
 *
 * **Checkpoint:** the collected Observables, which in a job have to be groups, windows or arrays, and then the state
 * of their combination. A restore goes on with those that are not done. A checkpoint that meets any other Observable
 * among them fails, since nothing could give it back: collect what they are made from, and make them in a
 * projection, `toArray(), mergeMap((ids) => combineLatest(ids.map(request)))`.
 *
 * ```text
 * source  -a-b|         a = -1---%-3---|, b = ---2-%---4-|
 *         combineLatestAll()
 * result  ----   ---x-%-y-z-|      x = [1, 2], y = [3, 2], z = [3, 4]
 * ```
 *
 * @example
 * const latest$ = orders$.pipe(take(100), groupBy((order) => order.item), combineLatestAll());
 * @param project - makes the value to emit of the latest ones.
 */
export function combineLatestAll<T>(): CheckpointedOperator<ObservableInput<T>, T[]>;
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- RxJS's signature
export function combineLatestAll<T>(): CheckpointedOperator<any, T[]>;
export function combineLatestAll<T, R>(project: (...values: T[]) => R): CheckpointedOperator<ObservableInput<T>, R>;
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- RxJS's signature
export function combineLatestAll<R>(project: (...values: any[]) => R): CheckpointedOperator<any, R>;
export function combineLatestAll<R>(project?: (...values: never[]) => R): CheckpointedOperator<unknown, R> {
  return joinAll('combineLatestAll', (sources) => combineLatest(sources), project);
}
