import type { Observable, OperatorFunction } from 'rxjs';
import { EMPTY } from 'rxjs';

import { arrayNode } from '../sources/arrayNode.js';
import type { CheckpointedOperator } from './base/CheckpointedObservable.js';
import { CheckpointedObservable } from './base/CheckpointedObservable.js';

/** Completes at once, and never subscribes to the source. */
export function takeNone<T>(operator: string): CheckpointedOperator<T, T> {
  const apply = (source: Observable<T>): Observable<never> =>
    source instanceof CheckpointedObservable ? arrayNode<never>(operator, []) : EMPTY;
  return apply as OperatorFunction<T, T> as CheckpointedOperator<T, T>;
}
