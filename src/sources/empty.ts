import type { SchedulerLike } from 'rxjs';
import { scheduled } from 'rxjs';

import type { CheckpointedObservable } from '../operators/base/CheckpointedObservable.js';
import { plainNode } from '../operators/base/plainNode.js';
import { arrayNode } from './arrayNode.js';

/**
 * Completes at once and emits nothing.
 *
 * **Checkpoint:** nothing. It can stand in one pipeline as often as one likes.
 *
 * @example
 * const sales$ = orders$.pipe(mergeMap((order) => (order.amount > 0 ? of(order) : EMPTY)));
 */
export const EMPTY: CheckpointedObservable<never> = /* @__PURE__ */ arrayNode<never>('EMPTY', []);

/**
 * As `EMPTY`, or on a scheduler.
 *
 * **Checkpoint:** nothing.
 *
 * @deprecated Use `EMPTY`, or `scheduled([], scheduler)`.
 */
export function empty(scheduler?: SchedulerLike): CheckpointedObservable<never> {
  return scheduler ? plainNode(scheduled<never>([], scheduler), { operator: 'empty' }) : EMPTY;
}
