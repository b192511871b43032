import type { Observable } from 'rxjs';

import { isName } from '../checkpoint/protocol/isName.js';
import { InvalidUidError } from '../errors/InvalidUidError.js';
import type { CheckpointedOperator } from './base/CheckpointedObservable.js';
import { CheckpointedObservable } from './base/CheckpointedObservable.js';

/**
 * Names the operator (or source) before it, so that its snapshot is found again when the pipeline around it changes.
 * It costs nothing at run time, and does nothing on a plain Observable.
 *
 * **Checkpoint:** nothing of its own: the snapshot of the operator before it has this name.
 *
 * @example
 * const total$ = orders$.pipe(scan((sum, order) => sum + order.amount, 0), uid('total'));
 * @param name - unique in the job; in an inner pipeline, unique in there. Keep it for as long as you want the state.
 * @throws InvalidUidError
 */
export function uid<T>(name: string): CheckpointedOperator<T, T> {
  if (!isName(name)) throw new InvalidUidError(name);
  const apply = (source: Observable<T>): Observable<T> => {
    if (!(source instanceof CheckpointedObservable)) return source;
    return (source as CheckpointedObservable<T>).renamed(name);
  };
  return apply as CheckpointedOperator<T, T>;
}
