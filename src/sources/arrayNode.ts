import type { Subscriber } from 'rxjs';

import { emitAll } from '../operators/base/atOnce.js';
import { CheckpointedObservable } from '../operators/base/CheckpointedObservable.js';
import { NO_INPUTS, NodeDefinition } from '../operators/base/NodeDefinition.js';
import type { Site, Upstream } from '../operators/base/Site.js';
import { ArraySource } from './ArraySource.js';

/** A source that emits an array synchronously. */
export function arrayNode<T>(operator: string, array: ArrayLike<T>): CheckpointedObservable<T> {
  const connect = (dest: Subscriber<T>, site: Site | null): Upstream | null => {
    if (site !== null) return new ArraySource(dest, site, array, null).connect();
    emitAll(array, dest);
    return null;
  };
  return new CheckpointedObservable<T>(new NodeDefinition(operator, true, NO_INPUTS, connect, true, false, array));
}
