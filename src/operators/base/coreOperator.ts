import type { Observable, ObservableInput, Subscriber } from 'rxjs';

import type { MapState } from '../../checkpoint/protocol/Upgrade.js';
import type { CheckpointedOperator } from './CheckpointedObservable.js';
import { CheckpointedObservable } from './CheckpointedObservable.js';
import { lift } from './lift.js';
import { NodeDefinition } from './NodeDefinition.js';
import { toInput } from './plainNode.js';
import type { Site, Upstream } from './Site.js';

export interface CoreDefinition<R> {
  /** The operator's name in RxJS. */
  readonly operator: string;
  /** Set by operators whose inner parts may live on without the consumer. */
  readonly outlivesConsumer?: boolean;
  /** Reaches what is a user's in a snapshot, for migrations. */
  readonly mapState?: MapState;
  /** Set by operators that have ended at the latest when all of their inputs have: without timers and inners. */
  readonly endsWithInputs?: boolean;
  /** @param sources - nodes in a job, else whatever RxJS can subscribe to. */
  create(
    dest: Subscriber<R>,
    site: Site | null,
    sources: readonly ObservableInput<unknown>[],
  ): { connect(): Upstream | null };
}

/**
 * Makes an operator of an operator core.
 *
 * @param others - inputs besides the piped one; a plain one is subscribed again and skipped at a restore.
 */
export function coreOperator<T, R>(
  definition: CoreDefinition<R>,
  others: readonly ObservableInput<unknown>[] = [],
): CheckpointedOperator<T, R> {
  const apply = (source: Observable<T>): Observable<R> => {
    if (!(source instanceof CheckpointedObservable)) {
      return lift<T, R>(source, (dest, lifted) => void definition.create(dest, null, [lifted, ...others]).connect());
    }
    return coreNode(definition, [source, ...others]);
  };
  return apply as CheckpointedOperator<T, R>;
}

/** A node of a graph that runs an operator core. */
export function coreNode<R>(
  definition: CoreDefinition<R>,
  inputs: readonly ObservableInput<unknown>[],
): CheckpointedObservable<R> {
  const nodes = inputs.map((input) => toInput(input));
  const connect = (dest: Subscriber<R>, site: Site | null): Upstream | null =>
    definition.create(dest, site, nodes).connect();
  const { operator, outlivesConsumer = false, mapState = null } = definition;
  const endsAtOnce = definition.endsWithInputs === true && nodes.every((node) => node.definition.endsAtOnce === true);
  return new CheckpointedObservable<R>(
    new NodeDefinition(operator, true, nodes, connect, endsAtOnce, outlivesConsumer, null, mapState),
  );
}
