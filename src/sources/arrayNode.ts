import type { Subscriber } from 'rxjs';

import { CheckpointedObservable } from '../operators/base/CheckpointedObservable.js';
import { ArraySource } from './ArraySource.js';

/** A source that emits an array synchronously. */
export function arrayNode<T>(operator: string, array: ArrayLike<T>): CheckpointedObservable<T> {
  return new CheckpointedObservable<T>({
    operator,
    isStateful: true,
    inputs: [],
    connect(dest, site) {
      if (site !== null) return new ArraySource(dest, site, array, null).connect();
      emitAll(array, dest);
      return null;
    },
  });
}

function emitAll<T>(array: ArrayLike<T>, dest: Subscriber<T>): void {
  for (let i = 0; i < array.length && !dest.closed; i++) dest.next(array[i] as T);
  dest.complete();
}
