import { ConsumerObservable } from './ConsumerSubscriber.js';
import type { Definition, Node, Plan } from './Site.js';

/**
 * What a CheckpointedObservable is for an operator that is put behind it, and does not bring that class along with all that a
 * job asks of it: that comes with a source (decision 0266).
 */
export abstract class NodeObservable<T> extends ConsumerObservable<T> implements Node {
  abstract readonly definition: Definition<T>;
  /** @internal */
  abstract plan: Plan | null;

  /**
   * The node of an operator that has this one as its input.
   *
   * @internal
   */
  abstract followedBy<R>(definition: Definition<R>): NodeObservable<R>;
}
