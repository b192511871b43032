import type { Observable } from 'rxjs';

import type { CheckpointedOperator, MonoTypeOperatorFunction } from './base/CheckpointedObservable.js';
import { CheckpointedMulticast } from './CheckpointedMulticast.js';
import { refCounted } from './refCounted.js';

/**
 * Connects what `publish` and its kin give when the first subscriber comes, and disconnects it when the last one has left.
 *
 * **Checkpoint:** how many subscribers have been counted, which of them are there, and what `connectable` has. A restore
 * finds the connection as it was, and who comes back is not counted twice.
 *
 * ```text
 * source  -1-2-%-3-|
 *         publish(), refCount()
 * result  -1-2-%-3-|    (each)
 * ```
 *
 * @example
 * const shared$ = orders$.pipe(publish(), refCount());
 * @deprecated Use `share`.
 */
export function refCount<T>(): MonoTypeOperatorFunction<T> {
  const apply = (source: Observable<T>): Observable<T> =>
    source instanceof CheckpointedMulticast ? (source as CheckpointedMulticast<T>).refCount() : refCounted(source);
  return apply as CheckpointedOperator<T, T>;
}
