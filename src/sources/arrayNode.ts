import type { Subscriber } from 'rxjs';

import { emitAll } from '../operators/base/atOnce.js';
import { CheckpointedObservable } from '../operators/base/CheckpointedObservable.js';
import { NO_INPUTS } from '../operators/base/noInputs.js';
import type { Definition, Node, Site, Upstream } from '../operators/base/Site.js';
import { ArraySource } from './ArraySource.js';

/**
 * A source that emits an array synchronously.
 *
 * @param isOwn - whether it is an operator that adds these values: they go out in a job that is drained, too.
 */
export function arrayNode<T>(operator: string, array: ArrayLike<T>, isOwn = false): CheckpointedObservable<T> {
  return new CheckpointedObservable<T>(new ArrayDefinition(operator, array, isOwn));
}

class ArrayDefinition<T> implements Definition<T> {
  constructor(
    readonly operator: string,
    readonly items: ArrayLike<T>,
    private readonly isOwn: boolean,
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
    if (site !== null) return new (this.isOwn ? OwnValues : ArraySource)(dest, site, this.items, null).connect();
    emitAll(this.items, dest);
    return null;
  }
}

class OwnValues<T> extends ArraySource<T> {
  protected override get isStatic(): boolean {
    return false;
  }
}
