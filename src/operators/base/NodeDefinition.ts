import type { Subscriber } from 'rxjs';

import type { MapState } from '../../checkpoint/protocol/Upgrade.js';
import type { Definition, Node, SharedKey, Site, UidUpgrade, Upstream } from './Site.js';

/** Of sources. */
export const NO_INPUTS: readonly Node[] = [];

/** A definition of the kinds that projections make by the million: one shape for all of them. */
export class NodeDefinition<T> implements Definition<T> {
  constructor(
    readonly operator: string,
    readonly isStateful: boolean,
    readonly inputs: readonly Node[],
    readonly connect: (dest: Subscriber<T>, site: Site | null) => Upstream | null,
    readonly endsAtOnce: boolean,
    readonly outlivesConsumer = false,
    readonly items: ArrayLike<unknown> | null = null,
    readonly mapState: MapState | null = null,
    readonly uid: string | undefined = undefined,
    readonly upgrade: UidUpgrade | undefined = undefined,
    readonly shared: SharedKey | undefined = undefined,
  ) {}

  /** The same under a uid. A copy by spreading would be promoted by the garbage collector, however young it is. */
  static named<T>(definition: Definition<T>, uid: string, upgrade: UidUpgrade | undefined): NodeDefinition<T> {
    const { operator, isStateful, inputs, endsAtOnce = false, outlivesConsumer = false } = definition;
    const { items = null, mapState = null, shared } = definition;
    // Not bound: it is a method of the copy, and may ask for its uid.
    // eslint-disable-next-line @typescript-eslint/unbound-method
    const { connect } = definition;
    return new NodeDefinition(
      operator,
      isStateful,
      inputs,
      connect,
      endsAtOnce,
      outlivesConsumer,
      items,
      mapState,
      uid,
      upgrade,
      shared,
    );
  }
}
