import type { Subscriber } from 'rxjs';

import { emitAll } from '../operators/base/atOnce.js';
import { CheckpointedObservable } from '../operators/base/CheckpointedObservable.js';
import { NO_INPUTS, NodeDefinition } from '../operators/base/NodeDefinition.js';
import type { Site, Upstream } from '../operators/base/Site.js';
import { ArraySource } from './ArraySource.js';

/**
 * A source that emits an array synchronously.
 *
 * @param isOwn - whether it is an operator that adds these values: they go out in a job that is drained, too.
 */
export function arrayNode<T>(operator: string, array: ArrayLike<T>, isOwn = false): CheckpointedObservable<T> {
  const connect = (dest: Subscriber<T>, site: Site | null): Upstream | null => {
    if (site !== null) return new (isOwn ? OwnValues : ArraySource)(dest, site, array, null).connect();
    emitAll(array, dest);
    return null;
  };
  return new CheckpointedObservable<T>(new NodeDefinition(operator, true, NO_INPUTS, connect, true, false, array));
}

class OwnValues<T> extends ArraySource<T> {
  protected override get isStatic(): boolean {
    return false;
  }
}
