import type { Observable, ObservableInput, SchedulerLike } from 'rxjs';
import { scheduled } from 'rxjs';

import { CheckpointedObservable } from './base/CheckpointedObservable.js';
import { plainNode } from './base/plainNode.js';
import { mergeInternals } from './mergeInternals.js';

/**
 * The deprecated scheduler argument of merge and concat: the inputs are subscribed one by one on the scheduler. What
 * flows is their numbers, which unlike the inputs themselves can be stored.
 */
export function mergeScheduled(
  operator: string,
  sources: readonly ObservableInput<unknown>[],
  concurrent: number,
  scheduler: SchedulerLike,
): Observable<unknown> {
  const numbers = scheduled([...sources.keys()], scheduler);
  const project = mergeInternals<number, unknown>(operator, (index) => sources[index]!, concurrent);
  return project(
    sources.some((source) => source instanceof CheckpointedObservable)
      ? plainNode(numbers, { operator: 'from' })
      : numbers,
  );
}
