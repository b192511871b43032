import type { SchedulerLike, ValueFromArray } from 'rxjs';
import { scheduled } from 'rxjs';

import type { CheckpointedObservable } from '../operators/base/CheckpointedObservable.js';
import { plainNode } from '../operators/base/plainNode.js';
import { arrayNode } from './arrayNode.js';
import { isScheduler } from './isScheduler.js';

/**
 * Emits its arguments, all at once when it is subscribed.
 *
 * **Checkpoint:** the index of the next argument (`position.offset`). A restore goes on there.
 *
 * @example
 * const all$ = concat(of(header), rows$);
 */
export function of(value: null): CheckpointedObservable<null>;
export function of(value: undefined): CheckpointedObservable<undefined>;
/** @deprecated Use `scheduled` of rxjs and `fromObservable`. */
export function of(scheduler: SchedulerLike): CheckpointedObservable<never>;
/** @deprecated Use `scheduled` of rxjs and `fromObservable`. */
export function of<A extends readonly unknown[]>(
  ...valuesAndScheduler: [...A, SchedulerLike]
): CheckpointedObservable<ValueFromArray<A>>;
export function of(): CheckpointedObservable<never>;
/** @deprecated Give no type argument: without values it is `never`. */
export function of<T>(): CheckpointedObservable<T>;
export function of<T>(value: T): CheckpointedObservable<T>;
export function of<A extends readonly unknown[]>(...values: A): CheckpointedObservable<ValueFromArray<A>>;
export function of(...values: unknown[]): CheckpointedObservable<unknown> {
  const last = values[values.length - 1];
  if (isScheduler(last)) return plainNode(scheduled(values.slice(0, -1), last), { operator: 'of' });
  return arrayNode('of', values);
}
