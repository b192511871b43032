import { emitAll } from '../operators/base/atOnce.js';
import { CheckpointedObservable } from '../operators/base/CheckpointedObservable.js';
import { ArraySource } from './ArraySource.js';

/** A source that emits an array synchronously. */
export function arrayNode<T>(operator: string, array: ArrayLike<T>): CheckpointedObservable<T> {
  return new CheckpointedObservable<T>({
    operator,
    isStateful: true,
    inputs: [],
    endsAtOnce: true,
    connect(dest, site) {
      if (site !== null) return new ArraySource(dest, site, array, null).connect();
      emitAll(array, dest);
      return null;
    },
  });
}
