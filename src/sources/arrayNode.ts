import type { Subscriber } from 'rxjs';

import { emitAll } from '../operators/base/atOnce.js';
import { CheckpointedObservable } from '../operators/base/CheckpointedObservable.js';
import { NO_INPUTS } from '../operators/base/noInputs.js';
import type { Definition, Node, Site, Upstream } from '../operators/base/Site.js';
import { ArraySource } from './ArraySource.js';

/** A source that emits an array synchronously. */
export function arrayNode<T>(operator: string, array: ArrayLike<T>): CheckpointedObservable<T> {
  return new CheckpointedObservable<T>(new ArrayDefinition(operator, array));
}

class ArrayDefinition<T> implements Definition<T> {
  constructor(
    readonly operator: string,
    readonly items: ArrayLike<T>,
  ) {}

  get inputs(): readonly Node[] {
    return NO_INPUTS;
  }

  get isStateful(): boolean {
    return true;
  }

  get endsAtOnce(): boolean {
    return true;
  }

  connect(dest: Subscriber<T>, site: Site | null): Upstream | null {
    if (site !== null) return new ArraySource(dest, site, this.items, null).connect();
    emitAll(this.items, dest);
    return null;
  }
}
