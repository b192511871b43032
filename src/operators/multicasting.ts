import type { Observable, Subject } from 'rxjs';

import type { CheckpointedOperator } from './base/CheckpointedObservable.js';
import { CheckpointedObservable } from './base/CheckpointedObservable.js';
import type { Multicasting } from './CheckpointedMulticast.js';
import { CheckpointedMulticast } from './CheckpointedMulticast.js';
import { ConnectableObservable } from './ConnectableObservable.js';

/** An operator that makes a ConnectableObservable; of a checkpointed stream one that takes part in checkpoints. */
export interface MulticastOperator<T> extends CheckpointedOperator<T, T> {
  (source: CheckpointedObservable<T>): CheckpointedObservable<T> & ConnectableObservable<T>;
  (source: Observable<T>): ConnectableObservable<T>;
  // Once more: what a `pipe` gives is inferred from the last ones, and a ConnectableObservable may have no brand.
  (source: CheckpointedObservable<T>): CheckpointedObservable<T> & ConnectableObservable<T>;
}

/** What the deprecated multicast operators do without a selector. */
export function multicasting<T>(make: () => Multicasting<T>): MulticastOperator<T> {
  const apply = (source: Observable<T>): Observable<T> => {
    const options = make();
    if (source instanceof CheckpointedObservable)
      return CheckpointedMulticast.of(source as CheckpointedObservable<T>, options);
    return new ConnectableObservable<T>(source, options.connector);
  };
  return apply as MulticastOperator<T>;
}

/** With one Subject for all connections of one application. */
export function publishing<T>(operator: string, create: () => Subject<T>): MulticastOperator<T> {
  return multicasting(() => {
    const subject = create();
    return { operator, connector: () => subject, jobConnector: create, resetOnDisconnect: false };
  });
}
