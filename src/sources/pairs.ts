import type { SchedulerLike } from 'rxjs';
import { scheduled } from 'rxjs';

import type { CheckpointedObservable } from '../operators/base/CheckpointedObservable.js';
import { plainNode } from '../operators/base/plainNode.js';
import { arrayNode } from './arrayNode.js';

/**
 * Emits the entries of an object, as `Object.entries` has them.
 *
 * **Checkpoint:** the index of the next entry (`position.offset`). A restore goes on there.
 *
 * @deprecated Use `from(Object.entries(object))`.
 */
export function pairs<T>(arr: readonly T[], scheduler?: SchedulerLike): CheckpointedObservable<[string, T]>;
/** @deprecated Use `from(Object.entries(object))`. */
export function pairs<O extends Record<string, unknown>>(
  obj: O,
  scheduler?: SchedulerLike,
): CheckpointedObservable<[keyof O, O[keyof O]]>;
/** @deprecated Use `from(Object.entries(object))`. */
export function pairs<T>(iterable: Iterable<T>, scheduler?: SchedulerLike): CheckpointedObservable<[string, T]>;
/** @deprecated Use `from(Object.entries(object))`. */
export function pairs(
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- RxJS's signature
  n: number | bigint | boolean | ((...args: any[]) => any) | symbol,
  scheduler?: SchedulerLike,
): CheckpointedObservable<[never, never]>;
export function pairs(object: unknown, scheduler?: SchedulerLike): CheckpointedObservable<[PropertyKey, unknown]> {
  const entries: [string, unknown][] = Object.entries(object as object);
  return scheduler ? plainNode(scheduled(entries, scheduler), { operator: 'pairs' }) : arrayNode('pairs', entries);
}
