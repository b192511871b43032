import type { Observable, ObservableInput } from 'rxjs';
import { from } from 'rxjs';

import { CheckpointedObservable } from './CheckpointedObservable.js';
import type { PlainOptions } from './PlainSource.js';
import { PlainSource } from './PlainSource.js';

/** A plain Observable as a node of a graph. Outside of a job it is subscribed as it is. */
export function plainNode<T>(source: Observable<T>, options: PlainOptions): CheckpointedObservable<T> {
  return new CheckpointedObservable<T>({
    operator: options.operator,
    isStateful: true,
    inputs: [],
    endsAtOnce: options.endsAtOnce === true,
    connect(dest, site) {
      if (site !== null) return new PlainSource(dest, site, source, options).connect();
      source.subscribe(dest);
      return null;
    },
  });
}

/**
 * What a projection returned, as a node: itself if it is checkpointed, else a plain source.
 *
 * @throws TypeError as RxJS does when it is nothing that can be subscribed.
 */
export function toNode<T>(input: ObservableInput<T>): CheckpointedObservable<T> {
  return input instanceof CheckpointedObservable
    ? (input as CheckpointedObservable<T>)
    : plainNode(from(input), { operator: 'plain', isAdopted: true, endsAtOnce: Array.isArray(input) });
}
