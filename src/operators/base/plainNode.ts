import type { Observable, ObservableInput, Subscriber } from 'rxjs';
import { from } from 'rxjs';

import { CheckpointedObservable } from './CheckpointedObservable.js';
import { NO_INPUTS, NodeDefinition } from './NodeDefinition.js';
import type { PlainOptions } from './PlainSource.js';
import { PlainSource } from './PlainSource.js';
import type { Definition, Node, Plan, Site, Upstream } from './Site.js';

/** A plain Observable as a node of a graph. Outside of a job it is subscribed as it is. */
export function plainNode<T>(source: Observable<T>, options: PlainOptions): CheckpointedObservable<T> {
  const connect = (dest: Subscriber<T>, site: Site | null): Upstream | null => {
    if (site !== null) return new PlainSource(dest, site, source, options).connect();
    source.subscribe(dest);
    return null;
  };
  const endsAtOnce = options.endsAtOnce === true;
  return new CheckpointedObservable<T>(new NodeDefinition(options.operator, true, NO_INPUTS, connect, endsAtOnce));
}

const ADOPTED: PlainOptions = { operator: 'plain', isAdopted: true };

/**
 * What a projection returned, as a node: itself if it is checkpointed, else a plain source.
 *
 * @throws TypeError as RxJS does when it is nothing that can be subscribed.
 */
export function innerNode(input: ObservableInput<unknown>): Node {
  return input instanceof CheckpointedObservable ? input : new AdoptedNode(from(input), Array.isArray(input));
}

/** A node and its definition in one, since there may be one for each value. */
class AdoptedNode<T> implements Node, Definition<T> {
  plan: Plan | null = null;
  readonly operator = ADOPTED.operator;
  readonly isStateful = true;
  readonly inputs = NO_INPUTS;

  constructor(
    private readonly source: Observable<T>,
    readonly endsAtOnce: boolean,
  ) {}

  get definition(): this {
    return this;
  }

  connect(dest: Subscriber<T>, site: Site | null): Upstream | null {
    if (site !== null) return new PlainSource(dest, site, this.source, ADOPTED).connect();
    this.source.subscribe(dest);
    return null;
  }
}

/** The same for the input of an operator. */
export function toNode<T>(input: ObservableInput<T>): CheckpointedObservable<T> {
  return input instanceof CheckpointedObservable
    ? (input as CheckpointedObservable<T>)
    : plainNode(from(input), { ...ADOPTED, endsAtOnce: Array.isArray(input) });
}
